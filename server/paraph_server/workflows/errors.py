"""Why a workflow does not let somebody do something."""

from paraph_server.web.errors import BadInput, Conflict, Forbidden, Gone, NotFound


class NoSuchWorkflow(NotFound):
    code = "workflow-not-found"


class NoSuchRecipient(NotFound):
    code = "recipient-not-found"


class NoSuchDocument(NotFound):
    code = "document-not-found"


class NoSuchConsentPage(NotFound):
    code = "consent-page-not-found"


class BadConsentPage(BadInput):
    """Its means do not reach what it promises, or something is missing."""

    code = "bad-consent-page"


class IncompleteWorkflow(BadInput):
    """Something is missing before it can start."""

    code = "incomplete-workflow"


class BelowPolicy(BadInput):
    """Signers would be identified, or would sign, less surely than the organisation's signature policy asks for."""

    code = "below-signature-policy"
    status = 422


class NoReason(BadInput):
    """Whoever overrides a policy says why."""

    code = "reason-missing"
    status = 422


class NotSignable(BadInput):
    """Only a PDF becomes a document to be signed; everything else can be attached."""

    code = "not-signable"
    status = 422


class BadFields(BadInput):
    """Signature fields that no signature can be put into."""

    code = "bad-signature-fields"
    status = 422


class TooManyDocuments(BadInput):
    code = "too-many-documents"
    status = 422


class BadViewer(NotFound):
    """A link to a document that we did not make, or whose time is over."""

    code = "bad-viewer"


class NoSuchUpload(BadInput):
    """A part that was not uploaded to this workflow."""

    code = "no-such-part"
    status = 422


class BadRecipient(BadInput):
    code = "bad-recipient"


class NotADraft(Conflict):
    """It was started: what people have been shown does not change any more."""

    code = "workflow-not-draft"


class NotStarted(Conflict):
    code = "workflow-not-started"


class NotFinished(Conflict):
    code = "workflow-not-finished"


class DocumentsMoved(Conflict):
    """Somebody else's signature arrived first: this one has to be made again, on top of it."""

    code = "documents-moved"


class NotYourTurn(Conflict):
    """Others come first."""

    code = "not-your-turn"


class AlreadyActed(Conflict):
    """Who has signed, approved or refused does it once."""

    code = "already-acted"


class WorkflowOver(Gone):
    """It was stopped, refused by somebody, or it finished without this person."""

    code = "workflow-over"


class WorkflowExpired(Gone):
    code = "workflow-expired"


class BadInvitation(NotFound):
    """A link that we did not make, or that was cut off on its way."""

    code = "bad-invitation"


class NotYours(Forbidden):
    """To look at, not to change."""

    code = "workflow-not-yours"


class InvitationWithdrawn(Gone):
    """Somebody else was invited instead."""

    code = "invitation-withdrawn"


class WorkflowPaused(Conflict):
    """Its owner holds it back for now."""

    code = "workflow-paused"


class NotPaused(Conflict):
    code = "workflow-not-paused"


class NotRefusable(Conflict):
    """The sender does not let anybody refuse in this step."""

    code = "refusal-not-allowed"


class NotDelegable(Conflict):
    """The sender does not let anybody hand over their turn in this step."""

    code = "delegation-not-allowed"


class NoComments(Conflict):
    """The sender asks for no comments in this step."""

    code = "comment-not-allowed"


class DocumentsMissing(Conflict):
    """The signer was asked for documents that are not there yet."""

    code = "documents-missing"


class WrongKind(BadInput):
    """Another kind of file was asked for."""

    code = "wrong-kind-of-file"


class BadChange(BadInput):
    """What is asked for would leave the workflow without somebody it needs."""

    code = "bad-change"


class NothingToRepair(Conflict):
    code = "nothing-to-repair"


class SealTaken(Conflict):
    """A credential is one organisation's seal, and no other's."""

    code = "seal-taken"
