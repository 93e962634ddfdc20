"""Processes of the tests compute with one thread, those that tests start, too: they are many, and
threads that wait for each other busily take the processors from one another."""

import os

# Read when NumPy and torch are imported.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
