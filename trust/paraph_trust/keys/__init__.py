"""Private keys at rest: long-lived ones in encrypted files, those of one signature wrapped in the database."""
