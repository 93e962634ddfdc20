"""How the threads that compute wait for each other."""

import os

_SPINS = 2000
"""How often a waiting thread looks before it sleeps: some microseconds, and not milliseconds."""


def let_waiting_threads_sleep() -> None:
    """Let GNU OpenMP's threads give up their core soon, unless the user has chosen otherwise.

    By default they spin for milliseconds between the parts of a computation, and starve whatever
    else needs a core: the window, decoding, another program. Takes effect only before torch, which
    brings the library, is first imported. See ``docs/adr/0004-waiting-threads-sleep.md``.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(_SPINS))
