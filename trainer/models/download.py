"""Downloading weights: with progress, over broken lines, and checked."""

import functools
import hashlib
import http.client
import os
import queue
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import certifi
from filelock import FileLock, Timeout
from safetensors import SafetensorError, safe_open

from trainer.errors import StorageError, WeightsError
from trainer.storage.atomic import replace

CHUNK_BYTES = 256 * 1024
TIMEOUT_SECONDS = 20
ATTEMPTS = 3
_SECONDS_BETWEEN_STEPS = 0.2

_DIGEST_HEADER = "X-Linked-ETag"

Progress = Generator[tuple[int, int], None, Path]
"""Yields (bytes done, bytes in all), and returns where the file lies."""


def download(url: str, folder: Path, name: str = "") -> Progress:
    """Fetch a weights file, unless it is there already; see :func:`_download`.

    It yields several times a second even while nothing arrives, so that it can be broken off. Where
    the same file is being fetched already, in another thread or process, it waits for that.

    Args:
        name: what to call the file; without, what the address calls it.

    Raises:
        StorageError: the disk is full, or cannot be written to.
        WeightsError: offline, refused, or not the file that it should be.
    """
    steps: queue.SimpleQueue[tuple[int, int] | Path | Exception] = queue.SimpleQueue()
    is_given_up = threading.Event()
    target = folder / (name or Path(urlsplit(url).path).name)
    if target.is_file():
        return target

    def drain() -> None:
        try:
            with _alone(target, is_given_up):
                fetching = _download(url, folder, target.name)
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


@contextmanager
def _alone(target: Path, is_given_up: threading.Event) -> Iterator[None]:
    """As the only one of all processes that writes a file; the others wait, and then find it. Not
    waited for any longer once it is given up, when there is nothing to do inside."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.with_name(f".{target.name}.lock"), thread_local=False)
        while not lock.is_locked and not is_given_up.is_set():
            with suppress(Timeout):
                lock.acquire(timeout=_SECONDS_BETWEEN_STEPS)
    except OSError as error:
        raise StorageError.of(error) from error
    try:
        yield
    finally:
        lock.release()


def _download(url: str, folder: Path, name: str) -> Progress:
    """Fetch a weights file, unless it is there already.

    It is checked against its SHA-256: the first digits of that end the names of torch hub's files,
    and Hugging Face tells all of them when it redirects to where the file lies. Where there is
    neither, a safetensors file must open. A broken line is taken up again where it broke, now or at
    the next call: what has come so far is kept in a file ending in ``.part``, and what Hugging Face
    told beside it.

    Raises:
        StorageError: the disk is full, or cannot be written to.
        WeightsError: offline, refused, or not the file that it should be.
    """
    target = folder / name
    if target.is_file():
        return target
    partial = folder / f"{name}.part"
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                yield from _fetch(url, partial)
                break
            except _LineError as error:
                if attempt == ATTEMPTS or error.is_refusal:
                    raise
        is_right = _is_right(partial, name)
        _digest_file(partial).unlink(missing_ok=True)
        if not is_right:
            partial.unlink()
            raise WeightsError(
                "The download of “{name}” is not the file that it should be. Try again.", name=name
            )
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        replace(partial, target)
    except OSError as error:
        raise StorageError.of(error) from error
    except _LineError as error:
        raise WeightsError(
            "The ImageNet weights could not be downloaded from {host} ({detail}). Go online and "
            "try again, or fetch {url} on another machine and choose that file under “Start from” "
            "(in the terminal: --weights). EfficientNet-Lite0 and Lite2 need no download.",
            host=urlsplit(url).netloc,
            detail=error,
            url=url,
        ) from error
    return target


class _LineError(Exception):
    """The line, or who is at the other end, failed; not the disk."""

    def __init__(self, error: Exception) -> None:
        super().__init__(getattr(error, "reason", None) or error)
        self.is_refusal = isinstance(error, urllib.error.HTTPError)
        """Whether it would be refused again."""


@contextmanager
def _on_the_line() -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise _LineError(error) from error
    except (OSError, http.client.HTTPException) as error:
        raise _LineError(error) from error


class _Redirected(urllib.request.HTTPRedirectHandler):
    """Follows redirections, and keeps what Hugging Face says of the file in them."""

    digest = ""
    """The file's SHA-256, 64 hexadecimal digits; empty where nothing was said."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        tag = (headers.get(_DIGEST_HEADER) or "").removeprefix("W/").strip('"').lower()
        if re.fullmatch("[0-9a-f]{64}", tag):
            self.digest = tag
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise urllib.error.URLError("redirected to where nothing is encrypted")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _fetch(url: str, partial: Path) -> Generator[tuple[int, int]]:
    done = partial.stat().st_size if partial.exists() else 0
    known = _known_digest(partial)
    if done and not (known or _digits_in(partial.name)):
        # Nothing would tell whether the rest is of the same file.
        partial.unlink()
        done = 0
    redirected = _Redirected()
    response = _open(url, done, redirected)
    if redirected.digest and done and redirected.digest != known:
        # What has come so far is of another file.
        if response is not None:
            response.close()
        partial.unlink()
        done = 0
        response = _open(url, done, redirected)
    if redirected.digest:
        _digest_file(partial).write_text(redirected.digest, encoding="ascii")
    if response is None:
        return  # All of it is there; the hash decides.
    with response:
        if done and response.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0  # The server sends the whole file again.
        total = done + int(response.headers.get("Content-Length") or 0)
        with partial.open("ab" if done else "wb") as file:
            while chunk := _read(response):
                file.write(chunk)
                done += len(chunk)
                yield done, max(total, done)
    if done < total:
        raise _LineError(ConnectionError("the line broke"))


def _read(response: http.client.HTTPResponse) -> bytes:
    with _on_the_line():
        return response.read(CHUNK_BYTES)


def _open(url: str, done: int, redirected: _Redirected) -> http.client.HTTPResponse | None:
    """The answer, from byte *done* on; None where there is no more."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    handlers: list[urllib.request.BaseHandler] = [redirected]
    if urlsplit(url).scheme == "https":
        handlers.append(urllib.request.HTTPSHandler(context=_certificates()))
    opener = urllib.request.build_opener(*handlers)
    with _on_the_line():
        try:
            response: http.client.HTTPResponse = opener.open(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                error.close()
                return None
            raise
        return response


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe: whom the system does, which knows of a company's own, and whom browsers do,
    for the packaged program is not built where it runs, and may look for the system's in vain."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _digest_file(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.sha256")


def _known_digest(partial: Path) -> str:
    file = _digest_file(partial)
    return file.read_text(encoding="ascii") if file.is_file() else ""


def _digits_in(name: str) -> str:
    """The first digits of a file's SHA-256 that its name ends with, as torch hub's do."""
    found = re.search(r"-([0-9a-f]{8,})\.", name)
    return found.group(1) if found else ""


def _is_right(path: Path, name: str) -> bool:
    digits = _known_digest(path) or _digits_in(name)
    if digits:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest().startswith(digits)
    if not name.endswith(".safetensors"):
        return True
    try:
        with safe_open(path, framework="numpy"):
            return True
    except SafetensorError:
        return False
