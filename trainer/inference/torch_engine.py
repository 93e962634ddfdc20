"""Running a model with torch."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from trainer.inference.engine import Outputs
from trainer.models.classifier import Classifier, normalise
from trainer.models.metadata import ModelInfo
from trainer.models.model_file import load_model
from trainer.runtime.device import Compute, choose_compute, choose_device

_TIMED_PHOTOS = 4


class TorchEngine:
    """A classifier in eval mode."""

    def __init__(self, classifier: Classifier, info: ModelInfo, compute: Compute) -> None:
        self._classifier = classifier.move_to(compute.device).eval()
        self._info = info
        self._compute = compute
        self.name = f"torch, {compute.device.type}, {compute.precision}"

    @classmethod
    def load(cls, model_file: Path, device: str = "auto", precision: str = "") -> "TorchEngine":
        """Load a model.

        Args:
            precision: what it computes in, if the device has it; empty for what is faster, which is
                timed once for each network and size of images.

        Raises:
            ModelFileError: it is missing, damaged, or not a model of this app.
            DeviceError: there is no such device.
        """
        chosen = choose_device(device)
        classifier, info = load_model(model_file)

        def make_step() -> Callable[[Compute], None]:
            side = info.image_size
            squares = np.random.default_rng(0).integers(
                0, 256, (_TIMED_PHOTOS, side, side, 3), dtype=np.uint8
            )

            def answer(compute: Compute) -> None:
                engine = cls(classifier, info, compute)
                engine.run(squares[:1])
                engine.run(squares)

            return answer

        work = f"answering with {info.architecture} at {info.image_size} px"
        return cls(classifier, info, choose_compute(chosen, "auto", work, make_step, precision))

    def run(self, squares: np.ndarray, with_maps: bool = False) -> Outputs:
        # torch takes no array that is closed to writing, as a decoded image's is.
        images = (
            torch.from_numpy(np.require(squares, requirements="W"))
            .permute(0, 3, 1, 2)
            .to(self._compute.device)
        )
        with torch.inference_mode(), self._compute.autocast():
            inputs = normalise(images, self._info.mean, self._info.std)
            maps = self._classifier.trunk(inputs.contiguous(memory_format=torch.channels_last))
            features = self._classifier.pool(maps)
            logits = self._classifier.classify(features)
        kept = maps if with_maps else maps[:0]
        return Outputs(*(tensor.float().cpu().numpy() for tensor in (logits, features, kept)))
