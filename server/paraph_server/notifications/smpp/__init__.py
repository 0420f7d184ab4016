"""SMPP 3.4, as operators of telephone networks take text messages: what is sent, what is answered, and the session."""
