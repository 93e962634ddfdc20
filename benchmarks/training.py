"""Training: the published notebook's loop beside ours, on the same photos.

Measured is the wall-clock time of each epoch, with its validation and all that is saved after it.
The first epoch includes everything before it: building the network, starting workers, decoding,
running the frozen trunk; only imports are left out. Every arm runs in a process of its own, with
cold caches, on the same rendered photos in two sizes, as small as those of the notebook's data set
and as large as a phone's.

The *floor* is how fast ``layer4`` could be if nothing were left but the arithmetic of what is
trained, at the best rate that a convolution of layer4 and a large matrix product reach here, in
either precision.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from PIL import Image, ImageChops

from trainer import synthetic
from trainer.config.presets import PRESETS
from trainer.config.recipe import Recipe

ROOT = Path(__file__).resolve().parents[1]
KINDS = synthetic.DEFAULT_KINDS[:4]
SMALL_SIDE = 348
PHONE_SIZE = (4032, 3024)
PHONE_GRAIN = 8.0
"""Standard deviation of the noise in phone photos, of 255: makes JPEG files of about 3 MB."""

ARMS: dict[str, Recipe | None] = {
    "published": None,
    "layer4": PRESETS["layer4"].but(weights="none", patience=0),
    "quick": PRESETS["layer4"].but(weights="none", patience=0, strategy="head"),
    "shipped_quick": PRESETS["quick"].but(patience=0),
}
"""None is the published loop; ``quick`` is the preset's idea with the published loop's network."""

TITLES = {
    "published": "published loop",
    "layer4": "layer4",
    "quick": "quick, ResNet50",
    "shipped_quick": "quick, as shipped",
}

COLUMNS = (
    *("photos", "arm", "train + validation", "first epoch s", "ratio"),
    *("later epoch s", "ratio", "images/s", "peak MiB"),
)

NOTES = """\
ResNet50 has random weights on both sides, so that nothing is downloaded; the time is the same.
“quick, ResNet50” trains the head alone; “quick, as shipped” has EfficientNet-Lite0, 224 px.
The published loop decodes in {workers} DataLoader workers a split (0: in its own process, torch's
default, and no slower on two cores); its peak is without their memory. A later epoch is the median
of those after the first; images/s are training and validation photos in it. A ratio is the
published loop's time by ours."""


class BenchmarkError(Exception):
    """An arm could not be measured."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured. Epochs count from the first."""

    small_per_kind: int
    """Rendered pictures of each kind; 15 of a hundred go to a test split that is not used."""
    phone_per_kind: tuple[int, int]
    """Of these, how many for training and for validation are made as large as a phone's."""
    published_epochs: int
    layer4_epochs: int
    head_epochs: int


QUICK = Scale(30, (6, 2), published_epochs=2, layer4_epochs=3, head_epochs=21)
FULL = Scale(300, (42, 10), published_epochs=3, layer4_epochs=4, head_epochs=21)


@dataclass(frozen=True, slots=True)
class Result:
    """What an arm took."""

    arm: str
    photo_size: str
    training_photos: int
    validation_photos: int
    epoch_seconds: list[float]
    """Of each epoch with its validation; the first includes all that comes before it."""
    peak_memory_bytes: int
    """Of the arm's process, without its workers."""
    peak_gpu_memory_bytes: int

    @property
    def photos(self) -> int:
        return self.training_photos + self.validation_photos

    @property
    def first_epoch_seconds(self) -> float:
        return self.epoch_seconds[0]

    @property
    def later_epoch_seconds(self) -> float:
        """The median of the epochs after the first."""
        return statistics.median(self.epoch_seconds[1:])

    @property
    def images_per_second(self) -> float:
        return self.photos / self.later_epoch_seconds


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured, and how fast it can compute."""

    cpu: str
    cores: int
    torch: str
    device: str
    precision: str
    """Of our layer4: what its own step was measured to be faster in."""
    convolution_gflops: dict[str, float]
    """By precision: 10⁹ floating-point operations a second, in a convolution of layer4 on a batch
    of 16."""
    matrix_product_gflops: dict[str, float]
    layer4_training_gflop: float
    """10⁹ operations a photo, forward and backward, from the cached input of layer4."""
    layer4_validation_gflop: float

    def floor_seconds(self, result: Result) -> float:
        """The least time in which an epoch of layer4 can be computed here."""
        work = (
            result.training_photos * self.layer4_training_gflop
            + result.validation_photos * self.layer4_validation_gflop
        )
        return work / max(*self.convolution_gflops.values(), *self.matrix_product_gflops.values())


def write_small_photos(folder: Path, per_kind: int) -> None:
    """Render pictures as large as those of the notebook's data set, in three splits."""
    for done, total in synthetic.write_data_set(folder, per_kind, kinds=KINDS, size=SMALL_SIDE):
        _show(f"rendering photos: {done} of {total}")


