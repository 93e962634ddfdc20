"""Recordings: frames so alike that they belong on one side of a split.

A frame carries its recording in its file's name, so that the name is all a data set needs.
"""

import re
import uuid
from datetime import datetime
from pathlib import Path

_NAME = re.compile(r"(burst-\d{8}-\d{9}-[0-9a-f]{6})_\d+(?: \d+)?")


def new_recording() -> str:
    """A name that no other recording has, and that sorts by time."""
    now = datetime.now()
    return f"burst-{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03}-{uuid.uuid4().hex[:6]}"


def frame_name(recording: str, number: int) -> str:
    """The file's name of a recording's frame."""
    return f"{recording}_{number:03d}.jpg"


def recording_of(photo: Path) -> str | None:
    """The recording that a photo is a frame of; None for other photos."""
    match = _NAME.fullmatch(photo.stem)
    return match[1] if match else None
