"""Says what a training will run on, before it begins."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from fruitgui.i18n.retranslated import Retranslated
from trainer.runtime.accelerators import Accelerator


class DeviceLabel(Retranslated, QLabel):
    """A sentence on the GPU or the CPU, and on what another version of the program would do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.setProperty("role", "caption")
        self._accelerator: Accelerator = "none"
        self.retranslate()

    def show_accelerator(self, accelerator: Accelerator) -> None:
        self._accelerator = accelerator
        self.retranslate()

    def retranslate(self) -> None:
        self.setText(self._sentence())

    def _sentence(self) -> str:
        match self._accelerator:
            case "cuda":
                return self.tr("Trains on the NVIDIA graphics card.")
            case "mps":
                return self.tr("Trains on Apple's graphics processor.")
            case "unused cuda" if getattr(sys, "frozen", False):
                return self.tr(
                    "Trains on the CPU. This computer has an NVIDIA graphics card: the GPU version "
                    "of this program, fruitgui-gpu, trains on it, many times faster. It is beside "
                    "this one where you got it."
                )
            case "unused cuda":
                return self.tr(
                    "Trains on the CPU. This computer has an NVIDIA graphics card: with PyTorch "
                    "for CUDA, from pytorch.org, it trains on that, many times faster."
                )
            case "not wanted":
                return self.tr("Trains on the CPU, as chosen in Settings.")
            case _:
                return self.tr("Trains on the CPU.")
