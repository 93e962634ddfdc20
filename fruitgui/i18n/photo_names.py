"""What photos are called in the window."""

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from trainer import paths

_PASTED = re.compile(r"[0-9a-f]{24}")
_SNAPSHOT = re.compile(r"snapshot-(\d{8}-\d{6})-[0-9a-f]{6}")


def photo_name(path: Path) -> str:
    """The name of a photo's file; of what was pasted or taken with the camera, when that was."""
    if path.parent != paths.captured_folder():
        return path.name
    if _PASTED.fullmatch(path.stem):
        made = _made(path)
        pattern = QCoreApplication.translate("PhotoName", "Pasted {time}")
    elif taken := _SNAPSHOT.fullmatch(path.stem):
        made = QDateTime.fromString(taken[1], "yyyyMMdd-HHmmss")
        pattern = QCoreApplication.translate("PhotoName", "Snapshot {time}")
    else:
        return path.name
    short = QLocale.FormatType.ShortFormat
    if made.date() == QDate.currentDate():
        return pattern.format(time=QLocale().toString(made.time(), short))
    return pattern.format(time=QLocale().toString(made, short))


def _made(path: Path) -> QDateTime:
    try:
        return QDateTime.fromSecsSinceEpoch(int(path.stat().st_mtime))
    except OSError:
        return QDateTime.currentDateTime()
