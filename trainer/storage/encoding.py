"""Bytes of texts that hold the names of files, for digests and databases."""


def encoded(text: str) -> bytes:
    """A text in UTF-8. Names need be no text: bytes that are none, as Linux allows, are those bytes
    again, and half a character of two, as Windows allows, gets three of its own."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
