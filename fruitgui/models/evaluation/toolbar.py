"""The Evaluate view's bar: which model is evaluated, and on which photos."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.evaluation.evaluate_model import EvaluatedModel
from fruitgui.models.evaluation.model_combo import ModelCombo
from fruitgui.models.library.find_models import Evaluable
from fruitgui.settings import Settings
from fruitgui.widgets import tool_tip
from fruitgui.widgets.combo_box import ComboBox
from fruitgui.widgets.folding import FoldingBar
from fruitgui.widgets.icon_button import IconButton

_SPLITS = ("", "test", "validation", "train", "all")
"""Empty: what was held out."""
_LEAST_LETTERS = 6
"""Of the chosen split, where there is little room."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be evaluated."""

    model: Path
    data: Path
    split: str | None
    """None leaves the choice: see :func:`trainer.evaluation.evaluate.photos_to_evaluate`."""

    @classmethod
    def of(cls, evaluated: EvaluatedModel) -> "Request":
        """What was asked for."""
        return cls(evaluated.model, evaluated.data.root, evaluated.asked_split)


class EvaluationBar(Retranslated, FoldingBar):
    """Model, photos and split; the photos follow the model until the user chooses some.

    Signals:
        model_chosen(): by the user.
        wanted(): the user asks for an evaluation.
        stop_wanted()
    """

    model_chosen = Signal()
    wanted = Signal()
    stop_wanted = Signal()

    def __init__(
        self, settings: Settings, split_text: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        """Args: *split_text* tells what a split is called."""
        super().__init__(parent)
        self._settings = settings
        self._split_text = split_text
        self._models: tuple[Evaluable, ...] = ()
        self._data: Path | None = None
        self._is_data_chosen = False
        self.is_model_chosen = False
        """Whether the user has chosen the model."""
        self.model = ModelCombo()
        self.choose_photos = IconButton("folder")
        self.split = ComboBox(least_letters=_LEAST_LETTERS)
        for key in _SPLITS:
            self.split.addItem("", key)
        self.start = IconButton("play", "primary")
        self.stop = IconButton("stop")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self.model, 3)
        row.addWidget(self.choose_photos, 2)
        for widget in (self.split, self.start, self.stop):
            row.addWidget(widget)
        self.model.activated.connect(self._on_model_chosen)
        self.choose_photos.clicked.connect(self._on_choose_photos)
        self.split.activated.connect(self.wanted)
        self.start.clicked.connect(self.wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.show_busy(False)
        self.retranslate()
        self.set_folding((self.choose_photos,), (self.start, self.stop))

    @property
    def request(self) -> Request | None:
        """What is chosen; None while something is missing."""
        model = self.model.chosen
        if model is None or self._data is None:
            return None
        return Request(model, self._data, self.split.currentData() or None)

    def offer_models(self, models: Sequence[Evaluable], titled: Sequence[tuple[str, Path]]) -> bool:
        """The models that can be evaluated, and what they are called; returns whether the chosen
        one is still among them."""
        self._models = tuple(models)
        is_first = self.model.chosen is None
        is_there = self.model.offer(titled)
        if is_first:
            self._follow_model()
        self.start.setEnabled(self.request is not None)
        return is_there

    def evaluable(self, path: Path | None) -> Evaluable | None:
        """What is known of a model."""
        return next((each for each in self._models if each.stored.path == path), None)

    def choose(self, model: Path, data: Path | None) -> bool:
        """Choose a model, and its photos: without any, what it learnt from, or those chosen before.
        Returns whether the model is known."""
        if not self.model.choose(model):
            return False
        own = self._own_data()
        self._is_data_chosen = data is not None and data != own
        self._use_data(data or own or self._data)
        return True

    def choose_data(self, folder: Path) -> None:
        """Choose photos, which stay when another model is chosen."""
        self._is_data_chosen = True
        self._use_data(folder)
        self.wanted.emit()

    def show_request(self, request: Request) -> None:
        """Choose again what is shown."""
        self.model.choose(request.model)
        self.split.setCurrentIndex(max(0, self.split.findData(request.split or "")))
        self._use_data(request.data)

    def show_busy(self, is_busy: bool) -> None:
        shown, hidden = (self.stop, self.start) if is_busy else (self.start, self.stop)
        shown.setVisible(True)
        if hidden.hasFocus():
            shown.setFocus()  # Else the keys are led to whatever is next.
        hidden.setVisible(False)
        self.start.setEnabled(self.request is not None)

    def _own_data(self) -> Path | None:
        """What the chosen model learnt from."""
        evaluable = self.evaluable(self.model.chosen)
        return evaluable.data if evaluable else None

    def _follow_model(self) -> None:
        """Take the photos that the model learnt from, unless the user has chosen some."""
        if not self._is_data_chosen:
            self._use_data(self._own_data() or self._data)

    def _use_data(self, data: Path | None) -> None:
        self._data = data
        self.choose_photos.setText(data.name if data else self.tr("Photos…"))
        self.choose_photos.setToolTip(tool_tip.plain(str(data)) if data else "")
        self.start.setEnabled(self.request is not None)

    @Slot()
    def _on_model_chosen(self) -> None:
        self.is_model_chosen = True
        self._follow_model()
        self.model_chosen.emit()

    @Slot()
    def _on_choose_photos(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self,
            self.tr("Choose a folder with one subfolder per class"),
            self._settings.last_folder,
        )
        if name:
            self._settings.last_folder = name
            self.choose_data(Path(name))

    def retranslate(self) -> None:
        self.model.setAccessibleName(self.tr("Model"))
        self.split.setAccessibleName(self.tr("Which photos of the data set"))
        texts = (self.tr("Photos not trained on"), *map(self._split_text, _SPLITS[1:]))
        for row, text in enumerate(texts):
            self.split.setItemText(row, text)
        if self._data is None:
            self.choose_photos.setText(self.tr("Photos…"))
        self.start.setText(self.tr("Evaluate"))
        self.stop.setText(self.tr("Stop"))