def write_phone_photos(small: Path, folder: Path, per_kind: tuple[int, int]) -> None:
    """Enlarge some of the pictures in *small* to 12 megapixels, with a sensor's grain.

    Args:
        per_kind: how many of each kind, for training and for validation.
    """
    grain = Image.merge("RGB", [Image.effect_noise(PHONE_SIZE, PHONE_GRAIN)] * 3)
    chosen = [
        path
        for split, count in zip(("train", "validation"), per_kind, strict=True)
        for kind in sorted((small / split).iterdir())
        for path in sorted(kind.iterdir())[:count]
    ]

    def enlarge(number: int) -> None:
        target = folder / chosen[number].relative_to(small)
        target.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(chosen[number]) as image:
            large = image.resize(PHONE_SIZE, Image.Resampling.BICUBIC)
        shifted = ImageChops.offset(grain, 211 * number, 97 * number)
        ImageChops.add(large, shifted, 1, -128).save(target, quality=85)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for done, _ in enumerate(pool.map(enlarge, range(len(chosen))), start=1):
            _show(f"enlarging photos: {done} of {len(chosen)}")


def measure_arm(arm: str, photos: Path, epochs: int, workers: int, home: Path) -> Result:
    """Train in this process as *arm* does.

    Args:
        workers: DataLoader workers of the published loop.
        home: an empty folder, for what is saved.
    """
    # Before the clock starts: importing torch takes seconds.
    import torch

    from benchmarks import published_loop
    from trainer.data.dataset import open_data_set
    from trainer.events import EpochDone
    from trainer.experiments.run import create_run
    from trainer.training.fit import fit

    def epochs_done() -> Iterator[object]:
        recipe = ARMS[arm]
        if recipe is None:
            return published_loop.train(
                photos, home / "best_model.pth", epochs=epochs, patience=0, workers=workers
            )
        run = create_run(recipe.but(epochs=epochs), photos)
        happened = fit(run, open_data_set(photos))
        return (event for event in happened if isinstance(event, EpochDone))

    seconds = []
    began = time.perf_counter()
    for _ in epochs_done():
        now = time.perf_counter()
        seconds.append(now - began)
        began = now
    return Result(
        arm=arm,
        photo_size=photos.name,
        training_photos=_count_photos(photos / "train"),
        validation_photos=_count_photos(photos / "validation"),
        epoch_seconds=seconds,
        peak_memory_bytes=_peak_memory(),
        peak_gpu_memory_bytes=(
            torch.cuda.max_memory_reserved() if torch.cuda.is_available() else 0
        ),
    )


