"""Wiring: the application object, its language and looks, and the window."""

import logging
import os
import platform
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFileOpenEvent, QFontDatabase
from PySide6.QtWidgets import QApplication, QMessageBox

from fruitgui import (
    icons,
    resources_rc,  # noqa: F401  (registers the embedded files)
    theme,
)
from fruitgui.camera.capture_thread import set_up_opencv, wait_for_captures
from fruitgui.i18n.language import Translation
from fruitgui.log import begin_log, show_log, without_secrets
from fruitgui.main_window import MainWindow
from fruitgui.settings import Settings
from fruitgui.workers.garbage_collection import GarbageCollection
from fruitgui.workers.terminal import Terminal
from trainer import __version__
from trainer.storage import temporary_files

_SECONDS_FOR_CAMERAS = 1.0
_DESKTOP_ENTRY = "org.fruitgui.Fruitgui"
"""What desktops know the program by: the name of its entry in their menus, without the suffix."""


class Application(QApplication):
    """Tells what is to be opened.

    Signals:
        file_opened(Path): a file was dropped on the program's icon or opened with it, where the
            system says so by an event (macOS); elsewhere it is in the arguments.
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def create_application(arguments: Sequence[str]) -> Application:
    """Make the application object, before any widget."""
    set_up_opencv()
    QCoreApplication.setOrganizationName("fruitgui")
    QCoreApplication.setApplicationName("fruitgui")
    app = Application(list(arguments))
    app.setApplicationDisplayName("Fruitgui")
    app.setDesktopFileName(_DESKTOP_ENTRY)
    app.setWindowIcon(icons.application_icon())
    # Python threads that hold the interpreter would make painting wait five milliseconds each time.
    sys.setswitchinterval(0.0005)
    GarbageCollection(app)
    return app


def create_window(app: QApplication, settings: Settings, *, is_dressed: bool = True) -> MainWindow:
    """Make the main window, in the user's language and looks.

    Args:
        is_dressed: whether it has the style sheet, which takes as long as all the rest.
    """
    translation = Translation()
    translation.install(settings.language)
    theme.set_palette(app, settings.appearance)
    theme.set_text_size(settings.text_size)
    settings.apply_computing()
    window = MainWindow(settings, translation)
    if is_dressed:
        theme.set_style_sheet(app)
    app.styleHints().colorSchemeChanged.connect(lambda _: theme.apply(app, settings.appearance))
    app.aboutToQuit.connect(window.shut_down)
    if isinstance(app, Application):
        app.file_opened.connect(window.open_file)
    return window


def run(arguments: Sequence[str], photos: Sequence[Path]) -> int:
    """Show the window until it is closed; returns the exit status."""
    end_log = begin_log()
    app = create_application(arguments)
    reporter = CrashReporter(app)
    sys.excepthook = reporter.report
    settings = Settings()
    window = create_window(app, settings)
    terminal = Terminal(app)
    terminal.interrupted.connect(window.close)
    terminal.terminated.connect(window.stop_and_close)
    # From now on a signal ends what takes too long to end by itself.
    window.closing.connect(terminal.leave)
    # Also where a box is still open that would keep the program alive.
    window.closing.connect(app.closeAllWindows, Qt.ConnectionType.QueuedConnection)
    window.show()
    window.fall_back_without(QFontDatabase.families(QFontDatabase.WritingSystem.Korean))
    if photos:
        window.open_photos(photos)
    status = app.exec()
    if not wait_for_captures(_SECONDS_FOR_CAMERAS):
        # One hangs in its driver, and would take the program down with a crash.
        settings.save()
        temporary_files.forget()
        os._exit(status)
    end_log()
    return status


class CrashReporter(QObject):
    """Shows what nobody foresaw, from whichever thread it comes, with details to copy."""

    _reported = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box: QMessageBox | None = None
        self._reported.connect(self._on_reported)

    def report(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Stand in for :func:`sys.excepthook`."""
        details = "".join(traceback.format_exception(kind, error, trace))
        print(details, file=sys.stderr)
        logging.getLogger("fruitgui").error("%s", details)
        self._reported.emit(details)

    @Slot(str)
    def _on_reported(self, details: str) -> None:
        if self._box is not None and self._box.isVisible():
            return  # What goes wrong once a frame is said once.
        self._box = QMessageBox()
        self._box.setIcon(QMessageBox.Icon.Warning)
        self._box.setText(
            self.tr("Something unexpected went wrong. Your photos and models are safe.")
        )
        self._box.setDetailedText(without_secrets(details))
        copy = self._box.addButton(self.tr("Copy the details"), QMessageBox.ButtonRole.ActionRole)
        # Else a press of any button closes the box.
        copy.clicked.disconnect()
        text = f"Fruitgui {__version__}, {platform.platform()}\n\n{without_secrets(details)}"
        copy.clicked.connect(lambda: QApplication.clipboard().setText(text))
        log = self._box.addButton(self.tr("Show the log"), QMessageBox.ButtonRole.ActionRole)
        log.clicked.disconnect()
        log.clicked.connect(show_log)
        self._box.addButton(QMessageBox.StandardButton.Close)
        self._box.open()
