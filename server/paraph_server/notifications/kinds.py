"""The messages there are, and what each needs to be written."""

INVITATION = frozenset(
    {
        "recipient_name",
        "sender_name",
        "organisation",
        "workflow_name",
        "message",
        "act",
        "documents",
        "link",
        "expires_at",
    }
)
KINDS: dict[str, frozenset[str]] = {
    # A recipient's turn has come.
    "invitation": INVITATION,
    # They were invited and have not acted.
    "reminder": INVITATION,
    # Somebody else was invited in their place.
    "replaced": frozenset({"recipient_name", "sender_name", "organisation", "workflow_name"}),
    # The sender learns who acts instead of whom.
    "delegated": frozenset({"recipient_name", "delegated_by", "delegated_to", "workflow_name", "link"}),
    # The sender says whether somebody's proven name is theirs.
    "doubt": frozenset({"recipient_name", "signer_name", "provider_name", "workflow_name", "link"}),
    # What happened to a workflow that somebody watches; a link where they may open it.
    "notice": frozenset({"happened", "organisation", "workflow_name", "link"}),
    # A one-time code; short-lived and confidential.
    "code": frozenset({"code", "minutes", "workflow_name"}),
    # Everybody has signed: where the documents can be fetched.
    "finished": frozenset({"recipient_name", "organisation", "workflow_name", "link"}),
    # The sender learns that somebody said no.
    "refused": frozenset({"recipient_name", "refused_by", "reason", "workflow_name", "link"}),
    # Somebody is new and chooses a password.
    "welcome": frozenset({"recipient_name", "sender_name", "organisation", "link"}),
    # Somebody has forgotten their password.
    "password": frozenset({"recipient_name", "organisation", "minutes", "link"}),
    # What opens somebody's account has changed.
    "security": frozenset({"recipient_name", "happened", "organisation", "link"}),
    # Somebody may act for somebody else from now on.
    "deputy": frozenset({"recipient_name", "principal_name", "organisation", "starts_at", "ends_at", "link"}),
    # The turn has come of somebody who is out of office.
    "turn": frozenset({"recipient_name", "principal_name", "sender_name", "organisation", "workflow_name", "link"}),
}
LANGUAGES = ("en", "fr")
