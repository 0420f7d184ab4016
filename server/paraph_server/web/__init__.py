"""Page frame, problem documents, request ids, security headers: what every domain's door shares."""
