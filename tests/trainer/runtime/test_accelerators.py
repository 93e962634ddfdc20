"""GPUs, found by files."""

import sys
from pathlib import Path

import pytest
import torch

from trainer.runtime.accelerators import accelerator, has_nvidia_gpu, torch_has_cuda


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_a_gpu_is_found_by_its_driver(tmp_path: Path) -> None:
    assert not has_nvidia_gpu(tmp_path, "linux")
    made(tmp_path / "proc" / "driver" / "nvidia" / "gpus" / "0000_01_00.0")
    assert has_nvidia_gpu(tmp_path, "linux")


def test_windows_has_its_driver_wherever_windows_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path / "WINNT"))
    assert not has_nvidia_gpu(system="win32")
    made(tmp_path / "WINNT" / "System32" / "nvcuda.dll")
    assert has_nvidia_gpu(system="win32")


def test_linux_inside_of_windows_has_the_driver_of_windows(tmp_path: Path) -> None:
    made(tmp_path / "dev" / "dxg")
    assert not has_nvidia_gpu(tmp_path, "linux")
    made(tmp_path / "usr" / "lib" / "wsl" / "lib" / "libcuda.so.1")
    assert has_nvidia_gpu(tmp_path, "linux")


def test_a_driver_without_a_gpu_is_none(tmp_path: Path) -> None:
    (tmp_path / "proc" / "driver" / "nvidia" / "gpus").mkdir(parents=True)
    assert not has_nvidia_gpu(tmp_path, "linux")


@pytest.mark.parametrize("name", ["libtorch_cuda.so", "torch_cuda.dll"])
def test_torch_has_cuda_where_its_library_is(name: str, tmp_path: Path) -> None:
    assert not torch_has_cuda(tmp_path)
    made(tmp_path / "lib" / name)
    assert torch_has_cuda(tmp_path)


def test_what_is_told_of_the_torch_here_is_what_torch_says() -> None:
    assert torch_has_cuda() == (torch.version.cuda is not None)


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
def test_a_cpu_that_is_wanted_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRUITGUI_DEVICE", "cpu")
    assert accelerator() == "not wanted"
    monkeypatch.delenv("FRUITGUI_DEVICE")
    assert accelerator() in ("cuda", "unused cuda", "none")
