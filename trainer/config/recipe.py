"""A recipe: every choice that decides what a training run gives, and named presets of it."""

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from trainer.config.architectures import architecture_named
from trainer.errors import RecipeError

Strategy = Literal["head", "layer4", "full", "gradual"]
Resize = Literal["squash", "crop"]
Schedule = Literal["warm_restarts", "cosine", "one_cycle", "plateau", "none"]
Augmentation = Literal["none", "light", "strong"]
HeadKind = Literal["notebook", "linear", "joint"]
BatchNormMode = Literal["eval", "train", "all"]
Monitor = Literal["loss", "accuracy"]
Precision = Literal["auto", "float32"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every choice that decides the result of a run. The defaults are the *layer4* preset.

    Raises:
        RecipeError: on construction, if a choice is not possible.
    """

    model: str = "resnet50"
    """An architecture's name, as in :data:`trainer.config.architectures.ARCHITECTURES`, or
    ``timm/NAME``."""
    weights: str = "imagenet"
    """What to start from: ``imagenet``, ``starter``, ``none`` (random) or a file's path."""
    strategy: Strategy = "layer4"
    """The head; the last stage and the head; everything; or one stage more at a time."""
    head: HeadKind = "notebook"
    """``notebook`` is Linear → ReLU → Dropout → Linear, ``linear`` is Dropout → Linear, ``joint``
    is the same beside ImageNet's own classes: see :class:`trainer.models.joint_head.JointHead`."""
    head_width: int = 512
    dropout: float = 0.3
    frozen_batchnorm: BatchNormMode = "eval"
    """``train`` lets BatchNorm layers of frozen stages drift, as the notebook did; ``all`` keeps
    the statistics of trained stages as well."""
    rate_decay: float = 0.5
    """Each stage learns at so many times the rate of the stage after it; the head and the last
    stage at the full rate."""

    image_size: int = 224
    """Side of the square that the model sees, in pixels."""
    resize: Resize = "squash"
    """``squash`` ignores the photo's aspect ratio, ``crop`` cuts the middle square out."""
    augmentation: Augmentation = "none"
    views: int = 0
    """How many augmented views of each photo are drawn once and for all, so that a frozen trunk
    need see them only once; 0 draws new ones in every epoch."""
    mixup: float = 0.0
    """Concentration of the share in which pictures are blended by mixup; 0 for none."""
    cutmix: float = 0.0
    """Concentration of the share in which pictures are pasted together by CutMix; 0 for none."""
    balanced: bool = False
    """Whether photos of rare classes are drawn as often as those of frequent ones."""

    epochs: int = 20
    batch_size: int = 16
    """Photos a step; 0 chooses by how many photos there are."""
    learning_rate: float = 1e-4
    weight_decay: float = 0.01
    label_smoothing: float = 0.1
    schedule: Schedule = "warm_restarts"
    restart_period: int = 5
    """Epochs before the first warm restart."""
    restart_factor: int = 2
    """Each period is this many times as long as the one before."""
    warm_up: float = 0.1
    """The share of a *cosine* or *one_cycle* run in which the learning rate grows."""
    monitor: Monitor = "loss"
    """The validation figure by which the best epoch is chosen."""
    patience: int = 3
    """Epochs without a better one before stopping early; 0 never stops early."""
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

    retention_weight: float = 0.0
    """Weight of the loss that holds a joint head's ImageNet classes to what they were."""
    retention_temperature: float = 2.0

    precision: Precision = "auto"
    """``auto`` uses mixed precision on GPUs, and on CPUs where it is measured to be faster."""
    seed: int = 0

    def __post_init__(self) -> None:
        architecture = architecture_named(self.model)
        for name, keys in _keys().items():
            value = getattr(self, name)
            if value not in keys:
                raise RecipeError(
                    "“{value}” is no choice for {name}. Choose one of: {known}.",
                    value=value,
                    name=name,
                    known=", ".join(keys),
                )
        if self.batch_size == 1:
            raise RecipeError("A batch of a single photo cannot be learnt from. Choose 2 or more.")
        if self.head == "joint" and (self.teacher or self.mixup or self.cutmix):
            raise RecipeError("With a joint head, there is no teacher, and pictures are not mixed.")
        if self.head == "joint" and self.weights == "none":
            raise RecipeError("Random weights know none of the ImageNet classes of a joint head.")
        if self.head == "joint" and not architecture.has_imagenet_layer:
            raise RecipeError(
                "{model} has no layer of ImageNet's classes that a joint head could keep. Choose "
                "another head or another network.",
                model=architecture.title,
            )
        if self.retention_weight and self.head != "joint":
            raise RecipeError("Only a joint head has ImageNet's classes to hold on to.")
        if self.teacher and (self.mixup or self.cutmix):
            raise RecipeError("With a teacher, pictures are mixed by mixed_share alone.")
        for name, (lowest, highest) in RANGES.items():
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


@cache
def _keys() -> dict[str, tuple[str, ...]]:
    """What can be chosen where a choice is one of some keys. Lists of runs are full of recipes."""
    hints = get_type_hints(Recipe)
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


RANGES: dict[str, tuple[float, float]] = {
    "head_width": (1, 65536),
    "dropout": (0.0, 0.99),
    "rate_decay": (0.01, 1.0),
    "image_size": (32, 1024),
    "views": (0, 100),
    "mixup": (0.0, 10.0),
    "cutmix": (0.0, 10.0),
    "epochs": (1, 100_000),
    "batch_size": (0, 4096),
    "learning_rate": (1e-9, 10.0),
    "weight_decay": (0.0, 10.0),
    "label_smoothing": (0.0, 0.9),
    "restart_period": (1, 100_000),
    "restart_factor": (1, 100),
    "warm_up": (0.0, 1.0),
    "patience": (0, 100_000),
    "average_decay": (0.0, 0.99999),
    "distillation_temperature": (0.1, 100.0),
    "hint_weight": (0.0, 1000.0),
    "mixed_share": (0.0, 1.0),
    "retention_weight": (0.0, 1000.0),
    "retention_temperature": (0.1, 100.0),
    "block_wise_epochs": (0, 100_000),
    "seed": (0, 2**31 - 1),
}
"""The least and the greatest value of each choice that is a number."""
