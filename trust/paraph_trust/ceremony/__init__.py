"""The key ceremony: one reviewed file says what to make; it is made once, and reported (EN 319 411-1 §6.5.1)."""
