"""Trainer's sentences in the user's language.

Trainer knows no Qt: ``tools/trainer_sentences.py`` collects its sentences for the translators.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trainer.data.particles import with_particles
from trainer.errors import TrainerError

_SPLITS = (
    QT_TRANSLATE_NOOP("Split", "train"),
    QT_TRANSLATE_NOOP("Split", "validation"),
    QT_TRANSLATE_NOOP("Split", "test"),
)
_SPLIT_DETAILS = frozenset({"split", "leading"})


def translated(error: TrainerError) -> str:
    """The error's sentence, in the language of the window."""
    details = {name: _translated_detail(name, value) for name, value in error.details.items()}
    sentence = QCoreApplication.translate("Trainer", error.template).format(**details)
    return with_particles(sentence)


def _translated_detail(name: str, value: object) -> object:
    if isinstance(value, TrainerError):
        return translated(value)
    if name in _SPLIT_DETAILS and value in _SPLITS:
        return QCoreApplication.translate("Split", str(value))
    return value
