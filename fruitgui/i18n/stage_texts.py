"""What is being done before the first epoch, or after the last."""

from PySide6.QtCore import QCoreApplication

_translate = QCoreApplication.translate


def stage_text(stage: str) -> str:
    """A sentence for a stage of :class:`trainer.events.Preparing`; empty where it takes no time."""
    texts = {
        "weights": _translate("Stages", "Downloading the weights…"),
        "look": _translate("Stages", "Looking through the photos…"),
        "compare": _translate("Stages", "Looking for photos that are nearly the same…"),
        "decode": _translate("Stages", "Reading the photos…"),
        "trunk": _translate("Stages", "Looking at each photo once…"),
        "calibrate": _translate("Stages", "Learning how sure it can be…"),
        "evaluate": _translate("Stages", "Measuring it on the held-out photos…"),
        "time": _translate("Stages", "Measuring how quick it is…"),
    }
    return texts.get(stage, "")
