"""What devices are called. Without torch: lists of runs name devices too."""

import hashlib
import platform
import re
from pathlib import Path


def cpu_name(threads: int) -> str:
    """The CPU, with as many threads."""
    return f"CPU, {threads} threads"


def threads_of(device_name: str) -> int | None:
    """The threads of what :func:`cpu_name` gave; None of the name of a GPU."""
    found = re.fullmatch(r"CPU, (\d+) threads", device_name)
    return int(found[1]) if found else None


def processor() -> str:
    """The CPU by all that the system says of what it can do: of virtual machines, the name alone
    does not tell."""
    try:
        information = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    lines = (line.partition(":") for line in information.partition("\n\n")[0].splitlines())
    said = {name.strip(): value.strip() for name, _, value in lines}
    asked = ("cpu family", "model", "stepping", "flags", "CPU part", "Features")
    abilities = "\n".join(said.get(name, "") for name in asked)
    digest = hashlib.blake2b(abilities.encode(), digest_size=4).hexdigest()
    return f"{said.get('model name', platform.machine())} ({digest})"
