"""Pretrained weights: torchvision's by download, a file chosen by hand, or the starter's."""

import hashlib
import http.client
import queue
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from trainer import paths
from trainer.errors import ModelFileError, WeightsError
from trainer.familiarity import CLASS_MEANS
from trainer.model import Classifier
from trainer.model_info import read_model_info
from trainer.vision import models

CHUNK_BYTES = 256 * 1024
TIMEOUT_SECONDS = 20
ATTEMPTS = 3
_SECONDS_BETWEEN_STEPS = 0.2

Progress = Generator[tuple[int, int], None, Path]
"""Yields (bytes done, bytes in all), and returns where the file lies."""


def imagenet_url(classifier: Classifier) -> str:
    """Where torchvision keeps the ImageNet weights of the classifier's architecture."""
    weights = models.get_weight(classifier.architecture.weights)
    return str(weights.url)


def download(url: str, folder: Path) -> Progress:
    """Fetch a weights file, unless it is there already; see :func:`_download`.

    It yields several times a second even while nothing arrives, so that it can be broken off.

    Raises:
        WeightsError: offline, refused, no room on the disk, or not the file that it should be.
    """
    steps: queue.SimpleQueue[tuple[int, int] | Path | Exception] = queue.SimpleQueue()
    is_given_up = threading.Event()

    def drain() -> None:
        try:
            fetching = _download(url, folder)
            while not is_given_up.is_set():
                try:
                    steps.put(next(fetching))
                except StopIteration as end:
                    steps.put(end.value)
                    return
            fetching.close()
        except Exception as error:  # noqa: BLE001  (raised again below, in the thread that asked)
            steps.put(error)

    threading.Thread(target=drain, name="download", daemon=True).start()
    last = (0, 0)
    try:
        while True:
            try:
                step = steps.get(timeout=_SECONDS_BETWEEN_STEPS)
            except queue.Empty:
                yield last
                continue
            if isinstance(step, Exception):
                raise step
            if isinstance(step, Path):
                return step
            last = step
            yield last
    finally:
        is_given_up.set()


def _download(url: str, folder: Path) -> Progress:
    """Fetch a weights file, unless it is there already.

    The file's name ends in the first digits of its SHA-256, as torch hub's names do, and is checked
    against them. A broken line is taken up again where it broke, now or at the next call: what has
    come so far is kept in a file ending in ``.part``.

    Raises:
        WeightsError: offline, refused, no room on the disk, or not the file that it should be.
    """
    name = Path(urlsplit(url).path).name
    target = folder / name
    if target.is_file():
        return target
    partial = folder / f"{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                yield from _fetch(url, partial)
                break
            except urllib.error.HTTPError as error:
                error.close()
                raise
            except (OSError, http.client.HTTPException):
                if attempt == ATTEMPTS:
                    raise
        if not _matches_name(partial, name):
            partial.unlink()
            raise WeightsError(
                "The download of “{name}” is not the file that it should be. Try again.", name=name
            )
        partial.replace(target)
    except (OSError, http.client.HTTPException) as error:
        raise WeightsError(
            "The ImageNet weights could not be downloaded from {host} ({detail}). Go online and "
            "try again, or fetch {url} on another machine and choose that file as the weights; "
            "training from the starter model needs no download.",
            host=urlsplit(url).netloc,
            detail=getattr(error, "reason", None) or error,
            url=url,
        ) from error
    return target


