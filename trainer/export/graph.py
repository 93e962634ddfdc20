"""What is exported: resizing, normalisation, network, calibration and familiarity in one graph.

Everything is written in tensor operations that tracing records as they are, with sizes read from
the shape of the input, so that one trace serves pictures of every size and any number of them.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.onnx.operators import shape_as_tensor

from trainer.familiarity import LEVELS, Familiarity
from trainer.model import Classifier, normalise
from trainer.model_info import ModelInfo
from trainer.recipe import Resize

_WEIGHT_UNITS = 2.0**22
"""Pillow keeps a filter's weights in whole numbers of 1/2²² (``PRECISION_BITS`` in Resample.c)."""


class PillowSquare(nn.Module):
    """Makes a photo the model's square as :func:`trainer.transforms.square` does, bit for bit.

    Both passes are products with a matrix of weights. Computed in float64 their sums are exact, as
    Pillow's, which are of whole numbers: a mean that lies just between two values is rounded alike.
    """

    outputs: Tensor
    """The middles of the square's pixels, float64 (S,)."""

    def __init__(self, size: int, resize: Resize) -> None:
        super().__init__()
        self._size = size
        self._resize = resize
        self.register_buffer("outputs", torch.arange(size, dtype=torch.float64) + 0.5)

    def forward(self, photo: Tensor) -> Tensor:
        """From uint8 (height, width, 3) to whole numbers from 0 to 255, float64 (1, 3, S, S)."""
        # Of one element each, not scalars, which ONNX's exporter would take for float32.
        height, width = shape_as_tensor(photo)[:2].double().split(1)
        shorter = torch.minimum(height, width)
        is_crop = self._resize == "crop"
        down = self._weights(height, shorter if is_crop else height)
        across = self._weights(width, shorter if is_crop else width).T
        pixels = photo.permute(2, 0, 1).double()
        # Since version 13, Pillow shrinks tall pictures in height first, and rounds in between. No
        # graph that runs everywhere can branch, so both are computed.
        excess = height - self._size
        is_tall = torch.logical_and(excess > 0, excess > 2 * (width - self._size))
        tall = _rounded(_rounded(down @ pixels) @ across)
        others = _rounded(down @ _rounded(pixels @ across))
        return torch.where(is_tall, tall, others)[None]

    def _weights(self, length: Tensor, side: Tensor) -> Tensor:
        """How much each of *length* pixels counts in each of the square's, float64 (S, length).

        It is a triangle, as wide as a pixel of the square where that is larger. The bounds of
        Pillow's windows are where it is zero, or the picture ends.

        Args:
            length: float64 (1,).
            side: float64 (1,), how many pixels become the square; they lie in the middle.
        """
        scale = side / self._size
        middles = torch.floor((length - side) / 2) + self.outputs * scale
        # Traced, a number that is a tensor is read from each input anew.
        pixels = torch.arange(length.squeeze(), dtype=torch.float64) + 0.5  # type: ignore[call-overload]
        distances = torch.abs(pixels[None] - middles[:, None]) / torch.clamp(scale, min=1.0)
        triangle = functional.relu(1 - distances)
        weights = triangle / triangle.sum(dim=1, keepdim=True)
        return _rounded(weights * _WEIGHT_UNITS) / _WEIGHT_UNITS


