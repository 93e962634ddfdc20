"""Labelling images with a model. Torch is imported only where no faster engine can be used."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.data.images import is_cut_off, open_upright, read_file
from trainer.data.transforms import square
from trainer.errors import ImageError, ModelFileError
from trainer.inference.engine import Engine, Outputs
from trainer.inference.engine_selection import open_engine
from trainer.inference.prediction import Answer, Prediction, Ranked
from trainer.metrics.calibration import softmax
from trainer.models.metadata import ModelInfo, read_model_info
from trainer.models.ood_score import read_ood_score
from trainer.storage.file_digests import digest_of

BATCH_SIZE = 16
_DECODERS = 4
_ATTEMPTS = 4
_DECODED_AHEAD = 4 * BATCH_SIZE


class Predictor:
    """A loaded model, ready to answer. Use it from one thread at a time."""

    def __init__(
        self,
        model_file: Path,
        device: str = "auto",
        precision: str = "",
        engine: Engine | None = None,
    ) -> None:
        """Load a model; the fastest engine needs it to be prepared before, by
        :func:`trainer.inference.engine_selection.prepare`.

        Args:
            device: a torch device's name, or ``auto``.
            precision: as of :func:`trainer.inference.engine_selection.open_engine`.
            engine: one that has loaded this model, to answer by; it says device and precision.

        Raises:
            ModelFileError: it is missing, damaged, or not a model of this app.
            DeviceError: there is no such device.
        """
        self.model_file = model_file
        for attempt in range(_ATTEMPTS):
            self.info: ModelInfo = read_model_info(model_file)
            try:
                self.engine = engine or open_engine(model_file, device, precision)
                self._familiarity = read_ood_score(model_file, self.info)
            except ModelFileError:
                if attempt == _ATTEMPTS - 1 or read_model_info(model_file) == self.info:
                    raise
                continue
            # A model that is taught more is written anew, perhaps between these three.
            if read_model_info(model_file) == self.info:
                break
        self.threshold = self.info.threshold
        """What looks less familiar is answered *unknown*; the model's own until it is set."""

    def outputs(self, squares: Sequence[np.ndarray], with_maps: bool = False) -> Outputs:
        """What the network gives for uint8 squares (S, S, 3) of its size.

        Raises:
            ModelFileError: that is no number: its weights are damaged, or never were any good.
        """
        found = self.engine.run(np.stack(squares), with_maps)
        if not np.isfinite(found.logits).all():
            raise ModelFileError(
                "The model “{path}” answers with what is no number. Train it again, or choose "
                "another.",
                path=self.model_file.name,
            )
        return found

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, float32 (N, classes), of logits. Of a model that knows the
        background they add up to less than 1."""
        return softmax(logits / np.float32(self.info.temperature), self.info.knows_background)

    def familiarity(self, logits: np.ndarray, features: np.ndarray) -> np.ndarray:
        """How familiar images look, (N,) from 0 to 1: the share of right validation answers that
        looked less so. A model that was not calibrated takes its confidence instead."""
        if self._familiarity is None:
            confidence: np.ndarray = self.probabilities(logits).max(axis=1)
            return confidence
        return self._familiarity.of(logits, features)

    def answers(self, squares: Sequence[np.ndarray], top: int = 5) -> list[Answer]:
        """An answer to each square, with its *top* most probable classes."""
        return self.answers_of(self.outputs(squares), top)

    def answers_of(self, outputs: Outputs, top: int = 5) -> list[Answer]:
        """An answer to each image that *outputs* are of."""
        probabilities = self.probabilities(outputs.logits)
        familiarity = self.familiarity(outputs.logits, outputs.features)
        best_first = np.argsort(-probabilities, axis=1, kind="stable")[:, :top]
        ranked = np.take_along_axis(probabilities, best_first, axis=1)
        return [
            self._answer(*row)
            for row in zip(best_first.tolist(), ranked.tolist(), familiarity.tolist(), strict=True)
        ]

    def answer_image(self, image: np.ndarray, top: int = 5) -> Answer:
        """An answer to an RGB image of any size, uint8 (H, W, 3)."""
        whole = square(Image.fromarray(image), self.info.image_size, self.info.resize)
        return self.answers([whole], top)[0]

    def _answer(self, indices: list[int], ranked: list[float], familiarity: float) -> Answer:
        top = tuple(
            Ranked(self.info.classes[index], probability)
            for index, probability in zip(indices, ranked, strict=True)
        )
        answer = Answer(top[0].label, top[0].probability, top, familiarity)
        return answer.with_threshold(self.threshold)

    def predict(self, photos: Iterable[Path], top: int = 5) -> Generator[Prediction, None, None]:
        """Label *photos*, in their order; one that cannot be read is a prediction with an error.

        Photos are decoded in threads while batches are computed; at most some dozens are in memory
        at any time. The first photo is answered alone, so that it is not kept waiting by others.
        """
        for batch in self.batches(photos, first=1):
            answers = iter(self.answers_of(batch.outputs, top) if batch.outputs else ())
            for photo in batch.photos:
                if isinstance(photo.decoded, ImageError):
                    yield Prediction(photo.path, error=photo.decoded, digest=photo.digest)
                else:
                    answer = next(answers)
                    yield Prediction(
                        photo.path, answer, digest=photo.digest, is_cut_off=photo.is_cut_off
                    )

    def batches(
        self, photos: Iterable[Path], first: int = BATCH_SIZE
    ) -> Generator["Batch", None, None]:
        """Run the network over photos, in their order and so many at a time, which are decoded in
        threads meanwhile.

        Args:
            first: how many photos the first batch has.
        """
        chunk: list[ReadPhoto] = []
        size = first
        for photo in self.read(photos):
            chunk.append(photo)
            if len(chunk) == size:
                yield self._batch(chunk)
                chunk, size = [], BATCH_SIZE
        if chunk:
            yield self._batch(chunk)

    def read(self, photos: Iterable[Path]) -> Generator["ReadPhoto", None, None]:
        """Read photos in their order, in threads and some dozens ahead."""
        yield from _ahead(photos, self._read)

    def _batch(self, photos: Sequence["ReadPhoto"]) -> "Batch":
        squares = [photo.decoded for photo in photos if isinstance(photo.decoded, np.ndarray)]
        return Batch(tuple(photos), self.outputs(squares) if squares else None)

    def _read(self, path: Path) -> "ReadPhoto":
        try:
            data = read_file(path)
        except ImageError as error:
            return ReadPhoto(path, "", error)
        digest = digest_of(data)
        try:
            image = open_upright(data, at_least=self.info.image_size, name=path)
        except ImageError as error:
            return ReadPhoto(path, digest, error)
        pixels = square(image, self.info.image_size, self.info.resize)
        return ReadPhoto(path, digest, pixels, is_cut_off(image))


@dataclass(frozen=True, slots=True, eq=False)
class ReadPhoto:
    """A file that was read, or why it was not."""

    path: Path
    digest: str
    """Of its content; empty where that cannot be read."""
    decoded: np.ndarray | ImageError
    """uint8 (S, S, 3)."""
    is_cut_off: bool = False
    """Whether the end of the file is missing, and what is whole was read."""

    @property
    def is_readable(self) -> bool:
        return not isinstance(self.decoded, ImageError)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Photos that went through the network together."""

    photos: tuple[ReadPhoto, ...]
    outputs: Outputs | None
    """Of those that could be read, in their order; None where none could."""


def _ahead(
    photos: Iterable[Path], read: Callable[[Path], ReadPhoto]
) -> Generator[ReadPhoto, None, None]:
    """Read photos in threads, some dozens ahead, in order."""
    waiting: deque[Future[ReadPhoto]] = deque()
    pool = ThreadPoolExecutor(_DECODERS, thread_name_prefix="decode")
    try:
        for path in photos:
            waiting.append(pool.submit(read, path))
            if len(waiting) >= _DECODED_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
