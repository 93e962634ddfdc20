"""A recipe's choices in words, outside the form that makes them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from fruitgui.i18n.recipe_texts import FieldText, RecipeTexts
from trainer.config.recipe import PRESETS, Recipe

_CHOICES = tuple(field.name for field in dataclasses.fields(Recipe))
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
        names = {
            # What only the command line and the starter's recipe choose.
            "teacher": self.tr("Teacher"),
            "distillation_temperature": self.tr("Temperature of the teacher"),
            "hint_weight": self.tr("Weight of the teacher's hints"),
            "mixed_share": self.tr("Share of mixed pictures"),
            "block_wise_epochs": self.tr("Epochs block by block"),
        }
        for choice, text in self._texts.fields().items():
            # Above a field they are in capitals.
            names[choice] = text.name.capitalize() if text.name.isupper() else text.name
        return names

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


def differing(recipes: Sequence[Recipe]) -> list[str]:
    """The choices in which some recipes are not all the same."""
    first = recipes[0]
    return [
        choice
        for choice in _CHOICES
        if any(getattr(recipe, choice) != getattr(first, choice) for recipe in recipes[1:])
    ]


def most_alike_preset(recipe: Recipe) -> str:
    """The preset from which the fewest choices differ."""
    return min(PRESETS, key=lambda name: len(differing((PRESETS[name], recipe))))
