"""The form of a recipe: a preset, three choices, and all others for those who want them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.recipe_texts import RecipeTexts
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.settings import Settings
from fruitgui.widgets.form_field import Choice, Field, Number, Toggle
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import label
from fruitgui.widgets.weights_download import WeightsDownload
from fruitgui.workers.pretrained import find_network
from fruitgui.workers.task import Tasks
from trainer import paths
from trainer.config.architectures import ARCHITECTURES, TIMM_PREFIX
from trainer.config.presets import PRESETS
from trainer.config.recipe import RANGES, Recipe
from trainer.errors import ModelFileError, RecipeError, TrainerError
from trainer.models.imagenet import imagenet_needs_download, preset_at_hand, with_stand_in
from trainer.models.metadata import read_model_info

_FILE = "file"
FIRST_PRESET = "quick"
"""Works offline, and gives a usable model within a minute or two."""

_DECIMALS = 6
_FIRST_CHOICES = ("model", "weights", "epochs")
_GROUPS = {
    "model": (
        *("strategy", "rate_decay", "frozen_batchnorm", "head", "head_width", "dropout"),
        *("retention_weight", "retention_temperature"),
    ),
    "photos": ("image_size", "resize", "augmentation", "views", "mixup", "cutmix", "balanced"),
    "learning": (
        *("batch_size", "learning_rate", "schedule", "restart_period", "restart_factor"),
        *("warm_up", "weight_decay", "label_smoothing", "monitor", "patience"),
        *("average_decay", "precision", "seed"),
    ),
}

_MATTERS: dict[str, Callable[[Recipe], bool]] = {
    "rate_decay": lambda recipe: recipe.strategy in {"full", "gradual"},
    "head_width": lambda recipe: recipe.head == "notebook",
    "retention_weight": lambda recipe: recipe.head == "joint",
    "retention_temperature": lambda recipe: recipe.retention_weight > 0,
    "mixup": lambda recipe: recipe.head != "joint",
    "cutmix": lambda recipe: recipe.head != "joint",
    "views": lambda recipe: recipe.augmentation != "none" and recipe.strategy != "full",
    "restart_period": lambda recipe: recipe.schedule == "warm_restarts",
    "restart_factor": lambda recipe: recipe.schedule == "warm_restarts",
    "warm_up": lambda recipe: recipe.schedule in {"cosine", "one_cycle"},
}
"""When a choice changes anything; the others always do."""


class RecipeForm(Retranslated, QWidget):
    """Makes a recipe.

    Signals:
        changed(): the recipe is another.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._starter_architecture = _starter_architecture()
        self._weights_file = ""
        self._recipe = preset_at_hand(FIRST_PRESET)
        self._awaits_own_network = False
        """Whether the preset's own network is taken as soon as its weights are here."""
        self._refused: TrainerError | None = None
        """Why the network that was typed last was not taken."""
        self._is_choosable = True
        self._tasks = Tasks()
        self._texts = RecipeTexts(self)
        self._preset = Choice(tuple(PRESETS))
        self._fields = {name: _field(name) for name in _recipe_fields()}
        self.notice = Notice()
        self._which_network = label("caption", wrapped=True)
        self.download = WeightsDownload()
        self._difference = label("caption", wrapped=True)
        self._show_all = IconButton("settings", "flat")
        self._show_all.setCheckable(True)
        self._show_all.setChecked(settings.shows_all_choices)
        self._build()
        self._connect()
        self.retranslate()
        self.use_preset(FIRST_PRESET)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE + 4)
        layout.addWidget(self._preset)
        for name in _FIRST_CHOICES:
            layout.addWidget(self._fields[name])
            if name == "model":
                layout.addWidget(self.notice)
                layout.addWidget(self._which_network)
                layout.addWidget(self.download)
        layout.addWidget(self._difference)
        layout.addWidget(self._show_all)
        self._all = QWidget()
        column = QVBoxLayout(self._all)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE + 4)
        self._group_names = {}
        for group, names in _GROUPS.items():
            self._group_names[group] = label("heading")
            column.addWidget(self._group_names[group])
            for name in names:
                column.addWidget(self._fields[name])
        layout.addWidget(self._all)
        self._show_experts_choices()

    def _connect(self) -> None:
        self._preset.changed.connect(self._on_preset_changed)
        self._show_all.toggled.connect(self._on_show_all_toggled)
        self.download.fetched.connect(self._on_weights_fetched)
        self.notice.closed.connect(lambda: self._refuse(None))
        for name, field in self._fields.items():
            field.changed.connect(lambda name=name: self._on_field_changed(name))

    @property
    def recipe(self) -> Recipe:
        return self._recipe

    def use_preset(self, name: str) -> None:
        """Take all choices of a preset; where its network's weights need a download, with the
        network that stands in."""
        self._preset.set_value(name)
        self._take(preset_at_hand(name))

    def show_recipe(self, recipe: Recipe) -> None:
        """Take a recipe as it is, under the preset that it is most like."""
        self._preset.set_value(min(PRESETS, key=lambda name: self._differences(name, recipe)))
        self._take(recipe)

    def _take(self, recipe: Recipe) -> None:
        own = PRESETS[self._preset.value].model
        stand_in = with_stand_in(self._preset.value).model
        self._awaits_own_network = recipe.model == stand_in != own and imagenet_needs_download(own)
        self._recipe = recipe
        self._refuse(None)
        self._show()

    def _differences(self, preset: str, recipe: Recipe) -> int:
        """From the preset, with its own network or with the one that stands in."""
        counts: list[int] = [
            sum(getattr(each, name) != getattr(recipe, name) for name in self._fields)
            for each in (PRESETS[preset], preset_at_hand(preset))
        ]
        return min(counts)

    def set_choosable(self, is_choosable: bool) -> None:
        """Whether choices can be made; a download can be cancelled all the same."""
        if is_choosable == self._is_choosable:
            return
        self._is_choosable = is_choosable
        for widget in (self._preset, *self._fields.values(), self._show_all):
            widget.setEnabled(is_choosable)
        # Training may have downloaded what was not here, or a download have ended meanwhile.
        self._take_own_network_if_at_hand()

    def shut_down(self) -> None:
        """Cancel a download, and wait for that."""
        self.download.shut_down()
        self._tasks.shut_down()

    def choose(self, **choices: Any) -> None:
        """Make choices as the user would.

        Raises:
            RecipeError: one is not possible.
        """
        self._recipe = self._recipe.but(**choices)
        self._show()

    @Slot()
    def _on_preset_changed(self) -> None:
        self.use_preset(self._preset.value)

    @Slot(bool)
    def _on_show_all_toggled(self, is_on: bool) -> None:
        self._settings.shows_all_choices = is_on
        self._show_experts_choices()

    def _show_experts_choices(self) -> None:
        is_on = self._show_all.isChecked()
        self._all.setVisible(is_on)
        model = self._fields["model"]
        if isinstance(model, Choice):
            model.set_editable(is_on)
        self._show_texts_that_vary()

    def _on_field_changed(self, name: str) -> None:
        choices: dict[str, Any] = {name: self._fields[name].value}
        if name == "weights":
            choices = self._choices_of_weights(str(choices["weights"]))
        elif name == "head":
            choices |= self._choices_of_head(str(choices["head"]))
        elif name == "model":
            choices["model"] = _network_named(str(choices["model"]))
            if self._recipe.weights == "starter" and choices["model"] != self._starter_architecture:
                # Another architecture cannot start from the starter's weights.
                choices["weights"] = "imagenet"
            # The stand-in's image size is not another's.
            choices = self._choices_of_own_network() | choices
        elif name == "batch_size" and choices["batch_size"] == 1:
            # Stepping over what is not possible.
            choices["batch_size"] = 2 if self._recipe.batch_size == 0 else 0
        before = self._recipe.model
        self._refuse(None)
        try:
            self.choose(**choices)
        except RecipeError as error:
            self._refuse(error)
            self._show()  # As it was.
            return
        if name == "model":
            self._awaits_own_network = False
            self._offer_download()
            if self._recipe.model not in ARCHITECTURES:
                self._require_known(self._recipe.model, before)

    def _require_known(self, model: str, before: str) -> None:
        """Go back to the network that was chosen *before* if timm has none of the name *model*."""

        def on_failed(error: TrainerError) -> None:
            if self._recipe.model == model:
                self.choose(model=before)
                self._refuse(error)

        self._tasks.start(lambda: find_network(model), on_failure=on_failed)

    def _refuse(self, error: TrainerError | None) -> None:
        """Say why a network is not taken; nothing any more, if *error* is None."""
        self._refused = error
        if error is None:
            self.notice.hide()
        else:
            self.notice.show_error(error)

    def _choices_of_weights(self, weights: str) -> dict[str, Any]:
        if weights == "starter":
            return {"weights": weights, "model": self._starter_architecture}
        if weights == "none" and self._recipe.head == "joint":
            return {"weights": weights, "head": "linear", "retention_weight": 0.0}
        if weights != _FILE:
            return {"weights": weights}
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a weights file"),
            self._settings.last_folder,
            self.tr("Weights ({patterns})").format(patterns="*.safetensors *.pth *.pt"),
        )
        if name:
            self._settings.last_folder = str(Path(name).parent)
            self._weights_file = name
        return {"weights": self._weights_file} if self._weights_file else {}

    def _choices_of_head(self, head: str) -> dict[str, Any]:
        """What has to change with it."""
        if head != "joint":
            return {"retention_weight": 0.0}
        is_random = self._recipe.weights == "none"
        return {"mixup": 0.0, "cutmix": 0.0} | ({"weights": "imagenet"} if is_random else {})

    @Slot(str)
    def _on_weights_fetched(self, model: str) -> None:
        self._take_own_network_if_at_hand()

    def _take_own_network_if_at_hand(self) -> None:
        """Give the preset its own network once its weights have been downloaded, from wherever."""
        own = PRESETS[self._preset.value].model
        if self._is_choosable and self._is_replaced and not imagenet_needs_download(own):
            choices = self._choices_of_own_network()
            self._awaits_own_network = False
            self.choose(**choices)
        else:
            self._show_texts_that_vary()

    def _choices_of_own_network(self) -> dict[str, Any]:
        """What gives the preset its own network back, if another stands in. What the user has
        changed stays."""
        preset, stand_in = PRESETS[self._preset.value], with_stand_in(self._preset.value)
        return {
            name: getattr(preset, name)
            for name in self._fields
            if self._is_replaced and getattr(self._recipe, name) == getattr(stand_in, name)
        }

    @property
    def _is_replaced(self) -> bool:
        """Whether another network stands in for the preset's."""
        preset, stand_in = PRESETS[self._preset.value], with_stand_in(self._preset.value)
        return (
            self._awaits_own_network
            and self._recipe.model == stand_in.model
            and self._recipe.weights == preset.weights
        )

    def _show(self) -> None:
        recipe = self._recipe
        for name, field in self._fields.items():
            value = getattr(recipe, name)
            if name == "weights" and value not in {"imagenet", "starter", "none"}:
                self._weights_file, value = value, _FILE
            field.set_value(value)
            field.setVisible(name not in _MATTERS or _MATTERS[name](recipe))
        self._show_texts_that_vary()
        self.changed.emit()

    def _show_texts_that_vary(self) -> None:
        fields = self._texts.fields()
        model, weights = fields["model"], fields["weights"]
        networks = model.options
        if self._recipe.model not in networks:
            networks = networks | self._texts.other(self._recipe.model)
        if self._show_all.isChecked():
            networks = {key: (text, f"{its} {model.help}") for key, (text, its) in networks.items()}
        self._fields["model"].set_texts(model.name, "", networks)
        text = Path(self._weights_file).name if self._weights_file else self.tr("A file…")
        by_hand = {_FILE: (text, self.tr("Weights of the same model, by hand."))}
        imagenet = {"imagenet": self._texts.imagenet(imagenet_needs_download(self._recipe.model))}
        options = weights.options | by_hand | imagenet
        self._fields["weights"].set_texts(weights.name, weights.help, options)
        self._which_network.setText(self._texts.which_network(imagenet_needs_download("resnet50")))
        self._offer_download()
        count = self._differences(self._preset.value, self._recipe)
        self._difference.setText(self.tr("%n setting(s) differ from the preset.", "", count))
        self._difference.setVisible(count > 0)

    def _offer_download(self) -> None:
        recipe, preset = self._recipe, PRESETS[self._preset.value]
        if self._is_replaced and imagenet_needs_download(preset.model):
            self.download.offer(preset.model, stand_in=recipe.model)
        elif recipe.weights == "imagenet" and imagenet_needs_download(recipe.model):
            self.download.offer(recipe.model)
        else:
            self.download.offer("")

    def retranslate(self) -> None:
        preset = self._texts.preset()
        self._preset.set_texts(preset.name, preset.help, preset.options)
        for name, texts in self._texts.fields().items():
            self._fields[name].set_texts(texts.name, texts.help, texts.options)
        for group, name_label in self._group_names.items():
            name_label.setText(self._texts.group(group))
        batch_size = self._fields["batch_size"]
        if isinstance(batch_size, Number):
            batch_size.set_zero_text(self.tr("Automatic"))
        self._show_all.setText(self.tr("All settings"))
        self._refuse(self._refused)
        self._show_texts_that_vary()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Weights may have been downloaded meanwhile, by a comparison perhaps.
        self._take_own_network_if_at_hand()


def _recipe_fields() -> tuple[str, ...]:
    return _FIRST_CHOICES + tuple(name for names in _GROUPS.values() for name in names)


def _field(name: str) -> Field:
    """The field that edits this choice of a recipe."""
    hint = get_type_hints(Recipe)[name]
    if name == "model":
        return Choice(tuple(ARCHITECTURES))
    if name == "weights":
        return Choice(("imagenet", "starter", "none", _FILE))
    if get_origin(hint) is Literal:
        return Choice(get_args(hint))
    if hint is bool:
        return Toggle()
    lowest, highest = RANGES[name]
    return Number(lowest, highest, decimals=0 if hint is int else _DECIMALS)


def _network_named(text: str) -> str:
    """The key of a network that was typed: timm's names may be typed as they are."""
    return text if text in ARCHITECTURES or "/" in text else f"{TIMM_PREFIX}{text}"


def _starter_architecture() -> str:
    try:
        return read_model_info(paths.starter_model()).architecture
    except ModelFileError:
        return PRESETS[FIRST_PRESET].model
