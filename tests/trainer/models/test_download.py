import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import safetensors.torch
import torch

from tests.weights_server import CONTENT, Server
from trainer.errors import StorageError, WeightsError
from trainer.models.download import download

DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]
HUB_FILE = "x/net/resolve/main/model.safetensors"


def kept_in(folder: Path) -> list[Path]:
    """All files but those that processes wait for each other by."""
    return sorted(path for path in folder.iterdir() if path.suffix != ".lock")


def fetched(url: str, folder: Path, name: str = "") -> tuple[Path, list[tuple[int, int]]]:
    steps = download(url, folder, name)
    progress = []
    while True:
        try:
            progress.append(next(steps))
        except StopIteration as end:
            return end.value, progress


def test_a_download_tells_its_progress_and_is_kept(server: Server, tmp_path: Path) -> None:
    url = f"{server.address}/net-{DIGEST}.pth"
    path, progress = fetched(url, tmp_path)
    assert path.read_bytes() == CONTENT
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert fetched(url, tmp_path) == (path, [])
    assert len(server.starts) == 1


def test_a_broken_line_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.breaks_after = [300_000, 200_000]
    path, _ = fetched(f"{server.address}/net-{DIGEST}.pth", tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.starts == [0, 300_000, 500_000]


def test_what_has_come_is_kept_for_the_next_time(server: Server, tmp_path: Path) -> None:
    server.breaks_after = [100_000] * 3
    url = f"{server.address}/net-{DIGEST}.pth"
    with pytest.raises(WeightsError, match="could not be downloaded"):
        fetched(url, tmp_path)
    path, _ = fetched(url, tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.starts[-1] == 300_000


def test_a_stalled_line_can_be_given_up_at_once(server: Server, tmp_path: Path) -> None:
    server.flows.clear()
    steps = download(f"{server.address}/net-{DIGEST}.pth", tmp_path)
    # It speaks though nothing comes, and so whoever asked can stop asking.
    assert [next(steps) for _ in range(3)] == [(0, 0)] * 3
    steps.close()
    server.flows.set()
    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join()
    assert not list(tmp_path.glob("*.pth"))


def test_two_who_want_the_same_file_fetch_it_once(server: Server, tmp_path: Path) -> None:
    server.flows.clear()
    url = f"{server.address}/net-{DIGEST}.pth"
    first, second = download(url, tmp_path), download(url, tmp_path)
    assert next(first) == next(second) == (0, 0)
    server.flows.set()
    for _ in first:
        pass
    for _ in second:
        pass
    assert server.starts == [0]
    assert (tmp_path / f"net-{DIGEST}.pth").read_bytes() == CONTENT


def test_two_processes_that_want_the_same_file_fetch_it_once(
    server: Server, tmp_path: Path
) -> None:
    server.flows.clear()
    url = f"{server.address}/net-{DIGEST}.pth"
    code = (
        "import sys; from pathlib import Path; from trainer.models.download import download\n"
        "for _ in download(sys.argv[1], Path(sys.argv[2])): print(flush=True)"
    )
    command = [sys.executable, "-c", code, url, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        process.stdout.readline()  # Under way, or waiting for the other.
    server.flows.set()
    for process in both:
        process.communicate()
        assert process.returncode == 0
    assert server.starts == [0]
    assert (tmp_path / f"net-{DIGEST}.pth").read_bytes() == CONTENT


def test_a_folder_that_cannot_be_written_to_is_no_fault_of_the_lines(
    server: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "weights"
    folder.write_text("a file where a folder should be")
    with pytest.raises(StorageError):
        fetched(f"{server.address}/net-{DIGEST}.pth", folder)
    assert server.asked == []


def test_a_part_of_which_nothing_is_known_is_not_gone_on_with(
    server: Server, tmp_path: Path
) -> None:
    server.content = safetensors.torch.save({"a": torch.zeros(90_000)})
    server.breaks_after = [100_000] * 3
    url = f"{server.address}/{HUB_FILE}"
    with pytest.raises(WeightsError, match="could not be downloaded"):
        fetched(url, tmp_path, "net.safetensors")
    server.content = safetensors.torch.save({"a": torch.ones(90_000)})
    path, _ = fetched(url, tmp_path, "net.safetensors")
    assert path.read_bytes() == server.content
    assert server.starts == [0] * 4


def test_another_file_than_it_should_be_is_refused(server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[::-1]
    with pytest.raises(WeightsError, match="not the file"):
        fetched(f"{server.address}/net-{DIGEST}.pth", tmp_path)
    assert kept_in(tmp_path) == []


def test_a_file_that_is_all_there_but_spoilt_is_thrown_away_and_fetched_anew(
    server: Server, tmp_path: Path
) -> None:
    name = f"net-{DIGEST}.pth"
    (tmp_path / f"{name}.part").write_bytes(CONTENT[::-1])
    with pytest.raises(WeightsError, match="not the file"):
        fetched(f"{server.address}/{name}", tmp_path)
    path, _ = fetched(f"{server.address}/{name}", tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_refusal_and_no_network_are_said_with_what_to_do(server: Server, tmp_path: Path) -> None:
    for url in (f"{server.address}/missing-{DIGEST}.pth", "http://127.0.0.1:1/net.pth"):
        with pytest.raises(WeightsError, match="choose that file under"):
            fetched(url, tmp_path)


def on_hub(server: Server, content: bytes = CONTENT) -> str:
    server.redirects_with = {"X-Linked-ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
    return f"{server.address}/{HUB_FILE}"


def test_what_hugging_face_says_of_a_file_checks_it(server: Server, tmp_path: Path) -> None:
    url = on_hub(server)
    path, progress = fetched(url, tmp_path, "net.safetensors")
    assert path == tmp_path / "net.safetensors"
    assert path.read_bytes() == CONTENT
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert kept_in(tmp_path) == [path]


def test_a_wrong_file_of_hugging_faces_is_refused(server: Server, tmp_path: Path) -> None:
    url = on_hub(server, content=b"another")
    with pytest.raises(WeightsError, match="not the file"):
        fetched(url, tmp_path, "net.safetensors")
    assert kept_in(tmp_path) == []


def test_a_download_from_hugging_face_goes_on_and_is_checked_as_a_whole(
    server: Server, tmp_path: Path
) -> None:
    url = on_hub(server)
    server.breaks_after = [100_000] * 3
    with pytest.raises(WeightsError, match="could not be downloaded"):
        fetched(url, tmp_path, "net.safetensors")
    assert (tmp_path / "net.safetensors.part").stat().st_size == 300_000
    # Whoever redirects now says nothing: what was said before still counts.
    server.redirects_with = {}
    path, _ = fetched(url, tmp_path, "net.safetensors")
    assert server.starts[-1] == 300_000
    assert path.read_bytes() == CONTENT
    assert kept_in(tmp_path) == [path]


def test_a_download_of_what_has_changed_since_begins_anew(server: Server, tmp_path: Path) -> None:
    url = on_hub(server)
    server.breaks_after = [100_000] * 3
    with pytest.raises(WeightsError, match="could not be downloaded"):
        fetched(url, tmp_path, "net.safetensors")
    server.content = CONTENT[::-1]
    on_hub(server, content=server.content)
    path, _ = fetched(url, tmp_path, "net.safetensors")
    assert path.read_bytes() == server.content


def test_where_nothing_is_said_the_file_must_at_least_open(server: Server, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="not the file"):
        fetched(f"{server.address}/{HUB_FILE}", tmp_path, "net.safetensors")
    server.content = safetensors.torch.save({"a": torch.zeros(3)})
    path, _ = fetched(f"{server.address}/{HUB_FILE}", tmp_path, "net.safetensors")
    assert path.read_bytes() == server.content
