"""What the choices of a recipe are called, and a line of help for each."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from trainer.config.architectures import ARCHITECTURES, Architecture, title_of
from trainer.config.recipe import HELPS, NAMES, Recipe

Options = dict[str, tuple[str, str]]
"""The text and the help of each key."""


@dataclass(frozen=True, slots=True)
class FieldText:
    name: str
    help: str = ""
    options: Options = field(default_factory=dict)


_NOT_IN_THE_WINDOW = frozenset(
    {
        "teacher",
        "distillation_temperature",
        "hint_weight",
        "mixed_share",
        "block_wise_epochs",
    }
)
"""What only the command line chooses."""


def _translated(text: str) -> str:
    return QCoreApplication.translate("Recipe", text)


def choice_name(choice: str) -> str:
    """What a choice of a recipe is called."""
    return _translated(NAMES[choice])


class RecipeTexts(QObject):
    """The texts, in the language of the window at the moment that they are asked for."""

    def preset(self) -> FieldText:
        return FieldText(
            self.tr("PRESET"),
            options={
                "quick": (
                    self.tr("Quick"),
                    self.tr("Trains only the head: a usable model in a minute or two, offline."),
                ),
                "layer4": (
                    self.tr("Thorough"),
                    self.tr("Fine-tunes the last stage of a larger model: better, and slower."),
                ),
                "best": (
                    self.tr("Best"),
                    self.tr(
                        "Fine-tunes everything on varied photos: knows new photos best, and takes "
                        "hours without a GPU."
                    ),
                ),
                "scratch": (
                    self.tr("From scratch"),
                    self.tr("Random weights, for subjects unlike any photo; needs many photos."),
                ),
                "notebook": (
                    self.tr("Published study"),
                    self.tr("The published study's recipe to the letter, to compare with."),
                ),
            },
        )

    def fields(self) -> dict[str, FieldText]:
        """The texts of each choice of the window, by its name in the recipe."""
        options = self._options()
        fields = {
            choice: FieldText(choice_name(choice).upper(), "", options[choice])
            if choice in options
            else FieldText(choice_name(choice).upper(), _translated(HELPS[choice]))
            for choice in NAMES
            if choice not in _NOT_IN_THE_WINDOW
        }
        other_networks = self.tr("Or type timm/NAME for any other network of timm's.")
        fields["model"] = dataclasses.replace(fields["model"], help=other_networks)
        # Beside a box to tick.
        balanced = choice_name("balanced")
        fields["balanced"] = dataclasses.replace(fields["balanced"], name=balanced)
        return fields

    def group(self, name: str) -> str:
        return {
            "model": self.tr("Model"),
            "photos": self.tr("Photos"),
            "learning": self.tr("Learning"),
        }[name]

    def imagenet(self, needs_download: bool) -> tuple[str, str]:
        """The start from ImageNet, and a line of help.

        Args:
            needs_download: whether the network's weights are not on this machine yet.
        """
        if needs_download:
            text = self.tr("Weights learnt from a million photos; downloaded once.")
        else:
            text = self.tr("Weights learnt from a million photos; no download needed.")
        return "ImageNet", text

    def which_network(self, resnet50_needs_download: bool) -> str:
        """Which network to take, for who does not know."""
        if not resnet50_needs_download:
            return self.tr(
                "Not sure which? EfficientNet-Lite0 is quick, and EfficientNet-Lite2 more "
                "accurate. ResNet50 is the classic of the published study."
            )
        text = self.tr(
            "Not sure which? Of those that need no download, EfficientNet-Lite0 is quicker and "
            "EfficientNet-Lite2 more accurate. ResNet50 is the classic of the published study: a "
            "download of {size}."
        )
        size = ARCHITECTURES["resnet50"].megabytes * 1_000_000
        return text.format(
            size=QLocale().formattedDataSize(size, 0, QLocale.DataSizeFormat.DataSizeSIFormat)
        )

    def other(self, name: str) -> Options:
        """Of a network that is not in the table."""
        help_text = self.tr("A network of timm's; mind the licence of its weights.")
        return {name: (title_of(name), help_text)}

    def _networks(self) -> Options:
        helps = {
            "resnet50": self.tr("Accurate, and slow without a GPU."),
            "efficientnet_b0": self.tr("Small; overfits more easily."),
            "resnet18": self.tr("A third of ResNet50's work."),
            "convnext_tiny": self.tr("Modern and accurate, and slow."),
            "mobilenet_v3_large": self.tr("Small and very quick, for weak computers."),
            "mobilenet_v2": self.tr("Small and quick on any computer."),
            "tf_efficientnet_lite0": self.tr("Small and quick; starts without a download."),
            "tf_efficientnet_lite1": self.tr("A little larger and more accurate than Lite0."),
            "tf_efficientnet_lite2": self.tr(
                "More accurate than Lite0, and half as quick; starts without a download."
            ),
            "mobilenetv4_conv_small": self.tr("The quickest, for weak computers."),
            "mobilenetv4_conv_medium": self.tr("Quick, and nearly as accurate as large ones."),
            "resnet18d": self.tr("An improved ResNet18, taught in a modern way."),
            "resnet50d": self.tr("An improved ResNet50, taught in a modern way."),
            "efficientnet_b3": self.tr("Accurate for its size; slow to train."),
            "tf_efficientnetv2_b0": self.tr("Small, and quick to train."),
            "tf_efficientnetv2_s": self.tr("Very accurate; learnt of 21,000 kinds of things."),
            "convnextv2_tiny": self.tr("The most accurate, and the slowest."),
            "vit_small_patch16_224.dino": self.tr(
                "A transformer that learnt without labels; good where only the head is taught."
            ),
        }
        return {
            name: (each.title, f"{helps[name]} {self._licence(each)}")
            for name, each in ARCHITECTURES.items()
        }

    def _licence(self, architecture: Architecture) -> str:
        if architecture.is_non_commercial:
            text = self.tr("ImageNet weights: {licence}, not for commercial use.")
        else:
            text = self.tr("ImageNet weights: {licence}.")
        return text.format(licence=architecture.licence)

    def _options(self) -> dict[str, Options]:
        """Of the choices of a few keys."""
        return {
            "model": self._networks(),
            "weights": {
                "imagenet": self.imagenet(needs_download=True),
                "starter": (
                    self.tr("Starter model"),
                    self.tr("Knows fruit and vegetables already; needs no download."),
                ),
                "none": (
                    self.tr("Nothing"),
                    self.tr("Random weights: needs thousands of photos and hours."),
                ),
            },
            "strategy": {
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
            "frozen_batchnorm": {
                "eval": (
                    self.tr("Frozen too"),
                    self.tr("As it should be; their output is computed only once."),
                ),
                "train": (
                    self.tr("Keeps updating"),
                    self.tr("As in the published study; every epoch is computed in full."),
                ),
                "all": (
                    self.tr("Trained stages too"),
                    self.tr("The statistics of trained stages are kept as well."),
                ),
            },
            "head": {
                "notebook": (
                    self.tr("Hidden layer"),
                    self.tr("Linear, ReLU, dropout, linear, as in the published study."),
                ),
                "linear": (self.tr("Linear"), self.tr("Dropout and one linear layer.")),
                "joint": (
                    self.tr("Joint with ImageNet's"),
                    self.tr("One linear layer beside ImageNet's own, whose classes it keeps."),
                ),
            },
            "resize": {
                "squash": (self.tr("Squash"), self.tr("All of the photo, out of proportion.")),
                "crop": (self.tr("Crop"), self.tr("The middle of the photo, in proportion.")),
            },
            "augmentation": {
                "none": (self.tr("Not at all"), self.tr("Fastest; overfits soonest.")),
                "light": (
                    self.tr("A little"),
                    self.tr("Small crops, turns and changes of light."),
                ),
                "strong": (
                    self.tr("Strongly"),
                    self.tr("Large crops, turns, changes of light, and erased patches."),
                ),
            },
            "schedule": {
                "warm_restarts": (
                    self.tr("Warm restarts"),
                    self.tr("Falls along a cosine, and starts again, as in the published study."),
                ),
                "cosine": (
                    self.tr("One cosine"),
                    self.tr("Warms up, then falls to zero over the whole run."),
                ),
                "one_cycle": (
                    self.tr("One cycle"),
                    self.tr("Warms up high while momentum falls, then cools down."),
                ),
                "plateau": (
                    self.tr("On plateau"),
                    self.tr("Halves when the validation loss has not fallen for 3 epochs."),
                ),
                "none": (self.tr("Constant"), self.tr("Stays as it is.")),
            },
            "monitor": {
                "loss": (
                    self.tr("Validation loss"),
                    self.tr("The steadier measure, as in the published study."),
                ),
                "accuracy": (
                    self.tr("Validation accuracy"),
                    self.tr("The share of right answers; among equals, the lower loss."),
                ),
            },
            "precision": {
                "auto": (
                    self.tr("Automatic"),
                    self.tr("16 bits where they are measured to be faster."),
                ),
                "float32": (
                    self.tr("32 bits"),
                    self.tr("At times slower, and the same everywhere."),
                ),
            },
        }


_ZERO_IS_AUTOMATIC = "batch_size"


class ChoiceTexts(QObject):
    """The texts, in the language of the window at the moment that they are asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = RecipeTexts(self)

    def strategies(self) -> dict[str, str]:
        """What each strategy is called."""
        return _options(self._texts.fields()["strategy"])

    def starts(self) -> dict[str, str]:
        """What each kind of weights is called; others are files."""
        return _options(self._texts.fields()["weights"])

    def preset(self, name: str) -> str:
        return _options(self._texts.preset())[name]

    def names(self) -> dict[str, str]:
        """What each choice of a recipe is called."""
        return {choice: choice_name(choice) for choice in NAMES}

    def values(self, choice: str, recipes: Sequence[Recipe]) -> list[str]:
        """What each of some recipes has chosen."""
        text = self._texts.fields().get(choice)
        options = _options(text) if text is not None else {}
        return [self._value(choice, getattr(recipe, choice), options) for recipe in recipes]

    def _value(self, choice: str, value: str | float | bool, options: dict[str, str]) -> str:
        if isinstance(value, bool):
            return self.tr("Yes") if value else self.tr("No")
        if isinstance(value, str):
            return options.get(value) or Path(value).name or self.tr("None")
        if choice == _ZERO_IS_AUTOMATIC and not value:
            return self.tr("Automatic")
        return f"{value:.6g}"


def _options(text: FieldText) -> dict[str, str]:
    return {key: name for key, (name, _) in text.options.items()}