def measure_machine() -> Machine:
    """Count what layer4 has to compute, and measure how fast this machine computes."""
    import torch
    from torch import Tensor
    from torch.nn import functional
    from torch.utils.flop_counter import FlopCounterMode

    from trainer.models.classifier import Classifier, freeze
    from trainer.runtime.device import choose_device, cpu_has_bfloat16, describe
    from trainer.training.training_precision import choose_training_compute

    last, batch = 4, 16
    with torch.device("meta"):  # Counting needs no values.
        classifier = Classifier("resnet50", len(KINDS))
        inputs = torch.empty(batch, 1024, 14, 14)
    freeze(classifier, [last], "eval")
    with FlopCounterMode(display=False) as training:
        classifier(inputs, last).sum().backward()
    with FlopCounterMode(display=False) as validation, torch.no_grad():
        classifier.eval()(inputs, last)

    compute = choose_training_compute(PRESETS["layer4"], choose_device())
    on_cpu = compute.device.type == "cpu"
    dtypes = {torch.float32, compute.dtype}
    if on_cpu and cpu_has_bfloat16():
        dtypes.add(torch.bfloat16)

    def rate(operation: Callable[[], Tensor]) -> float:
        """The best of some rounds, in 10⁹ floating-point operations a second."""
        with FlopCounterMode(display=False) as counter:
            operation()
        best = float("inf")
        for _ in range(10):
            _wait_for(compute.device)
            began = time.perf_counter()
            for _ in range(5):
                operation()
            _wait_for(compute.device)
            best = min(best, (time.perf_counter() - began) / 5)
        return float(counter.get_total_flops() / best / 1e9)

    convolution_gflops, matrix_product_gflops = {}, {}
    for dtype in sorted(dtypes, key=str, reverse=True):
        random = partial(torch.randn, device=compute.device, dtype=dtype)
        maps = random(batch, 512, 7, 7).to(memory_format=torch.channels_last)
        kernels = random(512, 512, 3, 3).to(memory_format=torch.channels_last)
        matrix = random(*2 * [1024 if on_cpu else 8192])
        name = str(dtype).removeprefix("torch.")
        with torch.no_grad():
            convolution_gflops[name] = rate(partial(functional.conv2d, maps, kernels, padding=1))
            matrix_product_gflops[name] = rate(partial(torch.matmul, matrix, matrix))
    return Machine(
        cpu=_cpu_name(),
        cores=os.cpu_count() or 1,
        torch=torch.__version__,
        device=describe(compute.device),
        precision=compute.precision,
        convolution_gflops=convolution_gflops,
        matrix_product_gflops=matrix_product_gflops,
        layer4_training_gflop=training.get_total_flops() / batch / 1e9,
        layer4_validation_gflop=validation.get_total_flops() / batch / 1e9,
    )


def _wait_for(device: Any) -> None:
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def _peak_memory() -> int:
    """The most memory that this process has had, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _cpu_name() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _count_photos(split: Path) -> int:
    return sum(1 for _ in split.glob("*/*"))


def in_own_process(arguments: Sequence[str], home: Path) -> dict[str, Any]:
    """Call this command in a process of its own, for what it prints as JSON.

    Raises:
        BenchmarkError: it failed.
    """
    environment = os.environ | {"FRUITGUI_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.training", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise BenchmarkError(f"“{' '.join(arguments[:2])}” failed: {reason}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def measure(scale: Scale, workers: int, folder: Path) -> tuple[Machine, list[Result]]:
    """Measure every arm on both sizes of photos, which are written to *folder*.

    Raises:
        BenchmarkError: an arm failed.
        OSError: the disk is full.
    """
    small, phone = folder / "small", folder / "phone"
    write_small_photos(small, scale.small_per_kind)
    write_phone_photos(small, phone, scale.phone_per_kind)
    _show("measuring the machine")
    machine = Machine(**in_own_process(["--measure-machine"], folder / "home"))
    results = []
    for photos in (small, phone):
        for arm in ARMS:
            _show(f"training: {TITLES[arm]}, {photos.name} photos")
            epochs = {"published": scale.published_epochs, "layer4": scale.layer4_epochs}.get(
                arm, scale.head_epochs
            )
            home = folder / "home"
            home.mkdir(exist_ok=True)
            arguments = ["--arm", arm, "--photos", str(photos), "--epochs", str(epochs)]
            answer = in_own_process([*arguments, "--workers", str(workers)], home)
            results.append(Result(**answer))
            shutil.rmtree(home)  # The next arm finds no cache.
    _show("")
    return machine, results


def baseline_of(result: Result, results: Sequence[Result]) -> Result:
    """The published loop's result on the same photos."""
    return next(
        other
        for other in results
        if other.arm == "published" and other.photo_size == result.photo_size
    )


