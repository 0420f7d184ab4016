"""PDF files as bytes: read what a new revision needs, append the revision (ISO 32000-2 §7).

Nothing here knows what a signature means. The reader is strict: what it does not understand entirely it refuses
with `Unsupported`, and somebody with a complete PDF library takes over.
"""
