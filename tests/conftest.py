"""What all tests share: a home of their own, and a small rendered data set."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.weights_server import Server, serving
from trainer import paths, synthetic
from trainer.data.dataset import DataSet, open_data_set
from trainer.inference import openvino_engine
from trainer.models import imagenet

KINDS = ("Banana", "Lime", "Tomato")

# No windows on the screen of who runs the tests, and none is needed. Before Qt's application is.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 8 * 2**30


def pytest_configure() -> None:
    """Programs that tests start find what the first of them has compiled, as a user's do. Files of
    the tests are many and small: where there is room, temporary ones are in memory."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    is_executable = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # Tests make environments.
    room = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
    if is_executable and room > ENOUGH_MEMORY:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's own data out of it."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FRUITGUI_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def qapp_cls() -> type[Any]:
    """The app's own, whichever test is the first to need one. Tests without a window go without."""
    from fruitgui.app import Application

    return Application


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights are asked for where nobody listens, never on the network."""
    for source in imagenet.HOSTS:
        monkeypatch.setitem(imagenet.HOSTS, source, "http://127.0.0.1:1")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of three kinds of produce, some dozen small pictures each; not to be changed."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    for _ in synthetic.write_data_set(folder, per_class=16, kinds=KINDS, size=64):
        pass
    return folder


@pytest.fixture
def demo_data(demo_folder: Path) -> DataSet:
    return open_data_set(demo_folder)


@pytest.fixture(scope="session", autouse=True)
def float32_on_the_cpu() -> Iterator[None]:
    """The same figures whatever computes them here; processes of the tests, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_PRECISION", "float32")
        patch.setenv("FRUITGUI_DEVICE", "cpu")
        yield


@pytest.fixture(scope="session", autouse=True)
def few_threads() -> Iterator[None]:
    """One thread: tests are small, and their figures repeat to the bit."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session", autouse=True)
def starter_compiled_once() -> Iterator[None]:
    """Most windows of the tests answer with the starter: OpenVINO compiles it for the first, and
    each engine has a request of its own, as ever."""
    compiled: dict[tuple[Any, ...], Any] = {}
    compile_model = openvino_engine._compile

    def compile_once(core: Any, prepared: Path, precision: str, **properties: int) -> Any:
        if not prepared.is_relative_to(paths.assets_folder()):
            return compile_model(core, prepared, precision, **properties)
        key = (prepared, precision, *properties.items())
        if key not in compiled:
            compiled[key] = compile_model(core, prepared, precision, **properties)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openvino_engine, "_compile", compile_once)
        yield