class FamiliarityGraph(nn.Module):
    """:class:`trainer.familiarity.Familiarity` in tensors.

    The way between two levels is a clamped line, and their sum is the interpolation. Levels at the
    same score are a step.
    """

    class_means: Tensor | None
    """float32 (classes, F)."""
    scores: Tensor
    """float32 (L - 1,): where each way begins."""
    lengths: Tensor
    """float32 (L - 1,): how long it is; 1 for a step."""
    steps: Tensor
    """bool (L - 1,): whether it is one."""
    rises: Tensor
    """float32 (L - 1,): how much higher its end is."""

    def __init__(self, familiarity: Familiarity) -> None:
        super().__init__()
        self._norm_weight = familiarity.norm_weight
        self._cosine_weight = familiarity.cosine_weight
        self._odds_weight = familiarity.odds_weight
        means = familiarity.class_means if familiarity.cosine_weight else None
        self.register_buffer("class_means", None if means is None else torch.from_numpy(means))
        bounds = torch.tensor(familiarity.scores, dtype=torch.float32)
        lengths = bounds.diff()
        self.register_buffer("scores", bounds[:-1])
        self.register_buffer("steps", lengths == 0)
        self.register_buffer("lengths", torch.where(lengths == 0, 1.0, lengths))
        self.register_buffer("rises", torch.from_numpy(LEVELS).float().diff())

    def forward(self, logits: Tensor, features: Tensor) -> Tensor:
        """From float32 (N, classes) and (N, F) to the familiarity, float32 (N,), from 0 to 1."""
        centred = logits - logits.mean(dim=1, keepdim=True)
        scores = self._norm_weight * _length(centred)
        if self._odds_weight:
            scores = scores + self._odds_weight * _log_odds(logits)
        if self.class_means is not None:
            directions = features / _length(features).clamp(min=torch.finfo(torch.float32).tiny)
            cosines = directions @ self.class_means.T
            scores = scores + self._cosine_weight * cosines.max(dim=1, keepdim=True).values
        beyond = scores - self.scores
        shares = torch.where(
            self.steps, (beyond >= 0).float(), (beyond / self.lengths).clamp(0.0, 1.0)
        )
        return (shares * self.rises).sum(dim=1)


class ExportGraph(nn.Module):
    """From normalised images, or from a photo, to probabilities, logits and familiarity."""

    def __init__(
        self,
        classifier: Classifier,
        info: ModelInfo,
        familiarity: Familiarity | None,
        with_preprocessing: bool,
    ) -> None:
        super().__init__()
        self._classifier = classifier
        self._info = info
        self._square = PillowSquare(info.image_size, info.resize) if with_preprocessing else None
        self._familiarity = None if familiarity is None else FamiliarityGraph(familiarity)
        self.eval()

    def forward(self, inputs: Tensor) -> tuple[Tensor, ...]:
        """Probabilities (N, classes), logits (N, classes) and, of a calibrated model, familiarity
        (N,), all float32.

        Args:
            inputs: float32 (N, 3, S, S), normalised; with preprocessing, a photo, uint8 (height,
                width, 3), which is N = 1.
        """
        images = inputs
        if self._square is not None:
            images = normalise(self._square(inputs), self._info.mean, self._info.std)
        features = self._classifier.pool(self._classifier.trunk(images))
        logits = self._classifier.classify(features)
        probabilities = (logits / self._info.temperature).softmax(dim=1)
        if self._familiarity is None:
            return probabilities, logits
        return probabilities, logits, self._familiarity(logits, features)


def output_names(info: ModelInfo) -> Sequence[str]:
    """What :class:`ExportGraph` gives, in order."""
    names = ("probabilities", "logits")
    return (*names, "familiarity") if info.familiar_scores else names


def _rounded(values: Tensor) -> Tensor:
    """To the nearest whole number, halves up, as Pillow does; torch's own rounding takes halves to
    even numbers. Means of pixels stay from 0 to 255 by themselves."""
    return torch.floor(values + 0.5)


def _log_odds(logits: Tensor) -> Tensor:
    """As :func:`trainer.familiarity.log_odds`: (N, 1)."""
    ordered = logits.sort(dim=1, descending=True).values
    background = torch.zeros_like(ordered[:, :1])
    others = torch.cat((ordered[:, 1:], background), dim=1)
    return ordered[:, :1] - others.logsumexp(dim=1, keepdim=True)


def _length(vectors: Tensor) -> Tensor:
    """The lengths of vectors (N, F): (N, 1)."""
    return torch.sqrt((vectors * vectors).sum(dim=1, keepdim=True))
