"""Speed against peers and against physics; `make bench`."""
