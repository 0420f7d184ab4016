"""How users prove that they are themselves: second factors, passkeys, recovery codes, and the sessions that follow."""
