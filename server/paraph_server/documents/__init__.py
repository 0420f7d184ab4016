"""Uploaded and produced files: received, stored encrypted, shown page by page."""
