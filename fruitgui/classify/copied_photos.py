"""Photos on the clipboard: a table for spreadsheets, and the files for file managers."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QMimeData, QUrl

from fruitgui.classify.photo_list import PhotoEntry
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.photo_names import photo_name


def copied_photos(entries: Sequence[PhotoEntry]) -> QMimeData:
    """A row a photo: its name, its label, and how sure the model is of that."""
    rows = [_row(entry) for entry in entries]
    data = QMimeData()
    data.setText("\n".join("\t".join(row) for row in rows))
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    data.setHtml(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
    data.setUrls([QUrl.fromLocalFile(str(entry.path)) for entry in entries])
    return data


def _row(entry: PhotoEntry) -> tuple[str, str, str]:
    # A tab or a line break in a file's name would begin another cell.
    name = " ".join(photo_name(entry.path).split())
    if entry.correction is not None:
        return name, display_name(entry.correction), ""
    if entry.answer is None:
        return name, "", ""
    sureness = f"{entry.answer.confidence:.1%}"
    if entry.answer.label is None:
        return name, QCoreApplication.translate("CopiedPhotos", "Not sure"), sureness
    return name, display_name(entry.answer.label), sureness
