"""Why a job is not shown, or not tried again."""

from paraph_server.web.errors import BadInput, Conflict, NotFound


class NoSuchJob(NotFound):
    code = "job-not-found"


class NoSuchKind(BadInput):
    code = "unknown-kind-of-job"


class NothingToRetry(Conflict):
    """It waits already, or is being done."""

    code = "nothing-to-retry"


class NoSuchOrganisation(NotFound):
    code = "organisation-not-found"
