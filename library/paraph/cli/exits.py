"""What a command tells the program that called it."""

from enum import IntEnum


class Exit(IntEnum):
    """An exit code; the epilogue of `paraph --help` documents them."""

    DONE = 0
    NO = 1
    BAD_INPUT = 2
    UNAVAILABLE = 3
    INTERRUPTED = 130  # as shells say it of Ctrl-C
