"""Running a prepared model with OpenVINO; torch is not needed."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from trainer.inference.engine import Outputs
from trainer.inference.openvino_import import openvino
from trainer.models.metadata import ModelInfo
from trainer.runtime.device_info import processor
from trainer.runtime.precision import is_float32_forced, recall, remember, time_both

_HINT = "INFERENCE_PRECISION_HINT"
_NAMES = {"f32": "float32", "bf16": "bfloat16", "f16": "float16"}
_TIMED_PHOTOS = 8


class OpenVinoEngine:
    """A model compiled for this computer's CPU: in 32 bits, or in 16 once they are known to be
    faster."""

    def __init__(self, prepared: Path, info: ModelInfo) -> None:
        """Open a prepared model.

        Args:
            prepared: what :func:`trainer.inference.engine_selection.prepared_file` gives.
            info: what the model says of itself.

        Raises:
            RuntimeError: the file is damaged, or OpenVINO has no support for this CPU.
        """
        core = openvino.Core()
        timing = None if is_float32_forced() else recall(_work(info))
        in_16_bits = timing is not None and timing.favours_16_bits
        # Each engine has its own: what is asked of one compiled model waits in one queue.
        compiled = _compile(core, prepared, _own_choice(core) if in_16_bits else "f32")
        computed_in = compiled.get_property(_HINT).get_type_name()
        self.name = f"OpenVINO, {_NAMES.get(computed_in, computed_in)}"
        self._request = compiled.create_infer_request()

    def run(self, squares: np.ndarray, with_maps: bool = False) -> Outputs:
        results = self._request.infer([squares], share_inputs=True, share_outputs=True)
        logits, features, maps = (results[number] for number in range(3))
        # What is shared is written again by the next run.
        return Outputs(logits.copy(), features.copy(), (maps if with_maps else maps[:0]).copy())


def measure_precision(prepared: Path, info: ModelInfo) -> None:
    """Time a model in 32 bits and in what OpenVINO would choose by the CPU's claims: a photo alone
    and some together. It is done once for an architecture and a size.

    Raises:
        RuntimeError: as of :class:`OpenVinoEngine`.
    """
    core = openvino.Core()
    own_choice, work = _own_choice(core), _work(info)
    if own_choice == "f32" or recall(work) is not None:
        return
    shape = (_TIMED_PHOTOS, info.image_size, info.image_size, 3)
    squares = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)

    def answer(request: Any) -> None:
        request.infer([squares[:1]])
        request.infer([squares])

    models = (
        _compile(core, prepared, precision, INFERENCE_NUM_THREADS=1)
        for precision in ("f32", own_choice)
    )
    arms = (partial(answer, model.create_infer_request()) for model in models)
    remember(work, time_both(*arms))


def _compile(core: Any, prepared: Path, precision: str, **properties: int) -> Any:
    return core.compile_model(core.read_model(prepared), "CPU", {_HINT: precision, **properties})


def _own_choice(core: Any) -> str:
    """The precision that OpenVINO computes in unless it is told: it goes by what the CPU claims."""
    name: str = core.get_property("CPU", _HINT).get_type_name()
    return name


def _work(info: ModelInfo) -> str:
    """All that a timing depends on."""
    return (
        f"answering with {info.architecture} at {info.image_size} px, {processor()}, "
        f"OpenVINO {openvino.__version__}"
    )
