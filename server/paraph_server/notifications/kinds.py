"""The messages there are, and what each needs to be written."""

KINDS: dict[str, frozenset[str]] = {
    # A recipient's turn has come.
    "invitation": frozenset(
        {"recipient_name", "sender_name", "organisation", "workflow_name", "message", "link", "expires_at"}
    ),
    # A one-time code; short-lived and confidential.
    "code": frozenset({"code", "minutes", "workflow_name"}),
    # Everybody has signed: where the documents can be fetched.
    "finished": frozenset({"recipient_name", "organisation", "workflow_name", "link"}),
    # The sender learns that somebody said no.
    "refused": frozenset({"recipient_name", "refused_by", "reason", "workflow_name", "link"}),
}
LANGUAGES = ("en", "fr")
