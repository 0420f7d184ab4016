"""What happened to keys and certificates: append-only, each entry chained to the one before (EN 319 411-1 §6.4.5)."""
