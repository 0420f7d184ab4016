"""What a person has proven, and how: one-time codes by e-mail and text message."""