def summary(machine: Machine, results: Sequence[Result]) -> dict[str, Any]:
    """All figures as JSON values. Names say units; a ratio is the published loop's time by ours."""
    figures: dict[str, Any] = {}
    for result in results:
        name = result.arm if result.photo_size == "small" else f"{result.arm}_{result.photo_size}"
        if result.arm != "published":
            published = baseline_of(result, results)
            figures[f"{name}_epoch_ratio"] = (
                published.later_epoch_seconds / result.later_epoch_seconds
            )
            figures[f"{name}_first_epoch_ratio"] = (
                published.first_epoch_seconds / result.first_epoch_seconds
            )
        figures[f"{name}_images_per_second"] = result.images_per_second
        figures[f"{name}_peak_memory_bytes"] = result.peak_memory_bytes
        if result.arm == "layer4":
            floor = machine.floor_seconds(result)
            figures[f"{name}_floor_images_per_second"] = result.photos / floor
            figures[f"{name}_floor_share"] = floor / result.later_epoch_seconds
    return {**figures, "machine": asdict(machine), "arms": [asdict(result) for result in results]}


def print_table(machine: Machine, results: Sequence[Result], workers: int) -> None:
    """Print a row an arm, the floor, and what to know of them."""
    print(f"{machine.cpu}, {machine.cores} cores, torch {machine.torch}")
    print(f"on {machine.device}, layer4 in {machine.precision}, as measured\n")
    table = [COLUMNS, *(_row(result, baseline_of(result, results)) for result in results)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
    print()
    for result in results:
        if result.arm == "layer4":
            floor = machine.floor_seconds(result)
            print(
                f"floor of layer4, {result.photo_size} photos: {result.photos / floor:.1f} "
                f"images/s, of which {floor / result.later_epoch_seconds:.0%} are reached"
            )
    rates = "; ".join(
        f"{precision}: convolution {convolution:.0f}, "
        f"matrix product {machine.matrix_product_gflops[precision]:.0f} GFLOP/s"
        for precision, convolution in machine.convolution_gflops.items()
    )
    print(
        f"({machine.layer4_training_gflop:.2f} GFLOP a training photo and "
        f"{machine.layer4_validation_gflop:.2f} a validation photo; {rates})\n"
    )
    print(NOTES.format(workers=workers))


def _row(result: Result, published: Result) -> tuple[str, ...]:
    return (
        result.photo_size,
        TITLES[result.arm],
        f"{result.training_photos} + {result.validation_photos}",
        f"{result.first_epoch_seconds:.2f}",
        f"{published.first_epoch_seconds / result.first_epoch_seconds:.1f}",
        f"{result.later_epoch_seconds:.3f}",
        f"{published.later_epoch_seconds / result.later_epoch_seconds:.1f}",
        f"{result.images_per_second:.1f}",
        f"{result.peak_memory_bytes / 2**20:.0f}",
    )


def _show(progress: str) -> None:
    """Keep a line of progress on a terminal up to date."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Training: the published notebook's loop beside ours, on the same photos."
    )
    parser.add_argument("--quick", action="store_true", help="fewer photos: under four minutes")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        help="DataLoader workers of the published loop (default: %(default)s)",
    )
    # What this command calls itself with, in a process of its own.
    parser.add_argument("--measure-machine", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--arm", choices=tuple(ARMS), help=argparse.SUPPRESS)
    parser.add_argument("--photos", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--epochs", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.workers < 0:
        parser.error("--workers must be 0 or more")
    if chosen.measure_machine:
        print(json.dumps(asdict(measure_machine())))
        return 0
    if chosen.arm:
        home = Path(os.environ["FRUITGUI_HOME"])
        result = measure_arm(chosen.arm, chosen.photos, chosen.epochs, chosen.workers, home)
        print(json.dumps(asdict(result)))
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="training-benchmark-") as folder:
            machine, results = measure(
                QUICK if chosen.quick else FULL, chosen.workers, Path(folder)
            )
    except (BenchmarkError, OSError) as error:
        _show("")
        print(f"The benchmark could not be run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _show("")
        return 130
    print_table(machine, results, chosen.workers)
    if chosen.json:
        print(json.dumps(summary(machine, results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
