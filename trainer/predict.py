"""Labelling pictures with a model."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from trainer.device import choose_compute
from trainer.errors import PictureError
from trainer.model import normalise
from trainer.model_file import load_model
from trainer.prediction import Answer, Prediction, Ranked
from trainer.transforms import square, square_from_file

BATCH_SIZE = 16
_DECODERS = 4
_DECODED_AHEAD = 4 * BATCH_SIZE

_Decoded = np.ndarray | PictureError


class Predictor:
    """A loaded model, ready to answer. Use it from one thread at a time."""

    def __init__(self, model_file: Path, device: str = "auto") -> None:
        """Load a model.

        Raises:
            ModelFileError: it is missing, damaged, or not a model of this app.
            DeviceError: there is no such device.
        """
        self.compute = choose_compute(device)
        self.classifier, self.info = load_model(model_file)
        self.classifier.move_to(self.compute.device)

    def logits(self, squares: Sequence[np.ndarray]) -> Tensor:
        """Logits, float32 (N, classes), on the CPU, of uint8 squares (S, S, 3) of its size."""
        images = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).to(self.compute.device)
        with torch.inference_mode(), self.compute.autocast():
            inputs = normalise(images, self.info.mean, self.info.std)
            output: Tensor = self.classifier(inputs.contiguous(memory_format=torch.channels_last))
        return output.float().cpu()

    def probabilities(self, squares: Sequence[np.ndarray]) -> Tensor:
        """Calibrated probabilities, float32 (N, classes), of what :meth:`logits` takes."""
        return functional.softmax(self.logits(squares) / self.info.temperature, dim=1)

    def answers(self, squares: Sequence[np.ndarray], top: int = 5) -> list[Answer]:
        """An answer to each square, with its *top* most probable classes."""
        values, indices = self.probabilities(squares).topk(min(top, len(self.info.classes)), dim=1)
        return [
            self._answer(row_values, row_indices)
            for row_values, row_indices in zip(values.tolist(), indices.tolist(), strict=True)
        ]

    def answer_picture(self, picture: np.ndarray, top: int = 5) -> Answer:
        """An answer to an RGB picture of any size, uint8 (H, W, 3)."""
        whole = square(Image.fromarray(picture), self.info.image_size, self.info.resize)
        return self.answers([whole], top)[0]

    def _answer(self, probabilities: list[float], indices: list[int]) -> Answer:
        ranked = tuple(
            Ranked(self.info.classes[index], probability)
            for index, probability in zip(indices, probabilities, strict=True)
        )
        best = ranked[0]
        is_sure = best.probability >= self.info.threshold
        return Answer(best.label if is_sure else None, best.probability, ranked)

    def predict(self, photos: Iterable[Path], top: int = 5) -> Generator[Prediction, None, None]:
        """Label *photos*, in their order; one that cannot be read is a prediction with an error.

        Photos are decoded in threads while batches are computed; at most some dozens are in memory
        at any time. The first photo is answered alone, so that it is not kept waiting by others.
        """
        chunk: list[tuple[Path, _Decoded]] = []
        size = 1
        for item in self.decoded(photos):
            chunk.append(item)
            if len(chunk) == size:
                yield from self._predict_chunk(chunk, top)
                chunk, size = [], BATCH_SIZE
        yield from self._predict_chunk(chunk, top)

    def decoded(self, photos: Iterable[Path]) -> Iterator[tuple[Path, _Decoded]]:
        """Each photo with its square, uint8 (S, S, 3), or with what kept it from being read."""
        size, resize = self.info.image_size, self.info.resize

        def decode(path: Path) -> _Decoded:
            try:
                return square_from_file(path, size, resize)
            except PictureError as error:
                return error

        waiting: deque[tuple[Path, Future[_Decoded]]] = deque()
        pool = ThreadPoolExecutor(_DECODERS, thread_name_prefix="decode")
        try:
            for path in photos:
                waiting.append((path, pool.submit(decode, path)))
                if len(waiting) >= _DECODED_AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _predict_chunk(self, chunk: list[tuple[Path, _Decoded]], top: int) -> Iterator[Prediction]:
        squares = [decoded for _, decoded in chunk if isinstance(decoded, np.ndarray)]
        answers = iter(self.answers(squares, top) if squares else ())
        for path, decoded in chunk:
            if isinstance(decoded, PictureError):
                yield Prediction(path, error=decoded)
            else:
                yield Prediction(path, next(answers))
