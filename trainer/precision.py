"""Whether everything is computed in 32 bits, where the hardware would be quicker with 16."""

import os


def is_float32_forced() -> bool:
    """``FRUITGUI_PRECISION=float32`` makes figures comparable between computers, to rounding."""
    return os.environ.get("FRUITGUI_PRECISION") == "float32"
