"""What classes of produce are called in the user's language."""

from collections.abc import Iterable

from fruitgui.i18n.language import of_documents
from trainer.data.class_names import name_in, told_apart


def display_names(classes: Iterable[str]) -> dict[str, str]:
    """What to show for classes that stand side by side: no two are called the same."""
    return told_apart({name: display_name(name) for name in classes})


def display_name(class_name: str) -> str:
    """What to show for a class: translated where it is a known one, else the user's own name."""
    return name_in(class_name, of_documents())
