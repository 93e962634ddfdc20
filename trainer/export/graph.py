"""What is exported: resizing, normalisation, network, calibration and familiarity in one graph.

Everything is written in tensor operations that tracing records as they are, with sizes read from
the shape of the input, so that one trace serves images of every size and any number of them.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.config.recipe import Resize
from trainer.models.classifier import Classifier, normalise
from trainer.models.metadata import ModelInfo
from trainer.models.ood_score import LEVELS, OodScore

_WEIGHT_BITS = 22
"""Pillow keeps a filter's weights in whole numbers of 1/2²² (``PRECISION_BITS`` in Resample.c)."""
_HALF = 2.0 ** (_WEIGHT_BITS // 2)
"""A weight is so many times its upper half, and its lower."""
_PART = 2.0**9
"""What sums of distances are multiples of, but for a rest."""


class PillowSquare(nn.Module):
    """Makes a photo the model's square as :func:`trainer.data.transforms.square` does, bit for bit.

    Both passes are products with a matrix of weights. Pillow's sums are of whole numbers, and so
    are these, kept small enough for float32 to hold them exactly (24 bits): OpenVINO computes in
    nothing wider, and a mean that lies just between two values must be rounded alike.
    """

    outputs: Tensor
    """The middles of the square's pixels, in halves of one, float32 (S,)."""

    def __init__(self, size: int, resize: Resize) -> None:
        super().__init__()
        self._size = size
        self._resize = resize
        self.register_buffer("outputs", 2 * torch.arange(size, dtype=torch.float32) + 1)

    def forward(self, photo: Tensor) -> Tensor:
        """From uint8 (height, width, 3) to whole numbers from 0 to 255, float32 (1, 3, S, S)."""
        rows, columns = photo.shape[:2]
        height = torch.full((1,), rows, dtype=torch.float32)
        width = torch.full((1,), columns, dtype=torch.float32)
        shorter = torch.minimum(height, width)
        is_crop = self._resize == "crop"
        down = self._weights(rows, height, shorter if is_crop else height)
        across = self._weights(columns, width, shorter if is_crop else width)
        pixels = photo.permute(2, 0, 1).float()
        # Since version 13, Pillow shrinks tall images in height first, and rounds in between. No
        # graph that runs everywhere can branch, so both are computed.
        excess = height - self._size
        is_tall = torch.logical_and(excess > 0, excess > 2 * (width - self._size))
        tall = _in_width(across, _in_height(down, pixels))
        others = _in_height(down, _in_width(across, pixels))
        return torch.where(is_tall, tall, others)[None]

    def _weights(self, count: int, length: Tensor, side: Tensor) -> Tensor:
        """How much each of *count* pixels counts in each of the square's, in whole numbers of
        1/2²², float32 (S, count).

        It is a triangle, as wide as a pixel of the square where that is larger. The bounds of
        Pillow's windows are where it is zero, or the image ends. Distances are counted in parts
        of a pixel of which there are 2·S in one, so that they are whole numbers.

        Args:
            length: *count*, float32 (1,).
            side: float32 (1,), how many pixels become the square; they lie in the middle.
        """
        before = torch.floor((length - side) / 2)
        middles = 2 * (torch.arange(count, dtype=torch.float32) - before) + 1
        distances = torch.abs(middles[None] * self._size - self.outputs[:, None] * side)
        triangle = functional.relu(2 * torch.clamp(side, min=self._size) - distances)
        total = triangle.sum(dim=1, keepdim=True)
        close = _rounded(triangle / total * 2.0**_WEIGHT_BITS)
        upper, lower = _halves(close)
        # By long division, what that is off by.
        rest = _less_product(triangle * _HALF, upper, total)
        rest = _less_product(rest * _HALF, lower, total)
        return close + _rounded(rest / total)


class OodScoreGraph(nn.Module):
    """:class:`trainer.models.ood_score.OodScore` in tensors.

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

    def __init__(self, familiarity: OodScore) -> None:
        super().__init__()
        self._norm_weight = familiarity.norm_weight
        self._cosine_weight = familiarity.cosine_weight
        self._odds_weight = familiarity.odds_weight
        means = familiarity.class_means if familiarity.cosine_weight else None
        self.register_buffer("class_means", None if means is None else torch.from_numpy(means))
        bounds = torch.tensor(familiarity.scores, dtype=torch.float32)
        lengths = bounds.diff()
        # A part of another tensor is more than torch.export keeps.
        self.register_buffer("scores", bounds[:-1].clone())
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
        familiarity: OodScore | None,
        with_preprocessing: bool,
    ) -> None:
        super().__init__()
        self._classifier = classifier
        self._info = info
        self._square = PillowSquare(info.image_size, info.resize) if with_preprocessing else None
        self._familiarity = None if familiarity is None else OodScoreGraph(familiarity)
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
        probabilities = self._probabilities(logits / self._info.temperature)
        if self._familiarity is None:
            return probabilities, logits
        return probabilities, logits, self._familiarity(logits, features)

    def _probabilities(self, logits: Tensor) -> Tensor:
        if not self._info.knows_background:
            return logits.softmax(dim=1)
        beside = torch.cat((logits, torch.zeros_like(logits[:, :1])), dim=1)
        return beside.softmax(dim=1)[:, :-1]


def output_names(info: ModelInfo) -> Sequence[str]:
    """What :class:`ExportGraph` gives, in order."""
    names = ("probabilities", "logits")
    return (*names, "familiarity") if info.familiar_scores else names


def _in_height(weights: Tensor, pixels: Tensor) -> Tensor:
    """From float32 (3, height, width) to (3, S, width), by weights (S, height)."""
    # Whole products would take 30 bits.
    upper, lower = _halves(weights)
    carried = torch.floor(lower @ pixels / _HALF)
    return _rounded((upper @ pixels + carried) / _HALF)


def _in_width(weights: Tensor, pixels: Tensor) -> Tensor:
    """From float32 (3, height, width) to (3, height, S), by weights (S, width)."""
    return _in_height(weights, pixels.transpose(1, 2)).transpose(1, 2)


def _halves(weights: Tensor) -> tuple[Tensor, Tensor]:
    """Whole numbers of 11 bits each: the upper, times 2¹¹, and the lower, which has a sign, are
    *weights*."""
    upper = _rounded(weights / _HALF)
    return upper, weights - upper * _HALF


def _less_product(values: Tensor, factors: Tensor, totals: Tensor) -> Tensor:
    """*values* less the product of the others, exact where it is close to 0."""
    whole = torch.floor(totals / _PART) * _PART
    return values - factors * whole - factors * (totals - whole)


def _rounded(values: Tensor) -> Tensor:
    """To the nearest whole number, halves up, as Pillow does; torch's own rounding takes halves to
    even numbers. Means of pixels stay from 0 to 255 by themselves."""
    return torch.floor(values + 0.5)


def _log_odds(logits: Tensor) -> Tensor:
    """As :func:`trainer.models.ood_score.log_odds`: (N, 1)."""
    ordered = logits.sort(dim=1, descending=True).values
    background = torch.zeros_like(ordered[:, :1])
    others = torch.cat((ordered[:, 1:], background), dim=1)
    return ordered[:, :1] - others.logsumexp(dim=1, keepdim=True)


def _length(vectors: Tensor) -> Tensor:
    """The lengths of vectors (N, F): (N, 1)."""
    return torch.sqrt((vectors * vectors).sum(dim=1, keepdim=True))
