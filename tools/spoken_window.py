"""What a screen reader says of every page: ``python -m tools.spoken_window [--language ko]``.

Prints each control in the order of the Tab key, with its role, its name, its state and what is said
of it.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QWidget

_SECONDS_TO_LABEL_THE_SAMPLES = 8.0


def spoken(page: QWidget) -> Iterator[str]:
    """A line for each control of a page that the Tab key reaches."""
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        is_reached = (
            page.isAncestorOf(widget)
            and widget.isVisible()
            and widget.isEnabled()
            and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            # What is inside of another is spoken as that.
            and widget.focusProxy() is None
            and not isinstance(widget.parentWidget(), QAbstractSpinBox)
        )
        if is_reached:
            yield _line(widget)
        widget = widget.nextInFocusChain()


def _line(widget: QWidget) -> str:
    spoken_as = QAccessible.queryAccessibleInterface(widget)
    role = spoken_as.role().name
    name = widget.accessibleName() or spoken_as.text(QAccessible.Text.Name)
    parts = [f"{role}: {name or '(no name)'}"]
    if isinstance(widget, QComboBox):
        parts.append(f"“{widget.currentText()}”")
    if isinstance(widget, QAbstractButton) and widget.isCheckable():
        parts.append("checked" if widget.isChecked() else "not checked")
    description = spoken_as.text(QAccessible.Text.Description)
    if description and description != name:
        parts.append(description.replace("\n", " · "))
    return " — ".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.spoken_window", description=__doc__)
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["FRUITGUI_HOME"] = home
        from fruitgui.app import create_application, create_window
        from fruitgui.settings import Settings
        from trainer import paths

        app = create_application(["fruitgui"])
        store = QSettings(str(Path(home) / "settings.ini"), QSettings.Format.IniFormat)
        settings = Settings(store)
        settings.language = chosen.language
        window = create_window(app, settings)
        window.resize(1280, 760)
        window.show()
        window.open_photos([paths.samples_folder()])
        _wait(app, _SECONDS_TO_LABEL_THE_SAMPLES)
        for tab in window.sidebar.tabs.buttons():
            tab.click()
            _wait(app, 0.5)
            print(f"# {tab.accessibleName()}\n")
            print("\n".join(f"* {line}" for line in spoken(window.page)), end="\n\n")
        window.shut_down()
    return 0


def _wait(app: QApplication, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
