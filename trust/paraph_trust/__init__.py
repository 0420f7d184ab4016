"""The Paraph trust service: certificate authority, signing unit, time-stamping and status, and the only holder of private keys."""
