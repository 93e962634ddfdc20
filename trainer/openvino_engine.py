"""Running a prepared model with OpenVINO; torch is not needed."""

from pathlib import Path

import numpy as np

from trainer.engine import Outputs
from trainer.openvino_runtime import openvino
from trainer.precision import is_float32_forced


class OpenVinoEngine:
    """A model compiled for this computer's CPU, in bfloat16 where the CPU computes in it."""

    def __init__(self, prepared: Path) -> None:
        """Args: what :func:`trainer.engine.prepared_file` gives.

        Raises:
            RuntimeError: the file is damaged, or OpenVINO has no support for this CPU.
        """
        core = openvino.Core()
        precision = {"INFERENCE_PRECISION_HINT": "f32"} if is_float32_forced() else {}
        compiled = core.compile_model(core.read_model(prepared), "CPU", precision)
        computed_in = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        self.name = f"OpenVINO, {computed_in.replace('bf16', 'bfloat16').replace('f32', 'float32')}"
        self._request = compiled.create_infer_request()

    def run(self, squares: np.ndarray, with_maps: bool = False) -> Outputs:
        results = self._request.infer([squares], share_inputs=True, share_outputs=True)
        logits, features, maps = (results[number] for number in range(3))
        # What is shared is written again by the next run.
        return Outputs(logits.copy(), features.copy(), (maps if with_maps else maps[:0]).copy())
