"""Keys in sentences, as they are written on the user's keyboard."""

import sys

_ON_A_MAC = (("Ctrl+Shift+", "⇧⌘"), ("Ctrl+", "⌘"), ("⌘Return", "⌘↩"))
"""What Qt calls Ctrl is the command key there."""


def with_own_keys(text: str, system: str = sys.platform) -> str:
    """A text that names keys such as ``Ctrl+Z``, with the names that *system*, one of
    :data:`sys.platform`, has for them."""
    if system == "darwin":
        for keys, own in _ON_A_MAC:
            text = text.replace(keys, own)
    return text
