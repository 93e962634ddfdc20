"""Trainer's sentences in the user's language.

Trainer knows no Qt, so its templates are listed here for the translators; a test compares the list
with trainer's source.
"""

from PySide6.QtCore import QCoreApplication

from trainer.errors import TrainerError

TEMPLATES: tuple[str, ...] = ()


def translated(error: TrainerError) -> str:
    """The error's sentence, in the language of the window."""
    details = {
        name: translated(value) if isinstance(value, TrainerError) else value
        for name, value in error.details.items()
    }
    return QCoreApplication.translate("Trainer", error.template).format(**details)
