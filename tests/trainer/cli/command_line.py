"""What tests of the command line share."""

import json
import subprocess
import sys

SMALL = (
    "--model mobilenet_v2 --weights none --strategy full --image-size 32 --batch-size 8 --epochs 1"
).split()


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def run_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "trainer", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
