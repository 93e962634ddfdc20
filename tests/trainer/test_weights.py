import hashlib
import pickle
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from trainer.errors import WeightsError
from trainer.model import Classifier
from trainer.model_file import save_model
from trainer.model_info import ModelInfo
from trainer.recipe import HeadKind
from trainer.weights import download, imagenet_url, load_pretrained, load_trunk, read_state_dict

CONTENT = bytes(range(256)) * 4096
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]


@dataclass
class Server:
    """A small web server that can break the line."""

    address: str = ""
    breaks_after: list[int] = field(default_factory=list)
    """After so many bytes the line breaks, once for each entry."""
    content: bytes = CONTENT
    starts: list[int] = field(default_factory=list)
    """Where each answer started."""
    flows: threading.Event = field(default_factory=threading.Event)
    """While it is not set, nothing but the head of an answer is sent."""


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    state.flows.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "missing" in self.path:
                self.send_error(404)
                return
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            state.starts.append(start)
            if start >= len(state.content):
                self.send_error(416)
                return
            rest = state.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            if state.breaks_after:
                rest = rest[: state.breaks_after.pop(0)]
                self.close_connection = True
            state.flows.wait()
            self.wfile.write(rest)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.address = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield state
        http.shutdown()
        thread.join()


def fetched(url: str, folder: Path) -> tuple[Path, list[tuple[int, int]]]:
    steps = download(url, folder)
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


def test_another_file_than_it_should_be_is_refused(server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[::-1]
    with pytest.raises(WeightsError, match="not the file"):
        fetched(f"{server.address}/net-{DIGEST}.pth", tmp_path)
    assert list(tmp_path.iterdir()) == []


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
        with pytest.raises(WeightsError, match="choose that file as the weights"):
            fetched(url, tmp_path)


def test_the_addresses_are_torchvisions_own() -> None:
    url = imagenet_url(Classifier("resnet50", classes=2))
    assert url == "https://download.pytorch.org/models/resnet50-0676ba61.pth"


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
def test_a_file_picked_by_hand_fills_the_trunk_and_not_the_head(
    tmp_path: Path, suffix: str
) -> None:
    from safetensors.torch import save_file

    torch.manual_seed(1)
    given = Classifier("mobilenet_v2", classes=5).network.state_dict()
    path = tmp_path / f"weights.{suffix}"
    if suffix == "pth":
        torch.save(given, path)
    else:
        save_file(given, path)
    classifier = Classifier("mobilenet_v2", classes=3)
    head = classifier.head.state_dict()["3.weight"].clone()
    load_trunk(classifier, path)
    loaded = classifier.network.state_dict()
    assert torch.equal(loaded["features.3.conv.2.weight"], given["features.3.conv.2.weight"])
    assert torch.equal(loaded["classifier.3.weight"], head)


def test_a_checkpoint_of_a_training_on_several_gpus_is_read(tmp_path: Path) -> None:
    given = Classifier("mobilenet_v2", classes=5).half().network.state_dict()
    path = tmp_path / "weights.pth"
    wrapped = {f"module.{name}": value for name, value in given.items()}
    torch.save({"epoch": 3, "state_dict": wrapped}, path)
    classifier = Classifier("mobilenet_v2", classes=3)
    load_trunk(classifier, path)
    name = "features.3.conv.2.weight"
    assert torch.equal(classifier.network.state_dict()[name], given[name].float())


def loaded(classifier: Classifier, weights: str, classes: Sequence[str]) -> None:
    for _ in load_pretrained(classifier, weights, classes):
        pass


@pytest.mark.parametrize(
    ("classes", "head", "is_taken"),
    [
        (("a", "b"), "linear", True),
        (("b", "a"), "linear", False),
        (("a", "c"), "linear", False),
        (("a", "b"), "notebook", False),
    ],
)
def test_the_head_of_a_model_that_knows_the_same_classes_is_taken_as_well(
    tmp_path: Path, classes: tuple[str, ...], head: HeadKind, is_taken: bool
) -> None:
    path = tmp_path / "model.safetensors"
    given = Classifier("mobilenet_v2", 2, "linear")
    info = ModelInfo(title="Given", architecture="mobilenet_v2", classes=("a", "b"), head="linear")
    save_model(path, given, info)
    classifier = Classifier("mobilenet_v2", 2, head)
    loaded(classifier, str(path), classes)
    trunk, head_weights = "features.3.conv.2.weight", "classifier.1.weight"
    ours, theirs = classifier.network.state_dict(), given.network.state_dict()
    assert torch.equal(ours[trunk], theirs[trunk])
    assert (head_weights in ours and torch.equal(ours[head_weights], theirs[head_weights])) == (
        is_taken
    )


def test_the_starter_starts_only_its_own_architecture() -> None:
    loaded(Classifier("mobilenet_v2", classes=2), "starter", ("a", "b"))
    with pytest.raises(WeightsError, match="cannot start a resnet50"):
        loaded(Classifier("resnet50", classes=2), "starter", ("a", "b"))


def test_weights_of_another_architecture_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save(Classifier("mobilenet_v2", classes=2).network.state_dict(), path)
    with pytest.raises(WeightsError, match="are not a ResNet50's"):
        load_trunk(Classifier("resnet50", classes=2), path)


class _Evil:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.target,)


@pytest.mark.parametrize(
    "kind",
    ["code", "code in a zip", "code as safetensors", "text", "empty", "missing", "no tensors"],
)
def test_what_holds_no_weights_is_refused_and_never_run(tmp_path: Path, kind: str) -> None:
    path, trace = tmp_path / "weights.pth", tmp_path / "trace"
    if kind == "code":
        path.write_bytes(pickle.dumps({"a": _Evil(trace)}))
    elif kind == "code in a zip":
        torch.save({"a": torch.zeros(1), "b": _Evil(trace)}, path)
    elif kind == "code as safetensors":
        path = tmp_path / "weights.safetensors"
        path.write_bytes(pickle.dumps({"a": _Evil(trace)}))
    elif kind == "text":
        path.write_text("no weights")
    elif kind == "empty":
        path.touch()
    elif kind == "no tensors":
        torch.save({"a": 1}, path)
    with pytest.raises(WeightsError):
        read_state_dict(path)
    assert not trace.exists()
