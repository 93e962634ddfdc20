"""The files that stand for a choice of the user's, and what they are called."""

from pathlib import Path

from trainer.data.file_names import folder_name, shortened

_LONGEST_TITLE = 120
"""Bytes: names of files beside it are longer, and no disk takes more than 255."""


def file_for(folder: Path, title: str, suffix: str) -> Path:
    """The file in *folder* for a choice that *title* tells: the one that is there, however it is
    called, or the one to be made."""
    known = sorted(folder.glob(f"*{suffix}"))
    name = folder_name(shortened(title[:80], _LONGEST_TITLE))
    return known[0] if known else folder / f"{name}{suffix}"
