"""What columns of tables are called."""

import re
import unicodedata


def plain(name: str) -> str:
    """A column's name in small letters, without what stands between them."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())
