"""A recipe: every choice that decides what a training run gives, and named presets of it."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from trainer.architectures import architecture_named
from trainer.errors import RecipeError

Strategy = Literal["head", "layer4", "full", "gradual"]
Resize = Literal["squash", "crop"]
Schedule = Literal["warm_restarts", "one_cycle", "plateau", "none"]
Augmentation = Literal["none", "light", "strong"]
HeadKind = Literal["notebook", "linear"]
BatchNormMode = Literal["eval", "train"]
Precision = Literal["auto", "float32"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every choice that decides the result of a run. The defaults are the *layer4* preset.

    Raises:
        RecipeError: on construction, if a choice is not possible.
    """

    model: str = "resnet50"
    """An architecture's name, as in :data:`trainer.architectures.ARCHITECTURES`."""
    weights: str = "imagenet"
    """What to start from: ``imagenet``, ``starter``, ``none`` (random) or a file's path."""
    strategy: Strategy = "layer4"
    """The head; the last stage and the head; everything; or one stage more at a time."""
    head: HeadKind = "notebook"
    """``notebook`` is Linear → ReLU → Dropout → Linear, ``linear`` is Dropout → Linear."""
    head_width: int = 512
    dropout: float = 0.3
    frozen_batchnorm: BatchNormMode = "eval"
    """``train`` lets BatchNorm layers of frozen stages drift, as the notebook did."""

    image_size: int = 224
    """Side of the square that the model sees, in pixels."""
    resize: Resize = "squash"
    """``squash`` ignores the photo's aspect ratio, ``crop`` cuts the middle square out."""
    augmentation: Augmentation = "none"

    epochs: int = 20
    batch_size: int = 16
    learning_rate: float = 1e-4
    weight_decay: float = 0.01
    label_smoothing: float = 0.1
    schedule: Schedule = "warm_restarts"
    restart_period: int = 5
    """Epochs before the first warm restart."""
    restart_factor: int = 2
    """Each period is this many times as long as the one before."""
    warm_up: float = 0.1
    """The share of a *one_cycle* run in which the learning rate grows."""
    patience: int = 3
    """Epochs without a lower validation loss before stopping early; 0 never stops early."""
    average_decay: float = 0.0
    """Decay a step of the exponential moving average of the weights that is kept; 0 for none."""

    teacher: str = ""
    """A model file to distil from; empty for none."""
    distillation_temperature: float = 2.0
    hint_weight: float = 0.0
    """Weight of the loss that matches the teacher's features block by block."""
    mixed_share: float = 0.0
    """The share of pictures that are mixed with another before teacher and classifier see them."""
    block_wise_epochs: int = 0
    """In so many epochs at the start, each block learns from the teacher's input to that block."""

    precision: Precision = "auto"
    """``auto`` uses mixed precision where the device has it in hardware."""
    seed: int = 0

    def __post_init__(self) -> None:
        architecture_named(self.model)
        for name, hint in get_type_hints(type(self)).items():
            value = getattr(self, name)
            if get_origin(hint) is Literal and value not in get_args(hint):
                raise RecipeError(
                    "“{value}” is no choice for {name}. Choose one of: {known}.",
                    value=value,
                    name=name,
                    known=", ".join(get_args(hint)),
                )
        for name, lowest, highest in _RANGES:
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise RecipeError(
                    "{name} is {value}, but must lie between {lowest} and {highest}.",
                    name=name,
                    value=value,
                    lowest=lowest,
                    highest=highest,
                )

    def but(self, **choices: Any) -> Self:
        """A copy in which *choices* differ.

        Raises:
            RecipeError: a choice is not possible.
        """
        return dataclasses.replace(self, **choices)

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote; choices that it lacks take their defaults.

        Raises:
            RecipeError: the text is not a recipe.
        """
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise RecipeError(
                "This is not a recipe of this version: {error}.", error=error
            ) from error


_RANGES: tuple[tuple[str, float, float], ...] = (
    ("head_width", 1, 65536),
    ("dropout", 0.0, 0.99),
    ("image_size", 32, 1024),
    ("epochs", 1, 100_000),
    ("batch_size", 2, 4096),  # Of a single photo BatchNorm has no variance.
    ("learning_rate", 1e-9, 10.0),
    ("weight_decay", 0.0, 10.0),
    ("label_smoothing", 0.0, 0.9),
    ("restart_period", 1, 100_000),
    ("restart_factor", 1, 100),
    ("warm_up", 0.0, 1.0),
    ("patience", 0, 100_000),
    ("average_decay", 0.0, 0.99999),
    ("distillation_temperature", 0.1, 100.0),
    ("hint_weight", 0.0, 1000.0),
    ("mixed_share", 0.0, 1.0),
    ("block_wise_epochs", 0, 100_000),
    ("seed", 0, 2**31 - 1),
)

DEFAULT_PRESET = "layer4"

PRESETS: dict[str, Recipe] = {
    "layer4": Recipe(),
    "quick": Recipe(
        model="mobilenet_v2",
        weights="starter",
        strategy="head",
        image_size=128,  # What the starter learnt at.
        learning_rate=1e-3,
        batch_size=32,
        schedule="one_cycle",
    ),
    "notebook": Recipe(frozen_batchnorm="train"),
}


def preset_named(name: str) -> Recipe:
    """Look up a preset.

    Raises:
        RecipeError: there is none of that name.
    """
    try:
        return PRESETS[name]
    except KeyError:
        raise RecipeError(
            "There is no preset “{name}”. Choose one of: {known}.",
            name=name,
            known=", ".join(PRESETS),
        ) from None
