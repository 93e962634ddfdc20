"""What this computer is, in words."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from trainer import __version__


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer that a report is written on, and the programs on it."""

    system: str
    processor: str
    cores: int
    """Those that the system counts, of which two may share a real one."""
    memory_bytes: int
    versions: tuple[tuple[str, str], ...]
    """The names and versions of what computes."""


def this_machine() -> Machine:
    """Look at this computer."""
    programs = [("Fruitgui", __version__), ("Python", platform.python_version())]
    for name, distribution in (
        ("PyTorch", "torch"),
        ("torchvision", "torchvision"),
        ("OpenVINO", "openvino"),
    ):
        try:
            programs.append((name, version(distribution)))
        except PackageNotFoundError:
            continue  # The packaged program does not say.
    return Machine(
        system=f"{platform.system()} {platform.release()}",
        processor=_processor() or platform.machine(),
        cores=os.cpu_count() or 1,
        memory_bytes=psutil.virtual_memory().total,
        versions=tuple(programs),
    )


def _processor() -> str:
    """The processor's name, as its maker gives it; empty where the system does not tell."""
    try:
        if sys.platform == "darwin":
            return subprocess.run(
                ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"],
                capture_output=True,
                text=True,
                timeout=5,
                check=True,
            ).stdout.strip()
        if sys.platform == "win32":
            import winreg

            key = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                return str(winreg.QueryValueEx(opened, "ProcessorNameString")[0]).strip()
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
    return ""
