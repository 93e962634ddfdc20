"""One photo large: what it is taken for, why, and what it resembles."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from fruitgui import theme
from fruitgui.classify.photo_list import PhotoEntry
from fruitgui.classify.similar_thread import SimilarImage, SimilarThread
from fruitgui.classify.top_classes import ROWS, TopClasses
from fruitgui.i18n.display_names import display_name
from fruitgui.i18n.errors import translated
from fruitgui.i18n.photo_names import photo_name
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.widgets import tool_tip
from fruitgui.widgets.class_field import ClassField
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.keys import digit_of, pressed_key
from fruitgui.widgets.panel import Panel, label
from fruitgui.widgets.photo_view import PhotoView
from fruitgui.widgets.scroll_area import ScrollArea
from fruitgui.workers.read_photo import read_photo
from fruitgui.workers.recognition_thread import HeatMap, RecognitionThread
from fruitgui.workers.task import Task
from trainer.data.zips import shown
from trainer.errors import TrainerError
from trainer.models.metadata import ModelInfo

_SIDE = 316
_SIMILAR = 3
_SIMILAR_SIDE = 84


class PhotoDetail(Retranslated, QWidget):
    """Shows the photo that it is given; turning to another is the page's.

    Signals:
        closed()
        turned(int): to the next photo (1), or the one before (-1).
        label_given(Path, str)
    """

    closed = Signal()
    turned = Signal(int)
    label_given = Signal(object, str)

    def __init__(self, recognition: RecognitionThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recognition = recognition
        self._similar_thread = SimilarThread(self)
        self._entry: PhotoEntry | None = None
        self._model: Path | None = None
        self._reading: Task | None = None
        self._is_calibrated = False
        self._is_over = False
        self._watched = QFileSystemWatcher(self)
        self._gone: set[str] = set()
        """Files that have been deleted while they were shown."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self._connect()
        self.retranslate()
        self._similar_thread.start()

    def _build(self) -> None:
        self._back = IconButton("back", "flat")
        self._name = label("heading")
        self._place = label("muted")
        self._before = IconButton("back", "flat")
        self._after = IconButton("next", "flat")
        top = QHBoxLayout()
        top.addWidget(self._back)
        top.addWidget(self._name, 1)
        top.addWidget(self._place)
        top.addWidget(self._before)
        top.addWidget(self._after)
        self.view = PhotoView()

        self._answer = label("title", wrapped=True)
        self._sureness = label("muted", wrapped=True)
        self._file_note = label("caption", wrapped=True)
        self.top_classes = TopClasses()
        self.class_field = ClassField()
        self.shows_heat = QCheckBox()
        self._heat_class = ComboBox()
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(10, 100)
        self._opacity.setValue(60)
        self._opacity_name = label("caption")
        self._similar_name = label("field")
        self._similar_text = label("caption", wrapped=True)
        self._similar = [_SimilarCard() for _ in range(_SIMILAR)]

        side = Panel()
        column = side.column
        column.addWidget(self._answer)
        column.addWidget(self._sureness)
        column.addWidget(self._file_note)
        column.addSpacing(theme.SPACE)
        column.addWidget(self.top_classes)
        column.addWidget(self.class_field)
        column.addSpacing(theme.SPACE)
        column.addWidget(self.shows_heat)
        heat = QGridLayout()
        heat.addWidget(self._heat_class, 0, 0, 1, 2)
        heat.addWidget(self._opacity_name, 1, 0)
        heat.addWidget(self._opacity, 1, 1)
        column.addLayout(heat)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._similar_name)
        column.addWidget(self._similar_text)
        similar = QHBoxLayout()
        for card in self._similar:
            similar.addWidget(card)
        similar.addStretch()
        column.addLayout(similar)
        column.addStretch()
        scroll = ScrollArea()
        scroll.setWidget(side)
        theme.fix_width(scroll, _SIDE)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)

        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.view, 1)
        row.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addLayout(row, 1)

    def _connect(self) -> None:
        self._watched.fileChanged.connect(self._on_file_changed)
        self._back.clicked.connect(self.closed)
        self._before.clicked.connect(lambda: self.turned.emit(-1))
        self._after.clicked.connect(lambda: self.turned.emit(1))
        self.top_classes.label_taken.connect(self._give)
        self.class_field.class_entered.connect(self._give)
        self.class_field.left.connect(self.setFocus)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.closed)
        self.shows_heat.toggled.connect(self._on_heat_wanted)
        self._heat_class.activated.connect(self._on_heat_wanted)
        self._opacity.valueChanged.connect(self._on_opacity_changed)
        self._recognition.heat_map_ready.connect(self._on_heat_map_ready)
        self._similar_thread.found.connect(self._on_similar_found)
        self._similar_thread.progressed.connect(self._on_similar_progressed)
        self._similar_thread.failed.connect(self._on_similar_failed)
        self._on_opacity_changed()

    def retranslate(self) -> None:
        self._back.setText(self.tr("Back to the photos"))
        self._back.setToolTip(self.tr("Back to the photos (Esc)"))
        for button, name in (
            (self._before, self.tr("Previous photo (←)")),
            (self._after, self.tr("Next photo (→)")),
        ):
            button.setToolTip(name)
            button.setAccessibleName(name)
        self.shows_heat.setText(self.tr("Show where the model looks (H)"))
        self._heat_class.setAccessibleName(self.tr("Class shown in the heat map"))
        self._opacity.setAccessibleName(self.tr("Opacity of the heat map"))
        self._opacity_name.setText(self.tr("Opacity"))
        self._similar_name.setText(self.tr("MOST SIMILAR TRAINING PHOTOS"))
        self.class_field.setPlaceholderText(self.tr("Another class…"))
        self.class_field.setAccessibleName(self.tr("What is in this photo"))
        self.view.setAccessibleName(self.tr("The photo"))
        self._describe_file()
        self._describe()

    def use_model(self, model: Path, info: ModelInfo) -> None:
        """Explain with another model from now on."""
        self._model = model
        self._is_calibrated = bool(info.familiar_scores)
        self.class_field.offer(info.classes)
        if self._entry is None:
            return
        self._describe()
        self.view.show_heat(None)
        self._ask_for_heat()
        self._ask_for_similar()

    @property
    def path(self) -> Path | None:
        """Of the photo that is shown."""
        return self._entry.path if self._entry else None

    def show_photo(
        self, entry: PhotoEntry, number: int, count: int, thumbnail: QImage | None
    ) -> None:
        """Turn to a photo; *thumbnail* stands in for it until it is read.

        Args:
            number: where it is among the *count* photos, from 1.
        """
        is_other = self.path != entry.path
        self._entry = entry
        self._place.setText(self.tr("{number} of {count}").format(number=number, count=count))
        self._before.setEnabled(number > 1)
        self._after.setEnabled(number < count)
        self._describe()
        if not is_other:
            return
        if watched := self._watched.files():
            self._watched.removePaths(watched)
        self._gone.clear()
        self._watched.addPath(str(entry.path))
        self._describe_file()
        self.view.show_photo(thumbnail or QImage())
        self._read()
        self._ask_for_similar()

    def refresh(self) -> None:
        """Describe the photo anew, as its answer or label has changed."""
        if self._entry is not None:
            self._describe()

    def leave(self) -> None:
        """Nobody looks any more."""
        self._entry = None
        self._similar_thread.forget()
        if self._reading is not None:
            self._reading.cancel()

    def shut_down(self) -> None:
        self._is_over = True
        self._similar_thread.shut_down()
        if self._reading is not None:
            self._reading.shut_down()

    def _describe(self) -> None:
        entry = self._entry
        if entry is None:
            return
        answer = entry.answer
        metrics = self._name.fontMetrics()
        self._name.setText(
            metrics.elidedText(photo_name(entry.path), Qt.TextElideMode.ElideMiddle, 460)
        )
        self._name.setToolTip(tool_tip.plain(shown(entry.path)))
        if entry.correction is not None:
            self._answer.setText(display_name(entry.correction))
            if entry.is_confirmed:
                self._sureness.setText(self.tr("You confirmed it."))
            else:
                said = display_name(answer.top[0].label) if answer else "–"
                sentence = self.tr("Your label; the model said {label}.")
                self._sureness.setText(sentence.format(label=said))
        elif answer is None:
            is_waiting = entry.is_waiting
            self._answer.setText(self.tr("Waiting…") if is_waiting else self.tr("Not classified"))
            self._sureness.setText(translated(entry.error) if entry.error is not None else "")
        elif answer.label is None:
            self._answer.setText(self.tr("Not sure"))
            sentence = (
                self.tr("Unlike the training photos; closest to {label}.")
                if self._is_calibrated
                else self.tr("The model is not sure; perhaps {label}.")
            )
            self._sureness.setText(sentence.format(label=display_name(answer.top[0].label)))
        else:
            self._answer.setText(display_name(answer.label))
            self._sureness.setText(self.tr("{share} sure").format(share=f"{answer.confidence:.0%}"))
        self._describe_file()
        self.top_classes.show_answer(answer, entry.label)
        self._offer_heat_classes()

    @Slot()
    def _describe_file(self) -> None:
        """Say what is the matter with the file, if anything is."""
        entry = self._entry
        self._file_note.setVisible(entry is not None and (self._is_gone() or entry.is_cut_off))
        if self._is_gone():
            self._file_note.setText(
                self.tr("The file is no longer there. What was read of it is still shown.")
            )
        else:
            self._file_note.setText(
                self.tr("The file is cut off; the end of the photo is missing.")
            )

    def _is_gone(self) -> bool:
        return self.path is not None and str(self.path) in self._gone

    @Slot(str)
    def _on_file_changed(self, name: str) -> None:
        if Path(name).exists():
            self._gone.discard(name)
        else:
            self._gone.add(name)
        self._describe_file()

    def _offer_heat_classes(self) -> None:
        answer = self._entry.answer if self._entry else None
        labels = [ranked.label for ranked in answer.top[:ROWS]] if answer else []
        before = [self._heat_class.itemData(row) for row in range(self._heat_class.count())]
        self._heat_class.setEnabled(self.shows_heat.isChecked() and bool(labels))
        self._opacity.setEnabled(self.shows_heat.isChecked())
        if labels == before:
            return
        self._heat_class.clear()
        for name in labels:
            self._heat_class.addItem(display_name(name), name)
        self._ask_for_heat()

    def _ask_for_heat(self) -> None:
        name = self._heat_class.currentData()
        if self._entry is None or not self.shows_heat.isChecked() or name is None:
            self.view.show_heat(None)
            return
        self._recognition.explain_photo(self._entry.path, name)

    @Slot()
    def _on_heat_wanted(self) -> None:
        self._heat_class.setEnabled(self.shows_heat.isChecked() and self._heat_class.count() > 0)
        self._opacity.setEnabled(self.shows_heat.isChecked())
        self._ask_for_heat()

    @Slot()
    def _on_opacity_changed(self) -> None:
        self.view.set_heat_opacity(self._opacity.value() / 100)

    @Slot(object)
    def _on_heat_map_ready(self, heat: HeatMap) -> None:
        is_wanted = (
            (heat.model, heat.path) == (self._model, self.path)
            and heat.label == self._heat_class.currentData()
            and self.shows_heat.isChecked()
        )
        if is_wanted:
            self.view.show_heat(heat.image)

    def _ask_for_similar(self) -> None:
        self._show_similar(())
        self._similar_text.clear()
        if self._entry is not None and self._model is not None:
            self._similar_thread.request(self._model, self._entry.path)

    # The photo in full

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()  # Its end reads what is wanted by then.
            return
        path = self.path
        if path is None or self._is_over:
            return
        self._reading = Task(lambda: read_photo(path), self)
        self._reading.succeeded.connect(self._on_photo_read)
        self._reading.failed.connect(lambda _: self._on_file_changed(str(path)))
        self._reading.ended.connect(self._on_reading_ended)
        self._reading.start()

    @Slot(object)
    def _on_photo_read(self, read: tuple[Path, QImage]) -> None:
        path, image = read
        if path == self.path:
            self.view.sharpen(image)

    @Slot()
    def _on_reading_ended(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.wait()
            reading.setParent(None)
            if reading.is_cancelled:
                self._read()

    # What it resembles

    @Slot(int, int)
    def _on_similar_progressed(self, done: int, total: int) -> None:
        self._similar_text.setText(
            self.tr("Looking through the training photos… {done} of {total}").format(
                done=done, total=total
            )
        )

    @Slot(object, object, object)
    def _on_similar_found(
        self, model: Path, photo: Path, similar: list[SimilarImage] | None
    ) -> None:
        if (model, photo) != (self._model, self.path):
            return
        self._show_similar(similar or ())
        self._similar_text.setText(
            self.tr("The photos that this model learnt from are not here.")
            if similar is None
            else ""
        )

    @Slot(object)
    def _on_similar_failed(self, error: TrainerError) -> None:
        self._similar_text.setText(translated(error))

    def _show_similar(self, similar: Sequence[SimilarImage]) -> None:
        for number, card in enumerate(self._similar):
            card.show_photo(similar[number] if number < len(similar) else None)

    # Keys

    @Slot(str)
    def _give(self, name: str) -> None:
        if self._entry is not None:
            self.label_given.emit(self._entry.path, name)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        answer = self._entry.answer if self._entry else None
        if digit and answer is not None and digit <= len(answer.top[:ROWS]):
            self._give(answer.top[digit - 1].label)
            return
        match pressed_key(event):
            case Qt.Key.Key_Backspace:
                self.closed.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.turned.emit(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                self.turned.emit(1)
            case Qt.Key.Key_H:
                self.shows_heat.toggle()
            case Qt.Key.Key_0:
                self.view.fit()
            case Qt.Key.Key_Plus | Qt.Key.Key_Minus | Qt.Key.Key_Equal:
                self.view.keyPressEvent(event)
            case _:
                super().keyPressEvent(event)


class _SimilarCard(QWidget):
    """A training photo's image, with its class below."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_SIMILAR_SIDE)
        self._image = QLabel()
        self._name = label("caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._image)
        column.addWidget(self._name)
        self.hide()

    def show_photo(self, photo: SimilarImage | None) -> None:
        self.setVisible(photo is not None)
        if photo is None:
            return
        name, share = display_name(photo.label), f"{photo.similarity:.0%}"
        text = f"{photo.label}, {photo.similarity:.0%}\n{shown(photo.path)}"
        self.setToolTip(tool_tip.plain(text))
        self.setAccessibleName(f"{name}, {share}")
        pixmap = QPixmap.fromImage(photo.image)
        pixmap.setDevicePixelRatio(max(1, photo.image.width()) / _SIMILAR_SIDE)
        self._image.setPixmap(pixmap)
        metrics = self._name.fontMetrics()
        short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _SIMILAR_SIDE)
        self._name.setText(f"{short}\n{share}")
