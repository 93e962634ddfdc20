"""What went wrong, in a file that a user can send: small, without photos, names or passwords."""

import faulthandler
import logging
import re
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from trainer import __version__, paths

_LARGEST_BYTES = 256 * 1024
_OLDER_FILES = 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SECRETS = (
    # The user's name and password in an address, and what addresses call a secret.
    (re.compile(r"(?<=://)[^/\s“”'\"]+@"), "…@"),
    (
        re.compile(
            r"(?i)([?&](?:password|passwd|pwd|pass|token|key|auth|secret|user)=)[^&\s”'\"]+"
        ),
        r"\1…",
    ),
    # A photo's name may tell as much as the photo. No longer than file systems have names, or a
    # long text without spaces would be gone through once for each of its letters.
    (
        re.compile(
            r"(?i)(?:(?<=[\\/“'\"])[^\\/“”'\"\n]{1,255}|[^\\/\s“”'\"]{1,255})"
            r"(?=\.(?:jpe?g|png|hei[cf]|webp|gif|bmp|tiff?|avif)\b)"
        ),
        "…",
    ),
)


def log_folder() -> Path:
    """Where the log lies, and what native code left when it crashed."""
    return paths.home() / "log"


def log_file() -> Path:
    return log_folder() / "fruitgui.log"


def show_log() -> None:
    """Open the folder of the log, to look into it or to send it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


def without_secrets(text: str) -> str:
    """*text* without passwords, photos' names, and the name of the user's own folder."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text.replace(str(Path.home()), "~")


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def begin_log() -> Callable[[], None]:
    """Write warnings and errors to the log from now on, and a trace where native code crashes.
    Without a place to write to, there is none. Returns what ends it."""
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            log_file(), maxBytes=_LARGEST_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
        )
        crashes = (log_folder() / "crashes.log").open("a", encoding="utf-8")
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
