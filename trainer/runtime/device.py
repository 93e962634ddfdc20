"""Which device computes, and in what precision."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial

import psutil
import torch

from trainer.config.recipe import Precision
from trainer.errors import DeviceError
from trainer.runtime.device_info import cpu_name, processor
from trainer.runtime.precision import is_float32_forced, recall, remember, time_both

_SHARE_FOR_DATA = 0.5

_measuring = threading.Lock()
_all_threads = 0
"""How many threads torch computed in before anything was measured; 0 until then."""


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
    """``auto`` takes a GPU where there is one, unless ``FRUITGUI_DEVICE`` names another device;
    else a torch device's name.

    Raises:
        DeviceError: there is no such device on this machine.
    """
    if name == "auto":
        name = os.environ.get("FRUITGUI_DEVICE", "auto")
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


def choose_compute(
    device: torch.device,
    precision: Precision,
    work: str,
    make_step: Callable[[], Callable[[Compute], object]],
    began_in: str = "",
) -> Compute:
    """Choose what to compute in: on GPUs by their hardware; on a CPU that has bfloat16, by what is
    faster there, which is measured once; in 32 bits if the user wants the same figures everywhere.

    Args:
        work: what the step is of, in words; the same words are timed once on a computer.
        make_step: makes a step of that work, to be timed in either precision.
        began_in: the precision of what is gone on with, which stays.
    """
    computes = [Compute(device, dtype) for dtype in dtypes_of(device, precision)]
    for compute in computes:
        if len(computes) == 1 or compute.precision == began_in:
            _use_all_threads()
            return compute
    try:
        return _measured(work, make_step, *computes)
    finally:
        _use_all_threads()


def _measured(
    work: str,
    make_step: Callable[[], Callable[[Compute], object]],
    in_32_bits: Compute,
    in_16_bits: Compute,
) -> Compute:
    key = f"{work}, {processor()}, torch {torch.__version__}"
    timing = recall(key)
    if timing is None:
        try:
            with one_thread():
                step = make_step()
                timing = time_both(partial(step, in_32_bits), partial(step, in_16_bits))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return in_32_bits  # The work itself knows what to do about memory.
        remember(key, timing)
    return in_16_bits if timing.favours_16_bits else in_32_bits


@contextmanager
def one_thread() -> Iterator[None]:
    """torch computes in one thread, in this thread and in those that begin to use it meanwhile:
    these are to call :func:`_use_all_threads`."""
    global _all_threads
    with _measuring:
        _all_threads = max(_all_threads, torch.get_num_threads())
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(_all_threads)


def _use_all_threads() -> None:
    """Undo, in this thread, what a measurement in another may have done to it."""
    with _measuring:
        if _all_threads:
            torch.set_num_threads(_all_threads)


def dtypes_of(device: torch.device, precision: Precision) -> tuple[torch.dtype, ...]:
    """What may be computed in: one type, or two of which only measuring tells the faster one."""
    if precision == "float32" or is_float32_forced():
        return (torch.float32,)
    if device.type == "cuda":
        return (torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float16,)
    if device.type == "cpu" and cpu_has_bfloat16():
        return (torch.float32, torch.bfloat16)
    return (torch.float32,)


def cpu_has_bfloat16() -> bool:
    """Whether bfloat16 is more than emulated, be it fast or slow."""
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
