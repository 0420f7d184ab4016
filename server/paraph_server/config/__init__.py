"""Every option of the server, typed and read once."""
