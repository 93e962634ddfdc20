"""What computes a model's answers: OpenVINO on CPUs, torch on GPUs and wherever else.

OpenVINO needs a file of its own, which :func:`prepare` makes once of each model. From then on
answering needs no torch, which takes seconds to import.
"""

import ctypes
import hashlib
import importlib.util
import logging
import shutil
import sys
from functools import lru_cache
from pathlib import Path

from trainer import paths
from trainer.errors import ModelFileError
from trainer.inference.engine import Engine
from trainer.inference.taught_engine import TaughtEngine
from trainer.models.metadata import read_model_info
from trainer.models.numpy_head import NumpyHead
from trainer.runtime.precision import is_float32_forced
from trainer.storage import caches
from trainer.storage.file_digests import stamp_of

_BLOCK = 2**20
_WORTH_PREPARING = 32
"""Preparing a model takes some seconds, once; so many photos take as long without."""


def open_engine(model_file: Path, device: str = "auto", precision: str = "") -> Engine:
    """The fastest engine for a model: OpenVINO on the CPU if the model is prepared, else torch.

    Args:
        device: a torch device's name, or ``auto``: see :func:`answers_on_cpu`.
        precision: what torch computes in; empty for what is faster.

    Raises:
        ModelFileError: the model is missing, damaged, or not one of this app.
        DeviceError: there is no such device.
    """
    prepared = prepared_file(model_file) if answers_on_cpu(device) else None
    if prepared is not None:
        info = read_model_info(model_file)
        is_of_before = prepared.parent.name == info.grown_from
        head = NumpyHead.read(model_file, info) if is_of_before else None
        try:
            from trainer.inference.openvino_engine import OpenVinoEngine

            engine = OpenVinoEngine(prepared, info)
            caches.note_use(prepared.parent)
            return engine if head is None else TaughtEngine(engine, head)
        except Exception as error:  # noqa: BLE001
            # OpenVINO's errors have no type in common; torch is always there instead.
            logging.getLogger(__name__).warning("OpenVINO cannot be used: %s", error)
            if caches.engines_folder() == prepared.parent.parent:
                # Damaged, perhaps: it is made anew next time.
                shutil.rmtree(prepared.parent, ignore_errors=True)
    from trainer.inference.torch_engine import TorchEngine

    return TorchEngine.load(model_file, device, precision)


def prepare(model_file: Path) -> bool:
    """Make OpenVINO's file of a model, and find out in what precision it is faster, unless it is
    there; returns whether it is there now.

    Without OpenVINO, or without room on the disk, there is none: torch computes just as well, only
    more slowly.

    Raises:
        ModelFileError: the model is missing, damaged, or not one of this app.
    """
    if prepared_file(model_file) is not None:
        return True
    read_model_info(model_file)
    try:
        from trainer.inference.openvino_convert import convert

        convert(model_file, caches.engines_folder() / model_digest(model_file))
    except ModelFileError:
        raise
    except Exception as error:  # noqa: BLE001  (of OpenVINO's errors, as above)
        logging.getLogger(__name__).warning("%s cannot be prepared: %s", model_file.name, error)
        return False
    measure_precision(model_file)
    return True


def measure_precision(model_file: Path) -> None:
    """Find out in what precision OpenVINO answers faster with a prepared model; the next engine
    that is opened computes in it, and those before in 32 bits.

    It takes a second or less, and once a computer for models of the same architecture and size:
    what ships with the app answers first, and is measured then.
    """
    prepared = prepared_file(model_file)
    if prepared is None or is_float32_forced():
        return
    try:
        from trainer.inference.openvino_engine import measure_precision as measure

        measure(prepared, read_model_info(model_file))
    except Exception as error:  # noqa: BLE001  (of OpenVINO's errors, as above)
        logging.getLogger(__name__).warning("%s is not measured: %s", model_file.name, error)


def prepare_for(model_file: Path, photos: int, device: str = "auto") -> None:
    """The same if it is worth it to answer so many photos: it takes as long as some dozens without.
    Whoever answers the same photos thus gets the same answers, for engines differ by rounding.

    Raises:
        ModelFileError: as :func:`prepare`.
    """
    if photos >= _WORTH_PREPARING and answers_on_cpu(device) and prepare(model_file):
        measure_precision(model_file)


def prepared_file(model_file: Path) -> Path | None:
    """OpenVINO's file of a model, as it ships with the app or was made since. Of a model that was
    taught more, that of what it was before will do: see :class:`TaughtEngine`."""
    if not model_file.is_file():
        return None  # Whoever loads the model says so.
    places = (shipped_engines(), caches.engines_folder())
    digests = [model_digest(model_file)]
    try:
        digests.append(read_model_info(model_file).grown_from)
    except ModelFileError:
        return None
    files = (folder / digest / "model.xml" for digest in digests if digest for folder in places)
    return next((file for file in files if file.is_file()), None)


def shipped_engines() -> Path:
    """Where the starter lies as OpenVINO reads it, made when the app is built."""
    return paths.assets_folder() / "engines"


def prepare_starter() -> None:
    """Make what ships with the app, and remove what was made of a starter before.

    Raises:
        OSError: the disk is full.
        RuntimeError: OpenVINO cannot convert it.
    """
    folder = shipped_engines() / model_digest(paths.starter_model())
    if folder.is_dir():
        return
    from trainer.inference.openvino_convert import convert

    shutil.rmtree(shipped_engines(), ignore_errors=True)
    convert(paths.starter_model(), folder)


def model_digest(model_file: Path) -> str:
    """24 hexadecimal digits that stand for a model file's content."""
    return _model_digest(model_file, stamp_of(model_file))


@lru_cache(maxsize=16)
def _model_digest(model_file: Path, _stamp: str | None) -> str:
    """Of a file as it is now, for it is asked for whenever one is opened."""
    digest = hashlib.blake2b(digest_size=12)
    with model_file.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def answers_on_cpu(device: str) -> bool:
    """Whether a model answers on the CPU, for which it is worth preparing.

    ``auto`` takes an NVIDIA GPU where there is one that torch can use. Apple's GPUs are not worth
    torch's seconds for a few photos: ``mps`` chooses them.
    """
    if device != "auto":
        return device == "cpu"
    if not (_torch_has_cuda() and _has_nvidia_gpu()):
        return True
    from trainer.runtime.device import choose_device

    return choose_device().type == "cpu"


def _torch_has_cuda() -> bool:
    """Looks for its library: importing torch to be told takes seconds."""
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        return False
    return any((Path(torch.origin).parent / "lib").glob("*torch_cuda*"))


def _has_nvidia_gpu() -> bool:
    """Asks the driver, without torch."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    found = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
    return found and count.value > 0


if __name__ == "__main__":
    prepare_starter()
