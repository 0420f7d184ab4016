"""Private keys: the only place that touches them."""
