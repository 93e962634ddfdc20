"""Whether there is a GPU, and whether this program's torch can use it. Without torch, which takes
seconds to import: the window says so before anything is trained."""

import importlib.util
import os
import platform
import sys
from pathlib import Path
from typing import Literal

Accelerator = Literal["cuda", "mps", "unused cuda", "none", "not wanted"]
"""What training runs on: an NVIDIA GPU; Apple's GPU; the CPU although there is an NVIDIA GPU, for
torch was built without CUDA; the CPU; the CPU because the user wants it."""


def accelerator() -> Accelerator:
    """What ``auto`` will be, as far as it can be told by files. Whether the GPU works, torch finds
    out when it begins."""
    if os.environ.get("FRUITGUI_DEVICE", "auto") == "cpu":
        return "not wanted"
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else "none"
    if has_nvidia_gpu():
        return "cuda" if torch_has_cuda() else "unused cuda"
    return "none"


def has_nvidia_gpu(root: Path = Path("/"), system: str = sys.platform) -> bool:
    """Whether NVIDIA's driver is loaded and has found a GPU.

    Args:
        root: where the file system begins; Windows says itself where it lies.
        system: as :data:`sys.platform` names it.
    """
    if system == "win32":
        windows = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
        return (windows / "System32" / "nvcuda.dll").is_file()
    # Of Linux inside of Windows, the driver is Windows'.
    if (root / "dev" / "dxg").exists():
        return (root / "usr" / "lib" / "wsl" / "lib" / "libcuda.so.1").exists()
    gpus = root / "proc" / "driver" / "nvidia" / "gpus"
    return gpus.is_dir() and any(gpus.iterdir())


def torch_has_cuda(torch_folder: Path | None = None) -> bool:
    """Whether torch was built for NVIDIA's GPUs, and came with what that needs.

    Args:
        torch_folder: torch's package; that which an import would find, if it is not given.
    """
    if torch_folder is None:
        found = importlib.util.find_spec("torch")
        places = (found.submodule_search_locations if found else None) or ()
        return any(torch_has_cuda(Path(place)) for place in places)
    names = ("libtorch_cuda.so", "torch_cuda.dll")
    return any((torch_folder / "lib" / name).is_file() for name in names)
