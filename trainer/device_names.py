"""What devices are called. Without torch: lists of runs name devices too."""

import re


def cpu_name(threads: int) -> str:
    """The CPU, with as many threads."""
    return f"CPU, {threads} threads"


def threads_of(device_name: str) -> int | None:
    """The threads of what :func:`cpu_name` gave; None of the name of a GPU."""
    found = re.fullmatch(r"CPU, (\d+) threads", device_name)
    return int(found[1]) if found else None
