"""A stranger's text, as it may be shown: no command to a terminal, and nothing that cannot be written."""


def plain(text: str) -> str:
    """The text with a replacement character for what is no printable one, lines and tabs kept."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
