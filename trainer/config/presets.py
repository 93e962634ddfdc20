"""Named recipes."""

from collections.abc import Sequence

from trainer.config.recipe import NAMES, Recipe
from trainer.errors import RecipeError

DEFAULT_PRESET = "layer4"


PRESETS: dict[str, Recipe] = {
    "quick": Recipe(
        model="tf_efficientnet_lite0",
        strategy="head",
        learning_rate=1e-3,
        batch_size=32,
        schedule="one_cycle",
    ),
    "layer4": Recipe(),
    "best": Recipe(
        strategy="full",
        head="linear",
        augmentation="strong",
        batch_size=0,
        learning_rate=5e-4,
        weight_decay=0.05,
        schedule="cosine",
        average_decay=0.998,
        patience=0,
    ),
    "scratch": Recipe(
        model="resnet18",
        weights="none",
        strategy="full",
        head="linear",
        dropout=0.0,
        rate_decay=1.0,
        augmentation="strong",
        image_size=128,
        epochs=100,
        batch_size=0,
        learning_rate=2e-3,
        weight_decay=0.05,
        schedule="cosine",
        average_decay=0.998,
        patience=0,
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


def nearest_preset(recipe: Recipe, but: Sequence[str] = ("seed",)) -> str:
    """The preset that differs from a recipe in the fewest choices; *but* these do not count."""

    def distance(name: str) -> tuple[int, bool]:
        return len(set(differing_choices(recipe, PRESETS[name])) - set(but)), name != DEFAULT_PRESET

    return min(PRESETS, key=distance)


def differing_choices(*recipes: Recipe) -> list[str]:
    """The choices in which some recipes are not all the same, in a recipe's order."""
    first, *others = recipes
    return [
        choice
        for choice in NAMES
        if any(getattr(other, choice) != getattr(first, choice) for other in others)
    ]
