"""What holds for the whole app: language, looks, what computes, where things are kept, and what
this is."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QLocale, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.i18n.language import AVAILABLE
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.log import show_log
from fruitgui.settings import TEXT_SIZES, Settings
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import Panel, label
from fruitgui.workers.task import Tasks
from trainer import __version__, paths
from trainer.storage import caches

_WIDEST = 720


class SettingsPage(Retranslated, theme.Scaled, QWidget):
    """Shows the settings; what they mean is done by whoever listens.

    Signals:
        language_chosen(str), appearance_chosen(str): one of the settings' own values.
        text_size_chosen(): text is to be of another size.
        computing_chosen(): the device or the precision is another.
    """

    language_chosen = Signal(str)
    appearance_chosen = Signal(str)
    text_size_chosen = Signal()
    computing_chosen = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tasks = Tasks()
        self._in_use, self._engine = "", ""
        self._is_busy = False
        self._cached_bytes = 0
        self.notice = Notice()
        self._title = label("title")
        self.language, self.appearance, self.text_size = ComboBox(), ComboBox(), ComboBox()
        self.device, self.precision = ComboBox(), ComboBox()
        self._names: list[QLabel] = []
        self._heads: list[QLabel] = []
        self._home, self._cache, self._about = (label("muted", wrapped=True) for _ in range(3))
        self._computing = label("caption", wrapped=True)
        self.open_home, self.clear_cache = QPushButton(), QPushButton()
        self.open_log, self.shortcuts = QPushButton(), QPushButton()
        self.licences, self.about_qt = QPushButton(), QPushButton()
        self._build()
        for box, slot in (
            (self.language, self._on_language),
            (self.appearance, self._on_appearance),
            (self.text_size, self._on_text_size),
            (self.device, self._on_computing),
            (self.precision, self._on_computing),
        ):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(slot)
        self.open_home.clicked.connect(lambda: _open(paths.home()))
        self.clear_cache.clicked.connect(self._on_clear_cache)
        self.open_log.clicked.connect(show_log)
        self.licences.clicked.connect(lambda: _open(paths.licences()))
        self.about_qt.clicked.connect(QApplication.aboutQt)
        self.retranslate()

    def _build(self) -> None:
        self._inner = QWidget(maximumWidth=theme.scaled(_WIDEST))
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.SPACE)
        for rows in (
            (self.language, self.appearance, self.text_size),
            (self.device, self.precision, self._computing),
            (
                _beside(self._home, self.open_home),
                _beside(self._cache, self.clear_cache),
                self.open_log,
            ),
            (self._about, _beside(self.shortcuts, self.licences, self.about_qt)),
        ):
            column.addWidget(self._panel(rows))
        column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self._title)
        layout.addWidget(self.notice)
        layout.addWidget(self._inner, 1)

    def _panel(self, rows: tuple[QWidget, ...]) -> Panel:
        panel, head, form = Panel(), label("heading"), QFormLayout()
        self._heads.append(head)
        panel.column.addWidget(head)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for row in rows:
            if isinstance(row, QLabel):
                continue  # Whole lines, below.
            name = label("muted")
            name.setBuddy(row)
            self._names.append(name)
            form.addRow(name, row)
        panel.column.addLayout(form)
        for row in rows:
            if isinstance(row, QLabel):
                panel.column.addWidget(row)
        return panel

    def show_in_use(self, model: str, engine: str) -> None:
        """Say what model is in use, and what computes it."""
        self._in_use, self._engine = model, engine
        self._describe()

    def scale(self) -> None:
        self._inner.setMaximumWidth(theme.scaled(_WIDEST))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure()

    def _measure(self) -> None:
        self._tasks.start(caches.size, self._on_measured, self.notice.show_error)

    @Slot(object)
    def _on_measured(self, byte_count: int) -> None:
        self._cached_bytes = byte_count
        self._show_cache()
        self._show_state()

    def _show_cache(self) -> None:
        size = QLocale().formattedDataSize(
            self._cached_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat
        )
        self._cache.setText(f"{size}, {paths.caches_folder()}")

    @Slot()
    def _on_clear_cache(self) -> None:
        self.clear_cache.setEnabled(False)
        self._tasks.start(caches.clear, None, self.notice.show_error, on_end=self._measure)

    @Slot()
    def _on_language(self) -> None:
        self.language_chosen.emit(self.language.currentData())

    @Slot()
    def _on_appearance(self) -> None:
        self.appearance_chosen.emit(self.appearance.currentData())

    @Slot()
    def _on_text_size(self) -> None:
        self._settings.text_size = self.text_size.currentData()
        self.text_size_chosen.emit()

    @Slot()
    def _on_computing(self) -> None:
        self._settings.device = self.device.currentData()
        self._settings.precision = self.precision.currentData()
        self.computing_chosen.emit()

    def set_busy(self, is_busy: bool) -> None:
        """While a model is being trained, its caches and what computes it stay as they are."""
        self._is_busy = is_busy
        self._show_state()

    def _show_state(self) -> None:
        for box in (self.device, self.precision):
            box.setEnabled(not self._is_busy)
        self.clear_cache.setEnabled(self._cached_bytes > 0 and not self._is_busy)

    def shut_down(self) -> None:
        self._tasks.shut_down()

    def _describe(self) -> None:
        text = self.tr(
            "Fruitgui {version}, under the MIT licence. Model in use: {model} ({engine})."
        )
        self._about.setText(
            text.format(version=__version__, model=self._in_use, engine=self._engine or "–")
        )

    def retranslate(self) -> None:
        self._title.setText(self.tr("Settings"))
        for head, text in zip(
            self._heads,
            (self.tr("General"), self.tr("Computing"), self.tr("Storage"), self.tr("About")),
            strict=True,
        ):
            head.setText(text)
        names = (
            *(self.tr("Language"), self.tr("Appearance"), self.tr("Text size")),
            *(self.tr("Device"), self.tr("Precision")),
            *(self.tr("Your data"), self.tr("Cache"), self.tr("Log"), self.tr("More")),
        )
        for name, text in zip(self._names, names, strict=True):
            name.setText(text)
        system = self.tr("Same as system")
        _fill(
            self.language,
            {"system": system} | {str(code): name for code, name in AVAILABLE.items()},
            self._settings.language,
        )
        _fill(
            self.appearance,
            {"system": system, "light": self.tr("Light"), "dark": self.tr("Dark")},
            self._settings.appearance,
        )
        _fill(
            self.text_size,
            {0: system} | {size: f"{size}%" for size in TEXT_SIZES},
            self._settings.text_size,
        )
        _fill(
            self.device,
            {"auto": self.tr("Automatic (fastest)"), "cpu": self.tr("CPU only")},
            self._settings.device,
        )
        _fill(
            self.precision,
            {
                "auto": self.tr("Automatic (fastest)"),
                "float32": self.tr("32-bit, same results on every computer"),
            },
            self._settings.precision,
        )
        boxes = (self.language, self.appearance, self.text_size, self.device, self.precision)
        for box, text in zip(boxes, names, strict=False):
            box.setAccessibleName(text)
        self._computing.setText(self.tr("For models that are loaded or trained from now on."))
        self._home.setText(str(paths.home()))
        self._show_cache()
        self.open_home.setText(self.tr("Open folder"))
        self.clear_cache.setText(self.tr("Clear"))
        self.open_log.setText(self.tr("Show the log"))
        self.shortcuts.setText(self.tr("Keyboard shortcuts"))
        self.licences.setText(self.tr("Licences"))
        self.about_qt.setText(self.tr("About Qt"))
        self._describe()


def _fill(box: QComboBox, choices: Mapping[Any, str], chosen: object) -> None:
    box.clear()
    for value, name in choices.items():
        box.addItem(name, value)
    box.setCurrentIndex(box.findData(chosen))


def _beside(*widgets: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widgets[0], 1 if isinstance(widgets[0], QLabel) else 0)
    for widget in widgets[1:]:
        row.addWidget(widget)
    if not isinstance(widgets[0], QLabel):
        row.addStretch()
    return both


def _open(path: object) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
