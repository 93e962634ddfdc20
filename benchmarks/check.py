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


def check(data: Path, home: Path, output: Path) -> resource.struct_rusage:
    """Run the verb, with what it prints in *output*; returns what it used."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "trainer", "check", str(data), "--json"],
            cwd=PROJECT,
            env={**os.environ, "FRUITGUI_HOME": str(home)},
            stdout=file,
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit("It failed, as it says above.")
    return used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a data set")
    data: Path = parser.parse_args().data.resolve()
    print("| time | photos | seconds | of processor | most memory |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "found.json")
        for name in ("first", "second"):
            began = time.monotonic()
            used = check(data, Path(folder, "home"), output)
            seconds = time.monotonic() - began
            photos = json.loads(output.read_bytes())["photos"]
            processor = used.ru_utime + used.ru_stime
            # Linux counts in kibibytes, macOS in bytes.
            memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 2**20
            print(
                f"| {name} | {photos:,} | {seconds:.1f} | {processor:.1f} | {memory:.0f} MiB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