def _fetch(url: str, partial: Path) -> Generator[tuple[int, int]]:
    done = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # All of it is there; the hash decides.
        raise
    with response:
        if done and response.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0  # The server sends the whole file again.
        total = done + int(response.headers.get("Content-Length") or 0)
        with partial.open("ab" if done else "wb") as file:
            while chunk := response.read(CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                yield done, max(total, done)
    if done < total:
        raise ConnectionError("the line broke")


def _matches_name(path: Path, name: str) -> bool:
    digits = re.search(r"-([0-9a-f]{8,})\.", name)
    if digits is None:
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(digits.group(1))


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Read a bare state dict from ``.safetensors``, or from a ``.pth`` without unpickling objects.

    Raises:
        WeightsError: it is missing, damaged, or holds anything but tensors.
    """
    if not path.is_file():
        raise WeightsError("There is no weights file “{path}”.", path=path)
    try:
        if path.suffix == ".safetensors":
            tensors = load_file(path)
            tensors.pop(CLASS_MEANS, None)  # A model file's, and no part of its network.
            return tensors
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, OSError, RuntimeError, ValueError, EOFError, KeyError) as error:
        raise _not_weights(path) from error
    except Exception as error:
        # Of pickle.UnpicklingError's kind: the file asks for code, which is never run.
        raise _not_weights(path) from error
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise _not_weights(path)
    return {str(name).removeprefix("module."): tensor for name, tensor in state.items()}


def _not_weights(path: Path) -> WeightsError:
    return WeightsError(
        "“{path}” is damaged, or holds something else than a network's weights.", path=path.name
    )


def load_trunk(classifier: Classifier, path: Path) -> None:
    """Copy the trunk's weights from a file into *classifier*; its head stays as it is.

    Raises:
        WeightsError: the file is not of this architecture, or cannot be read.
    """
    head = f"{classifier.architecture.head}."
    trunk = {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in read_state_dict(path).items()
        if not name.startswith(head)
    }
    try:
        missing, unexpected = classifier.network.load_state_dict(trunk, strict=False)
    except RuntimeError as error:
        raise _other_architecture(classifier, path) from error
    if unexpected or any(
        not name.startswith(head) and not name.endswith("num_batches_tracked") for name in missing
    ):
        raise _other_architecture(classifier, path)


def _other_architecture(classifier: Classifier, path: Path) -> WeightsError:
    return WeightsError(
        "The weights in “{path}” are not a {model}'s. Choose another file or another model.",
        path=path.name,
        model=classifier.architecture.title,
    )


def load_pretrained(classifier: Classifier, weights: str, classes: Sequence[str]) -> Progress:
    """Fill the trunk from ``imagenet``, ``starter`` or a file; yields a download's progress.

    From a model that was taught the very same *classes*, with the same kind of head, the head is
    taken as well: what it has learnt is learnt further.

    Raises:
        WeightsError: they cannot be had, or are of another architecture.
    """
    if weights == "imagenet":
        path = yield from download(imagenet_url(classifier), paths.weights_folder())
    elif weights == "starter":
        path = paths.starter_model()
        _check_starter(classifier, path)
    else:
        path = Path(weights)
    load_trunk(classifier, path)
    _load_head_of_same_classes(classifier, path, classes)
    return path


def _load_head_of_same_classes(classifier: Classifier, path: Path, classes: Sequence[str]) -> None:
    try:
        info = read_model_info(path)
    except ModelFileError:
        return  # Bare weights do not say what their classes are.
    if info.classes != tuple(classes):
        return
    prefix = f"{classifier.architecture.head}."
    theirs = {
        name.removeprefix(prefix): tensor.float()
        for name, tensor in read_state_dict(path).items()
        if name.startswith(prefix)
    }
    ours = classifier.head.state_dict()
    if {n: t.shape for n, t in theirs.items()} == {n: t.shape for n, t in ours.items()}:
        classifier.head.load_state_dict(theirs)


def _check_starter(classifier: Classifier, path: Path) -> None:
    try:
        starter = read_model_info(path).architecture
    except ModelFileError as error:
        raise WeightsError("The starter model is missing: {detail}", detail=error) from error
    if starter != classifier.architecture.name:
        raise WeightsError(
            "The starter model is a {starter}, so its weights cannot start a {model}. "
            "Choose the model {starter}, or other weights.",
            starter=starter,
            model=classifier.architecture.name,
        )
