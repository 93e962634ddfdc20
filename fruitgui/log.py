"""What went wrong, in a file that a user can send: small, without photos or passwords."""

import faulthandler
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from fruitgui import address_secrets
from trainer import __version__, paths

_LARGEST_BYTES = 256 * 1024
_OLDER_FILES = 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LONGEST_RECORD = 20_000
_LONGEST_NAME = 255
"""As file systems have them."""
_SUFFIX = re.compile(r"(?i)\.(?:jpe?g|png|hei[cf]|webp|gif|bmp|tiff?|avif)\b")
_NAME_BEFORE = re.compile(r"(?:(?<=[\\/“'\"])[^\\/“”'\"\n]+|[^\\/\s“”'\"]+)\Z")
"""A name with spaces in it begins where a quotation does, or behind a folder."""


def log_folder() -> Path:
    """Where the log lies, and what native code left when it crashed."""
    return paths.home() / "log"


def log_file() -> Path:
    return log_folder() / "fruitgui.log"


def show_log() -> None:
    """Open the folder of the log, to look into it or to send it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


def without_secrets(text: str) -> str:
    """*text* without cameras' passwords, photos' names, and the name of the user's own folder; cut
    where it is very long."""
    if len(text) > _LONGEST_RECORD:
        half = _LONGEST_RECORD // 2
        text = f"{text[:half]}\n…\n{text[-half:]}"
    text = _without_names(address_secrets.without_secrets(text))
    own = str(Path.home())
    for written in (own, own.replace("\\", "\\\\"), Path.home().as_posix()):
        text = text.replace(written, "~")
    return text


def _without_names(text: str) -> str:
    """*text* without the names of photos, which are looked for where they end: anywhere else one
    could begin."""
    parts, end = [], len(text)
    # From the last on, for a name may hold what looks like the end of another.
    for suffix in reversed([*_SUFFIX.finditer(text)]):
        if suffix.start() >= end:
            continue
        first = max(0, suffix.start() - _LONGEST_NAME)
        name = _NAME_BEFORE.search(text, first, suffix.start())
        if name is not None:
            parts += [text[suffix.start() : end], "…"]
            end = name.start()
    return "".join(reversed([*parts, text[:end]]))


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _Rotating(RotatingFileHandler):
    """Goes on with a file that may not be renamed, for another window has it open (Windows)."""

    def rotate(self, source: str, dest: str) -> None:
        with suppress(OSError):
            super().rotate(source, dest)


def begin_log() -> Callable[[], None]:
    """Write warnings and errors to the log from now on, and a trace where native code crashes.
    Without a place to write to, there is none. Returns what ends it."""
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler = _Rotating(
            log_file(), maxBytes=_LARGEST_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
        )
        crashes_file = log_folder() / "crashes.log"
        is_long = crashes_file.exists() and crashes_file.stat().st_size > _LARGEST_BYTES
        crashes = crashes_file.open("w" if is_long else "a", encoding="utf-8")
    except OSError:
        return lambda: None
    handler.setFormatter(_Formatter(_FORMAT))
    logging.getLogger().addHandler(handler)
    logging.getLogger("fruitgui").setLevel(logging.INFO)
    logging.getLogger("fruitgui").info("Fruitgui %s", __version__)
    was_enabled = faulthandler.is_enabled()
    faulthandler.enable(crashes)

    def end() -> None:
        logging.getLogger().removeHandler(handler)
        handler.close()
        faulthandler.disable()
        crashes.close()
        if was_enabled:
            faulthandler.enable()

    return end
