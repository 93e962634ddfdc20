"""NumPy and torch compute with one thread in the tests, and in the programs that tests start,
unless the environment says otherwise: several processes run at once, and threads that wait busily
for each other take the processors from them."""

import os

# Read when NumPy and torch are imported.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
