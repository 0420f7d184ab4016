"""What can be wrong with a stored file. What can be wrong with a received one is in `paraph.errors`."""

from paraph_server.web.errors import BadInput, NotFound, PlatformError


class StorageMissing(PlatformError):
    code = "storage-missing"

    def __init__(self, digest: str) -> None:
        super().__init__(f"The file {digest} is not in the storage.")


class StorageDamaged(PlatformError):
    code = "storage-damaged"

    def __init__(self, digest: str) -> None:
        super().__init__(f"The file {digest} was altered in the storage.")


class NoSuchPage(NotFound):
    code = "no-such-page"


class Unreadable(BadInput):
    """The page cannot be shown; the file may still be downloaded and signed."""

    code = "unreadable-page"
    status = 422


class NotConvertible(BadInput):
    """Nothing makes a PDF of this kind of file."""

    code = "not-convertible"
    status = 422


class ConversionUnavailable(BadInput):
    """It could be converted, if LibreOffice were installed."""

    code = "conversion-unavailable"
    status = 422


class ConversionFailed(BadInput):
    code = "conversion-failed"
    status = 422


class NotFetched(BadInput):
    """What an address was to give is not there, or not given to us."""

    code = "not-fetched"
    status = 422


class NoSuchBlob(NotFound):
    code = "blob-not-found"
