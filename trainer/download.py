"""Downloading weights: with progress, over broken lines, and checked."""

import hashlib
import http.client
import queue
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Generator
from email.message import Message
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from safetensors import SafetensorError, safe_open

from trainer.errors import WeightsError

CHUNK_BYTES = 256 * 1024
TIMEOUT_SECONDS = 20
ATTEMPTS = 3
_SECONDS_BETWEEN_STEPS = 0.2

_DIGEST_HEADER = "X-Linked-ETag"

_being_fetched: dict[Path, threading.Lock] = {}
"""One at a time writes a file; the others wait, and then find what it has fetched."""

Progress = Generator[tuple[int, int], None, Path]
"""Yields (bytes done, bytes in all), and returns where the file lies."""


def download(url: str, folder: Path, name: str = "") -> Progress:
    """Fetch a weights file, unless it is there already; see :func:`_download`.

    It yields several times a second even while nothing arrives, so that it can be broken off. Where
    the same file is being fetched already, it waits for that.

    Args:
        name: what to call the file; without, what the address calls it.

    Raises:
        WeightsError: offline, refused, no room on the disk, or not the file that it should be.
    """
    steps: queue.SimpleQueue[tuple[int, int] | Path | Exception] = queue.SimpleQueue()
    is_given_up = threading.Event()
    target = folder / (name or Path(urlsplit(url).path).name)
    turn = _being_fetched.setdefault(target, threading.Lock())

    def drain() -> None:
        while not turn.acquire(timeout=_SECONDS_BETWEEN_STEPS):
            if is_given_up.is_set():
                return
        try:
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
        finally:
            turn.release()

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


def _download(url: str, folder: Path, name: str) -> Progress:
    """Fetch a weights file, unless it is there already.

    It is checked against its SHA-256: the first digits of that end the names of torch hub's files,
    and Hugging Face tells all of them when it redirects to where the file lies. Where there is
    neither, a safetensors file must open. A broken line is taken up again where it broke, now or at
    the next call: what has come so far is kept in a file ending in ``.part``, and what Hugging Face
    told beside it.

    Raises:
        WeightsError: offline, refused, no room on the disk, or not the file that it should be.
    """
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
        is_right = _is_right(partial, name)
        _digest_file(partial).unlink(missing_ok=True)
        if not is_right:
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
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _fetch(url: str, partial: Path) -> Generator[tuple[int, int]]:
    done = partial.stat().st_size if partial.exists() else 0
    redirected = _Redirected()
    response = _open(url, done, redirected)
    known = _known_digest(partial)
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
            while chunk := response.read(CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                yield done, max(total, done)
    if done < total:
        raise ConnectionError("the line broke")


def _open(url: str, done: int, redirected: _Redirected) -> http.client.HTTPResponse | None:
    """The answer, from byte *done* on; None where there is no more."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    opener = urllib.request.build_opener(redirected)
    try:
        response: http.client.HTTPResponse = opener.open(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            error.close()
            return None
        raise
    return response


def _digest_file(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.sha256")


def _known_digest(partial: Path) -> str:
    file = _digest_file(partial)
    return file.read_text(encoding="ascii") if file.is_file() else ""


def _is_right(path: Path, name: str) -> bool:
    in_name = re.search(r"-([0-9a-f]{8,})\.", name)
    digits = _known_digest(path) or (in_name.group(1) if in_name else "")
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
