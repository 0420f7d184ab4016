"""The two forms of signature that a container can hold, and the names of their files (EN 319 162-1 §4.3.3, §4.4.3)."""

from enum import StrEnum

from paraph.asic.container import META, Container, Kind
from paraph.errors import BrokenDocument, InputError


class Form(StrEnum):
    """A container holds signatures of one form only."""

    CADES = "CAdES"
    XADES = "XAdES"

    @classmethod
    def of(cls, container: Container) -> "Form | None":
        """The one of the signatures in it; None as long as it has none."""
        found = {form for form in cls if form.files(container)}
        if len(found) > 1:
            raise BrokenDocument("The container holds signatures of two forms, which no container may.")
        return found.pop() if found else None

    def files(self, container: Container) -> list[str]:
        """The names of the signatures in a container, in order."""
        prefix, suffix = (f"{META}signature", ".p7s") if self is Form.CADES else (f"{META}signatures", ".xml")
        return sorted(name for name in container.meta if name.startswith(prefix) and name.endswith(suffix))


def chosen(container: Container, kind: Kind | None, form: Form | None) -> Form:
    """The form of a further signature: that of those that are there, or the one that is wished.

    Raises:
        InputError: the wish does not agree with what is there.
    """
    there = Form.of(container)
    if kind not in (None, container.kind) or (there and form not in (None, there)):
        raise InputError(
            f"The container is {container.kind.name} with {there or 'no signature'}, which cannot be changed."
        )
    return there or form or Form.XADES
