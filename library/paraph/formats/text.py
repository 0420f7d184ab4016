"""Text that strangers wrote, fit for a line of a report or a terminal."""


def legible(text: object) -> str:
    """The text on one line; what a terminal would obey (controls, line ends, turned directions) is shown by its number.

    Otherwise the name of a file could add a line that says that all is well.
    """
    return "".join(each if each.isprintable() else f"[U+{ord(each):04X}]" for each in str(text))
