"""Which device computes, and in what precision."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import psutil
import torch

from trainer.device_names import cpu_name
from trainer.errors import DeviceError
from trainer.precision import is_float32_forced
from trainer.recipe import Precision

_SHARE_FOR_DATA = 0.5


@dataclass(frozen=True, slots=True)
class Compute:
    """A device, and the type that matrix products are computed in on it."""

    device: torch.device
    dtype: torch.dtype

    @property
    def precision(self) -> str:
        return str(self.dtype).removeprefix("torch.")

    def autocast(self) -> AbstractContextManager[object]:
        """Mixed precision where it pays. Never yield from a generator inside: it would leak."""
        if self.dtype is torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, self.dtype)

    def gradient_scaler(self) -> torch.amp.GradScaler:
        """Scales the loss where gradients would underflow in float16; elsewhere does nothing."""
        return torch.amp.GradScaler(self.device.type, enabled=self.dtype is torch.float16)


def choose_device(name: str = "auto") -> torch.device:
    """``auto`` takes a GPU where there is one; else a torch device's name.

    Raises:
        DeviceError: there is no such device on this machine.
    """
    if name == "auto":
        if torch.cuda.is_available():
            # By its number: another thread's current GPU is not this one's.
            return torch.device("cuda", torch.cuda.current_device())
        if torch.backends.mps.is_available():
            return torch.device("mps")
        return torch.device("cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device).item()  # The device “meta” has no values.
        if device.type == "cuda" and device.index is None:
            device = torch.device("cuda", torch.cuda.current_device())
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise DeviceError(
            "This machine has no device “{name}”. Use “auto” or “cpu”.", name=name
        ) from error
    return device


def choose_compute(device: str = "auto", precision: Precision = "auto") -> Compute:
    """Choose the device, and mixed precision where its hardware has it, unless the user wants the
    same figures on every computer.

    Raises:
        DeviceError: there is no such device on this machine.
    """
    chosen = choose_device(device)
    dtype = torch.float32
    if precision == "auto" and not is_float32_forced():
        if chosen.type == "cuda":
            dtype = torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float16
        elif chosen.type == "cpu" and _cpu_has_bfloat16():
            dtype = torch.bfloat16
    return Compute(chosen, dtype)


def _cpu_has_bfloat16() -> bool:
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def describe(device: torch.device) -> str:
    """The device in words: the GPU's own name, or the CPU."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    return cpu_name(torch.get_num_threads())


def fits_on_device(device: torch.device, byte_count: int) -> bool:
    """Whether so much may stay in a GPU's own memory, and leave it room to work; never on the CPU,
    where what is on disk is in memory already."""
    if device.type != "cuda":
        return False
    free, _ = torch.cuda.mem_get_info(device)
    return byte_count < free * _SHARE_FOR_DATA


def memory_in_use(device: torch.device) -> int:
    """Bytes that this process has on a GPU, or in the computer's memory."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    if device.type == "mps":
        return torch.mps.driver_allocated_memory()
    return int(psutil.Process().memory_info().rss)


def free_cached_memory(device: torch.device) -> None:
    """Give what torch keeps of a GPU's memory back to it."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch could not have as much memory as it needs, on a GPU or on the CPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # Of the CPU's allocators, oneDNN, cuBLAS and Apple's GPUs, which have no types of their own.
    said = (
        *("not enough memory", "can't allocate memory", "could not create a primitive"),
        *("out of memory", "ALLOC_FAILED"),
    )
    return isinstance(error, RuntimeError) and any(text in str(error) for text in said)
