"""How the C library gives back memory, while a model is trained."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# glibc's malloc.h
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_MMAP_MAX = -1, -2, -3, -4
_DEFAULT_THRESHOLD = 128 * 1024
_DEFAULT_MMAP_MAX = 65536
_KEPT_BYTES = 2**31 - 1
_TOP_PAD = 2**28


@contextmanager
def keeping_memory() -> Iterator[None]:
    """Let glibc keep freed memory for the next batch, and give it back in the end.

    By default each large tensor is mapped anew and given back at once: hundreds of thousands of
    page faults a batch. Elsewhere than on Linux with glibc this does nothing.
    """
    mallopt = _mallopt()
    if mallopt is None:
        yield
        return
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
    mallopt(_M_TOP_PAD, _TOP_PAD)
    try:
        yield
    finally:
        give_back_memory()


def give_back_memory() -> None:
    """Let glibc work as it does by default, and give back what it has kept."""
    mallopt = _mallopt()
    if mallopt is None:
        return
    mallopt(_M_MMAP_MAX, _DEFAULT_MMAP_MAX)
    mallopt(_M_MMAP_THRESHOLD, _DEFAULT_THRESHOLD)
    mallopt(_M_TRIM_THRESHOLD, _DEFAULT_THRESHOLD)
    mallopt(_M_TOP_PAD, _DEFAULT_THRESHOLD)
    ctypes.CDLL(None).malloc_trim(0)


def _mallopt() -> "ctypes._NamedFuncPointer | None":
    if sys.platform != "linux":
        return None
    import resource

    limits = (resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA))
    if any(limit != resource.RLIM_INFINITY for limit in limits):
        return None
    library = ctypes.CDLL(None)
    # musl has neither.
    return getattr(library, "mallopt", None) if hasattr(library, "malloc_trim") else None
