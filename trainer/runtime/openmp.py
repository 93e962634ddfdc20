"""How the threads that compute wait for each other."""

import os

_SPINS = 2000
"""How often a waiting thread of GNU's looks before it sleeps: some microseconds, and not
milliseconds."""
_BLOCK_MILLISECONDS = 1
"""How long one of LLVM's and Intel's does, which are what torch brings on macOS and Windows; by
default 200."""


def let_waiting_threads_sleep() -> None:
    """Let OpenMP's threads give up their core soon, unless the user has chosen otherwise.

    By default they spin for milliseconds between the parts of a computation, and starve whatever
    else needs a core: the window, decoding, another program. Takes effect only before torch, which
    brings the library, is first imported. See ``docs/adr/0004-waiting-threads-sleep.md``.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(_SPINS))
        os.environ.setdefault("KMP_BLOCKTIME", str(_BLOCK_MILLISECONDS))
