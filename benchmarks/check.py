"""Looking through a data set: how long it takes the first time and the second, and its memory.

Each time a process of its own, as on the command line, in a home that is empty at first.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def check(data: Path, home: Path) -> dict[str, object]:
    """Run the verb, and return the object that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "check", str(data), "--json"],
        cwd=PROJECT,
        env={**os.environ, "FRUITGUI_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a data set")
    data: Path = parser.parse_args().data.resolve()
    print("| time | photos | seconds | of processor | most memory so far |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        for name in ("first", "second"):
            began, used = time.monotonic(), processor_seconds()
            found = check(data, Path(home))
            seconds, used = time.monotonic() - began, processor_seconds() - used
            # In kilobytes on Linux.
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
            print(
                f"| {name} | {found['photos']:,} | {seconds:.1f} | {used:.1f} | {memory:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
