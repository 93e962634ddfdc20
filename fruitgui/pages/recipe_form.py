"""The Train page's form: a preset, and the choices that one may change in it."""

from pathlib import Path

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QFileDialog, QSpinBox, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.settings import Settings
from fruitgui.widgets.choice import Choice
from fruitgui.widgets.panel import label
from trainer import paths
from trainer.architectures import ARCHITECTURES
from trainer.errors import ModelFileError
from trainer.model_info import read_model_info
from trainer.recipe import PRESETS, Recipe

_FILE = "file"
FIRST_PRESET = "quick"
"""Works offline, and gives a usable model within a minute or two."""


class RecipeForm(QWidget):
    """Makes a recipe."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._starter_architecture = _starter_architecture()
        self._weights_file = ""
        self._preset = Choice(tuple(PRESETS))
        self._model = Choice(tuple(ARCHITECTURES))
        self._weights = Choice(("imagenet", "starter", "none", _FILE))
        self._strategy = Choice(("head", "layer4", "full", "gradual"))
        self._epochs_name = label("field")
        self._epochs = QSpinBox(minimum=1, maximum=1000)
        self._epochs_name.setBuddy(self._epochs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE + 4)
        for choice in (self._preset, self._model, self._weights, self._strategy):
            layout.addWidget(choice)
        epochs = QVBoxLayout()
        epochs.setSpacing(4)
        epochs.addWidget(self._epochs_name)
        epochs.addWidget(self._epochs)
        layout.addLayout(epochs)
        self._preset.chosen.connect(self.use_preset)
        self._model.chosen.connect(self._on_model_chosen)
        self._weights.chosen.connect(self._on_weights_chosen)
        self.retranslate()
        self.use_preset(FIRST_PRESET)

    @property
    def recipe(self) -> Recipe:
        weights = self._weights.key
        return PRESETS[self._preset.key].but(
            model=self._model.key,
            weights=self._weights_file if weights == _FILE else weights,
            strategy=self._strategy.key,
            epochs=self._epochs.value(),
        )

    @Slot(str)
    def use_preset(self, name: str) -> None:
        recipe = PRESETS[name]
        self._preset.set_key(name)
        self._model.set_key(recipe.model)
        self._weights.set_key(recipe.weights)
        self._strategy.set_key(recipe.strategy)
        self._epochs.setValue(recipe.epochs)

    @Slot(str)
    def _on_model_chosen(self, model: str) -> None:
        if self._weights.key == "starter" and model != self._starter_architecture:
            self._weights.set_key("imagenet")

    @Slot(str)
    def _on_weights_chosen(self, weights: str) -> None:
        if weights == "starter":
            self._model.set_key(self._starter_architecture)
        elif weights == _FILE:
            name, _ = QFileDialog.getOpenFileName(
                self,
                self.tr("Choose a weights file"),
                self._settings.last_folder,
                self.tr("Weights ({patterns})").format(patterns="*.safetensors *.pth *.pt"),
            )
            if name:
                self._settings.last_folder = str(Path(name).parent)
                self._weights_file = name
                self._name_weights_file()
            elif not self._weights_file:
                self._weights.set_key("imagenet")

    def retranslate(self) -> None:
        self._preset.set_texts(
            self.tr("PRESET"),
            {
                "quick": (
                    self.tr("Quick"),
                    self.tr("Teaches only the head: a usable model in a minute or two, offline."),
                ),
                "layer4": (
                    self.tr("Thorough"),
                    self.tr("Fine-tunes the last stage of a larger model: better, and slower."),
                ),
                "notebook": (
                    self.tr("As in the notebook"),
                    self.tr("The published study's recipe to the letter, to compare with."),
                ),
            },
        )
        self._model.set_texts(
            self.tr("MODEL"),
            {
                "resnet50": ("ResNet50", self.tr("The most accurate, and the slowest.")),
                "efficientnet_b0": ("EfficientNet-B0", self.tr("Small; overfits more easily.")),
                "mobilenet_v2": ("MobileNetV2", self.tr("Small and quick on any computer.")),
            },
        )
        self._weights.set_texts(
            self.tr("START FROM"),
            {
                "imagenet": (
                    "ImageNet",
                    self.tr(
                        "What torchvision's model learnt of a million photos; downloaded once."
                    ),
                ),
                "starter": (
                    self.tr("Starter model"),
                    self.tr("Knows fruit and vegetables already; needs no download."),
                ),
                "none": (
                    self.tr("Nothing"),
                    self.tr("Random weights: needs thousands of photos and hours."),
                ),
            },
        )
        self._name_weights_file()
        self._strategy.set_texts(
            self.tr("WHAT IS TRAINED"),
            {
                "head": (self.tr("Head only"), self.tr("Fastest; enough for few photos.")),
                "layer4": (
                    self.tr("Last stage and head"),
                    self.tr("A good balance of time and accuracy."),
                ),
                "full": (self.tr("Everything"), self.tr("Slowest; for many photos.")),
                "gradual": (
                    self.tr("Gradually everything"),
                    self.tr("Starts with the head, and thaws one stage after another."),
                ),
            },
        )
        self._epochs_name.setText(self.tr("EPOCHS AT MOST"))
        self._epochs.setAccessibleName(self.tr("Epochs at most"))

    def _name_weights_file(self) -> None:
        text = Path(self._weights_file).name if self._weights_file else self.tr("A file…")
        self._weights.set_texts(
            self.tr("START FROM"), {_FILE: (text, self.tr("Weights of the same model, by hand."))}
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _starter_architecture() -> str:
    try:
        return read_model_info(paths.starter_model()).architecture
    except ModelFileError:
        return PRESETS[FIRST_PRESET].model
