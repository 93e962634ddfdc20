"""Bursts: the frames of one recording, which are so alike that they belong on one side of a split.

A frame carries its burst in its file's name, so that the name is all a data set needs.
"""

import re
import uuid
from datetime import datetime
from pathlib import Path

_NAME = re.compile(r"(burst-\d{8}-\d{9}-[0-9a-f]{6})_\d+(?: \d+)?")


def new_burst() -> str:
    """A name that no other burst has, and that sorts by time."""
    now = datetime.now()
    return f"burst-{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03}-{uuid.uuid4().hex[:6]}"


def frame_name(burst: str, number: int) -> str:
    """The file's name of a burst's frame."""
    return f"{burst}_{number:03d}.jpg"


def burst_of(photo: Path) -> str | None:
    """The burst that a photo is a frame of; None for other photos."""
    match = _NAME.fullmatch(photo.stem)
    return match[1] if match else None
