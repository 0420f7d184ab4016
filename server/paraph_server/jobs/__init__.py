"""What the workers do and could not do, for those who operate the platform."""
