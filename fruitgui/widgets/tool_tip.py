"""Tool tips that say what a user named."""

import html

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """*text* for a tool tip, which takes what looks like a tag for one: a file, a class or a run
    may be called ``<b>x``."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"
