"""Why a signature policy cannot be changed, or put into force."""

from paraph_server.web.errors import BadInput, Conflict, NotFound


class NoSuchPolicy(NotFound):
    code = "signature-policy-not-found"


class BadPolicy(BadInput):
    """Its rules contradict each other, or say nothing that could be checked."""

    code = "bad-signature-policy"
    status = 422


class ExamplesFail(Conflict):
    """The policy says something else than its author's examples."""

    code = "policy-examples-fail"


class DraftChanged(Conflict):
    """Somebody else changed the draft in the meantime."""

    code = "policy-draft-changed"
