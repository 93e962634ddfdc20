"""The comparison's form: networks, what they start from, strategies, and the recipe of all else."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fruitgui import theme
from fruitgui.i18n.errors import translated
from fruitgui.i18n.recipe_texts import RecipeTexts
from fruitgui.i18n.retranslated import Retranslated
from fruitgui.models.comparison.checklist import Checklist
from fruitgui.models.comparison.weights_files import WeightsFiles
from fruitgui.settings import Settings
from fruitgui.widgets.form_field import Choice, Number
from fruitgui.widgets.icon_button import IconButton
from fruitgui.widgets.notice import Notice
from fruitgui.widgets.panel import label
from fruitgui.widgets.recipe_form import FIRST_PRESET
from trainer import paths
from trainer.config.architectures import ARCHITECTURES, title_of
from trainer.config.presets import PRESETS
from trainer.config.recipe import RANGES, Recipe, Strategy
from trainer.errors import ModelFileError, RecipeError, WeightsError
from trainer.experiments.comparison import STUDY, Grid, Start
from trainer.models.imagenet import imagenet_needs_download
from trainer.models.metadata import read_model_info

MOST_SEEDS = 5
_STARTER = "starter"
_STRATEGIES: tuple[Strategy, ...] = ("head", "layer4", "full", "gradual")
_FIGURES = {"epochs": 0, "image_size": 0, "patience": 0, "learning_rate": 6, "batch_size": 0}
"""The figures of the recipe that can be changed here, with their decimals."""


class GridForm(Retranslated, QWidget):
    """Makes a grid of runs.

    Signals:
        changed(): the grid is another.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._base = PRESETS[FIRST_PRESET]
        self._texts = RecipeTexts(self)
        self._starter_architecture = _starter_architecture()
        self._are_starts_possible = True
        self._heading = label("heading")
        self.study = IconButton("sparkle")
        # The starter needs no download, so it comes first.
        self.networks = Checklist((_STARTER, *ARCHITECTURES))
        self.random = Checklist(tuple(ARCHITECTURES))
        self.files = WeightsFiles(settings)
        self._networks_problem = Notice()
        self.strategies = Checklist(_STRATEGIES, shows_helps=True)
        self._strategies_problem = Notice()
        self._random_problem = Notice()
        self.seeds = Number(1, MOST_SEEDS)
        self._rest_heading = label("heading")
        self._preset = Choice(tuple(PRESETS))
        self._figures = {
            name: Number(*RANGES[name], decimals=decimals) for name, decimals in _FIGURES.items()
        }
        self._show_all = IconButton("settings", "flat")
        self._show_all.setCheckable(True)
        self._show_all.setChecked(settings.shows_all_choices)
        self._build()
        self._connect()
        self.retranslate()
        self.networks.choose((_STARTER,))
        self.strategies.choose(("head", "layer4"))
        self._show()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE + 4)
        for widget in (
            *(self._heading, self.study, self.networks, self.random, self.files),
            *(self._networks_problem, self.strategies, self._strategies_problem),
            *(self._random_problem, self.seeds, self._rest_heading, self._preset),
            *(*self._figures.values(), self._show_all),
        ):
            layout.addWidget(widget)
        self._show_experts_choices()

    def _connect(self) -> None:
        self.study.clicked.connect(self._on_study)
        for widget in (self.networks, self.random, self.files, self.strategies, self.seeds):
            widget.changed.connect(self._show)
        self._preset.changed.connect(self._on_preset_changed)
        self._show_all.toggled.connect(self._on_show_all_toggled)
        for name, field in self._figures.items():
            field.changed.connect(lambda name=name: self._on_figure_changed(name))

    @property
    def starts(self) -> tuple[Start, ...]:
        """What was chosen, in the order of the form."""
        chosen = [
            Start(self._starter_architecture, _STARTER)
            if key == _STARTER
            else Start(key, "imagenet")
            for key in self.networks.chosen
        ]
        chosen += [Start(key, "none") for key in self.random.chosen]
        return tuple(dict.fromkeys((*chosen, *self.files.starts)))

    @property
    def grid(self) -> Grid | None:
        """What was chosen; None where it is not possible, which the form says in its place."""
        strategies = tuple(name for name in _STRATEGIES if name in self.strategies.chosen)
        if not (strategies and self._are_starts_possible):
            return None
        return Grid(self._base, self.starts, strategies, tuple(range(int(self.seeds.value))))

    @property
    def to_download(self) -> tuple[str, ...]:
        """The titles of the networks whose ImageNet weights are not here yet."""
        return tuple(
            title_of(start.model)
            for start in self.starts
            if start.weights == "imagenet" and imagenet_needs_download(start.model)
        )

    def show_grid(self, grid: Grid) -> None:
        """Take a grid as it is, under the preset that its recipe is most like."""
        self._base = grid.base
        self._preset.set_value(min(PRESETS, key=self._difference))
        for start in grid.starts:
            # Of the command line, perhaps, which knows more networks.
            if start.weights == "imagenet":
                self.networks.add(start.model, f"{title_of(start.model)}, ImageNet")
            elif start.weights == "none":
                self.random.add(start.model, title_of(start.model))
        self.networks.choose(
            _STARTER if start.weights == _STARTER else start.model
            for start in grid.starts
            if start.weights in {"imagenet", _STARTER}
        )
        self.random.choose(start.model for start in grid.starts if start.weights == "none")
        self.files.clear()
        for start in grid.starts:
            if start.weights not in {"imagenet", _STARTER, "none"}:
                self.files.add_file(Path(start.weights), start.model)
        self.strategies.choose(grid.strategies)
        self.seeds.set_value(len(grid.seeds))
        self._show()

    def _difference(self, preset: str) -> int:
        theirs = PRESETS[preset].but(model=self._base.model, weights=self._base.weights)
        names = Recipe.__dataclass_fields__
        return sum(getattr(theirs, name) != getattr(self._base, name) for name in names)

    def choose(self, **choices: Any) -> None:
        """Change the recipe of all else.

        Raises:
            RecipeError: a choice is not possible.
        """
        self._base = self._base.but(**choices)
        self._show()

    @Slot()
    def _on_study(self) -> None:
        self.show_grid(STUDY)

    @Slot()
    def _on_preset_changed(self) -> None:
        self._base = PRESETS[self._preset.value]
        self._show()

    def _on_figure_changed(self, name: str) -> None:
        value = self._figures[name].value
        if name == "batch_size" and value == 1:
            # Stepping over what is not possible.
            value = 2 if self._base.batch_size == 0 else 0
        try:
            self.choose(**{name: value})
        except RecipeError:
            self._show()  # As it was.

    @Slot(bool)
    def _on_show_all_toggled(self, is_on: bool) -> None:
        self._settings.shows_all_choices = is_on
        self._show_experts_choices()

    def _show_experts_choices(self) -> None:
        is_on = self._show_all.isChecked()
        # What is chosen is never out of sight.
        self.random.setVisible(is_on or bool(self.random.chosen))
        for name, field in self._figures.items():
            is_changed = getattr(self._base, name) != getattr(PRESETS[self._preset.value], name)
            field.setVisible(is_on or is_changed or name == "epochs")

    @Slot()
    def _show(self) -> None:
        for name, field in self._figures.items():
            field.set_value(getattr(self._base, name))
        self._show_problems()
        self._show_experts_choices()
        self.changed.emit()

    def _show_problems(self) -> None:
        networks_problem = self._problem_of_networks()
        self._are_starts_possible = self.files.check() and not networks_problem
        for notice, text in (
            (self._networks_problem, networks_problem),
            (
                self._strategies_problem,
                ""
                if self.strategies.chosen
                else self.tr("Choose at least one option under “Layers trained”."),
            ),
        ):
            notice.setVisible(bool(text))
            if text:
                notice.show_error(text)
        is_in_vain = {"head", "layer4"} & set(self.strategies.chosen)
        if self.random.chosen and is_in_vain:
            self._random_problem.show_info(
                self.tr("From random weights, hardly anything is learnt unless all is trained.")
            )
        else:
            self._random_problem.hide()

    def _problem_of_networks(self) -> str:
        """What keeps them from being compared; of a file, its own row says that."""
        if not self.starts:
            return self.tr("Choose at least one network.")
        if _STARTER in self.networks.chosen:
            try:
                Start(self._starter_architecture, _STARTER).check()
            except WeightsError as error:
                return translated(error)
        return ""

    def retranslate(self) -> None:
        fields = self._texts.fields()
        models, starter = fields["model"].options, fields["weights"].options[_STARTER]
        starter_title = models[self._starter_architecture][0]
        self._heading.setText(self.tr("2  What to compare"))
        self.study.setText(self.tr("As in the published study"))
        self.study.setToolTip(
            self.tr("ResNet50 or EfficientNet-B0, and how much of it to train, as published.")
        )
        names = {
            _STARTER: (self.tr("{network}, starter").format(network=starter_title), starter[1])
        }
        names |= {key: (f"{title}, ImageNet", text) for key, (title, text) in models.items()}
        self.networks.set_texts(self.tr("NETWORKS AND STARTING WEIGHTS"), names)
        self.random.set_texts(self.tr("FROM RANDOM WEIGHTS"), models)
        strategy = fields["strategy"]
        self.strategies.set_texts(strategy.name, strategy.options)
        self.seeds.set_texts(
            self.tr("RUNS PER COMBINATION"),
            self.tr("Each with another random seed: shows how much of a difference is chance."),
        )
        self._rest_heading.setText(self.tr("3  Other settings"))
        preset = self._texts.preset()
        self._preset.set_texts(
            preset.name,
            self.tr("The preset's network and layers trained are not used here."),
            {key: (text, "") for key, (text, _) in preset.options.items()},
        )
        for name, field in self._figures.items():
            field.set_texts(fields[name].name, fields[name].help)
        self._figures["batch_size"].set_zero_text(self.tr("Automatic"))
        self._show_all.setText(self.tr("All settings"))
        self._show_problems()


def _starter_architecture() -> str:
    try:
        return read_model_info(paths.starter_model()).architecture
    except ModelFileError:
        return PRESETS[FIRST_PRESET].model
