"""What is being done before the first epoch, or after the last."""

from PySide6.QtCore import QCoreApplication


def stage_text(stage: str) -> str:
    """A sentence for a stage of :class:`trainer.events.Preparing`; empty where it takes no time."""
    texts = {
        "weights": QCoreApplication.translate("Stages", "Downloading the weights…"),
        "unzip": QCoreApplication.translate("Stages", "Unpacking the zip…"),
        "look": QCoreApplication.translate("Stages", "Looking through the photos…"),
        "compare": QCoreApplication.translate(
            "Stages", "Looking for photos that are nearly the same…"
        ),
        "decode": QCoreApplication.translate("Stages", "Reading the photos…"),
        "trunk": QCoreApplication.translate("Stages", "Looking at each photo once…"),
        "calibrate": QCoreApplication.translate("Stages", "Calibrating confidence…"),
        "evaluate": QCoreApplication.translate("Stages", "Measuring it on the held-out photos…"),
        "time": QCoreApplication.translate("Stages", "Measuring speed…"),
    }
    return texts.get(stage, "")
