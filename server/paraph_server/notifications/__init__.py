"""E-mails and text messages, each with a visible history of its delivery."""
