"""A recipe: every choice that decides what a training run gives."""

import dataclasses
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from trainer.config.architectures import ARCHITECTURES, architecture_named
from trainer.errors import RecipeError

Strategy = Literal["head", "layer4", "full", "gradual"]
Resize = Literal["squash", "crop"]
Schedule = Literal["warm_restarts", "cosine", "one_cycle", "plateau", "none"]
Augmentation = Literal["none", "light", "strong"]
HeadKind = Literal["notebook", "linear", "joint"]
BatchNormMode = Literal["eval", "train", "all"]
Monitor = Literal["loss", "accuracy"]
Precision = Literal["auto", "float32"]
Range = tuple[float, float]


def _said(name: str, help: str, range: Range | None = None) -> dict[str, Any]:
    """All that is said of a choice.

    Args:
        name: what it is called, in English; the window and reports translate it.
        help: what it means, in an English sentence, for the window and the command line.
        range: the least and the greatest value of a number.
    """
    return {"name": name, "help": help, "range": range}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every choice that decides the result of a run. The defaults are the *layer4* preset.

    Raises:
        RecipeError: on construction, if a choice is not possible.
    """

    model: str = field(
        default="resnet50",
        metadata=_said(
            "Model",
            f"The architecture: {', '.join(ARCHITECTURES)}; or timm/NAME, any other of timm's.",
        ),
    )
    """An architecture's name, as in :data:`trainer.config.architectures.ARCHITECTURES`, or
    ``timm/NAME``."""
    weights: str = field(
        default="imagenet",
        metadata=_said(
            "Start from",
            "What to start from: imagenet (downloaded once, where it does not ship "
            "with the app), starter, none, or a file.",
        ),
    )
    """What to start from: ``imagenet``, ``starter``, ``none`` (random) or a file's path."""
    strategy: Strategy = field(
        default="layer4",
        metadata=_said(
            "Layers trained",
            "The head; the last stage and the head; everything; or one stage more at a time.",
        ),
    )
    """The head; the last stage and the head; everything; or one stage more at a time."""
    head: HeadKind = field(
        default="notebook",
        metadata=_said(
            "Head",
            "notebook: linear, ReLU, dropout, linear; linear: dropout, linear; "
            "joint: linear, beside ImageNet's own classes.",
        ),
    )
    """``notebook`` is Linear → ReLU → Dropout → Linear, ``linear`` is Dropout → Linear, ``joint``
    is the same beside ImageNet's own classes: see :class:`trainer.models.joint_head.JointHead`."""
    head_width: int = field(
        default=512, metadata=_said("Width of the hidden layer", "Its number of units.", (1, 65536))
    )
    dropout: float = field(
        default=0.3,
        metadata=_said(
            "Dropout", "The share of the head's inputs left out at random.", (0.0, 0.99)
        ),
    )
    frozen_batchnorm: BatchNormMode = field(
        default="eval",
        metadata=_said(
            "BatchNorm of frozen stages",
            "eval keeps the statistics of frozen stages; train lets them drift, as "
            "the notebook did; all keeps those of trained stages as well.",
        ),
    )
    """``train`` lets BatchNorm layers of frozen stages drift, as the notebook did; ``all`` keeps
    the statistics of trained stages as well."""
    rate_decay: float = field(
        default=0.5,
        metadata=_said(
            "Rate of earlier stages",
            "Each stage learns at so many times the rate of the next; 1 for all alike.",
            (0.01, 1.0),
        ),
    )
    """Each stage learns at so many times the rate of the stage after it; the head and the last
    stage at the full rate."""

    image_size: int = field(
        default=224,
        metadata=_said(
            "Picture size",
            "Side of the square that the model sees, in pixels: more shows more, and takes longer.",
            (32, 1024),
        ),
    )
    """Side of the square that the model sees, in pixels."""
    resize: Resize = field(
        default="squash",
        metadata=_said(
            "Fit to a square",
            "squash ignores the photo's proportions; crop cuts out its middle.",
        ),
    )
    """``squash`` ignores the photo's aspect ratio, ``crop`` cuts the middle square out."""
    augmentation: Augmentation = field(
        default="none",
        metadata=_said(
            "Augmentation", "How much training photos are cropped, turned and relit at random."
        ),
    )
    views: int = field(
        default=0,
        metadata=_said(
            "Views of each photo",
            "Drawn once, so that frozen stages see each only once; 0 draws new "
            "ones in every epoch.",
            (0, 100),
        ),
    )
    """How many augmented views of each photo are drawn once and for all, so that a frozen trunk
    need see them only once; 0 draws new ones in every epoch."""
    mixup: float = field(
        default=0.0,
        metadata=_said("Mixup", "Blends photos in pairs; 0.2 is usual, 0 for none.", (0.0, 10.0)),
    )
    """Concentration of the share in which images are blended by mixup; 0 for none."""
    cutmix: float = field(
        default=0.0,
        metadata=_said(
            "CutMix", "Pastes parts of other photos in; 1 is usual, 0 for none.", (0.0, 10.0)
        ),
    )
    """Concentration of the share in which images are pasted together by CutMix; 0 for none."""
    balanced: bool = field(
        default=False,
        metadata=_said(
            "Balance the classes",
            "Photos of rare classes are shown as often as those of frequent ones.",
        ),
    )
    """Whether photos of rare classes are drawn as often as those of frequent ones."""

    epochs: int = field(
        default=20,
        metadata=_said("Maximum epochs", "How many times the model sees all photos.", (1, 100000)),
    )
    batch_size: int = field(
        default=16,
        metadata=_said("Batch size", "Photos a step; 0 chooses by their number.", (0, 4096)),
    )
    """Photos a step; 0 chooses by how many photos there are."""
    learning_rate: float = field(
        default=1e-4,
        metadata=_said(
            "Learning rate",
            "Of the head and the last stage, at its highest; lower it when the loss jumps about.",
            (1e-09, 10.0),
        ),
    )
    weight_decay: float = field(
        default=0.01,
        metadata=_said(
            "Weight decay", "Pulls weights towards zero, against overfitting.", (0.0, 10.0)
        ),
    )
    label_smoothing: float = field(
        default=0.1,
        metadata=_said("Label smoothing", "Keeps the model from being too sure.", (0.0, 0.9)),
    )
    schedule: Schedule = field(
        default="warm_restarts",
        metadata=_said("Schedule of the learning rate", "How the learning rate changes."),
    )
    restart_period: int = field(
        default=5,
        metadata=_said(
            "First restart after", "With warm restarts: epochs before the first.", (1, 100000)
        ),
    )
    """Epochs before the first warm restart."""
    restart_factor: int = field(
        default=2,
        metadata=_said(
            "Periods grow by", "With warm restarts: how many times longer each period is.", (1, 100)
        ),
    )
    """Each period is this many times as long as the one before."""
    warm_up: float = field(
        default=0.1,
        metadata=_said(
            "Warm-up",
            "With one cosine or one cycle: the share of the run in which the rate rises.",
            (0.0, 1.0),
        ),
    )
    """The share of a *cosine* or *one_cycle* run in which the learning rate grows."""
    monitor: Monitor = field(
        default="loss",
        metadata=_said(
            "Choose the best epoch by", "The validation figure by which the best epoch is chosen."
        ),
    )
    """The validation figure by which the best epoch is chosen."""
    patience: int = field(
        default=3,
        metadata=_said(
            "Early stopping (epochs)",
            "Stops after this many epochs without improvement; 0 never does.",
            (0, 100000),
        ),
    )
    """Epochs without a better one before stopping early; 0 never stops early."""
    average_decay: float = field(
        default=0.0,
        metadata=_said(
            "Average of the weights",
            "Decay a step of the moving average that is kept; 0 for none.",
            (0.0, 0.99999),
        ),
    )
    """Decay a step of the exponential moving average of the weights that is kept; 0 for none."""

    teacher: str = field(default="", metadata=_said("Teacher", "A model file to distil from."))
    """A model file to distil from; empty for none."""
    distillation_temperature: float = field(
        default=2.0,
        metadata=_said(
            "Temperature of the teacher",
            "How much the teacher's answers are softened.",
            (0.1, 100.0),
        ),
    )
    hint_weight: float = field(
        default=0.0,
        metadata=_said(
            "Weight of the teacher's features",
            "How much the teacher's features are matched, block by block.",
            (0.0, 1000.0),
        ),
    )
    """Weight of the loss that matches the teacher's features block by block."""
    mixed_share: float = field(
        default=0.0,
        metadata=_said(
            "Share of mixed pictures",
            "The share of pictures that are mixed before the teacher sees them.",
            (0.0, 1.0),
        ),
    )
    """The share of images that are mixed with another before teacher and classifier see them."""
    block_wise_epochs: int = field(
        default=0,
        metadata=_said(
            "Epochs block by block",
            "Epochs at the start in which each block learns by itself.",
            (0, 100000),
        ),
    )
    """In so many epochs at the start, each block learns from the teacher's input to that block."""

    retention_weight: float = field(
        default=0.0,
        metadata=_said(
            "Weight of retention",
            "How strongly ImageNet's classes are held to what they were (Learning "
            "without Forgetting); 0 for not at all.",
            (0.0, 1000.0),
        ),
    )
    """Weight of the loss that holds a joint head's ImageNet classes to what they were."""
    retention_temperature: float = field(
        default=2.0,
        metadata=_said(
            "Temperature of retention",
            "How much ImageNet's answers are softened for that.",
            (0.1, 100.0),
        ),
    )

    precision: Precision = field(
        default="auto",
        metadata=_said(
            "Precision", "auto: 16 bits on GPUs, and on CPUs where they are measured to be faster."
        ),
    )
    """``auto`` uses mixed precision on GPUs, and on CPUs where it is measured to be faster."""
    seed: int = field(
        default=0, metadata=_said("Seed", "The same seed repeats the same run.", (0, 2**31 - 1))
    )

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


RANGES: dict[str, Range] = {
    field.name: field.metadata["range"]
    for field in dataclasses.fields(Recipe)
    if field.metadata["range"] is not None
}
"""The least and the greatest value of each choice that is a number."""

NAMES: dict[str, str] = {field.name: field.metadata["name"] for field in dataclasses.fields(Recipe)}
"""What each choice is called in English, in a recipe's order."""

HELPS: dict[str, str] = {field.name: field.metadata["help"] for field in dataclasses.fields(Recipe)}
"""What each choice means: an English sentence."""
