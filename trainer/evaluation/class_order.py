"""Which classes of a confusion matrix are best shown, and in which order."""

from collections.abc import Sequence

import numpy as np


def present_classes(counts: Sequence[Sequence[int]]) -> list[int]:
    """The numbers of the classes that a photo is of, or was taken for: photos of a few classes are
    lost in a matrix of all that a model knows. All where there are no photos."""
    matrix = np.array(counts, dtype=np.int64).reshape(len(counts), len(counts))
    is_present = (matrix.sum(axis=0) + matrix.sum(axis=1)) > 0
    present: list[int] = np.flatnonzero(is_present | ~is_present.any()).tolist()
    return present


def confusion_order(counts: Sequence[Sequence[int]]) -> list[int]:
    """Order classes so that those that are taken for each other stand side by side.

    Hierarchical clustering with average linkage, similar being what is often confused; where two
    clusters join, each is turned so that their most similar ends meet (G. Gruvaeus and H. Wainer,
    Two additions to hierarchical cluster analysis, British Journal of Mathematical and Statistical
    Psychology 25, 1972). Clusters with more mistakes come first; what was never confused comes
    last. Where that leaves a choice, the order of the rows decides, so that the same matrix always
    has the same order.
    """
    mistakes = np.array(counts, dtype=np.float64).reshape(len(counts), len(counts))
    photos = np.maximum(mistakes.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(mistakes, 0)
    similarity = mistakes / photos + (mistakes / photos).T
    groups = {number: [number] for number in range(len(counts))}
    links = similarity.copy()
    np.fill_diagonal(links, -1)
    while len(groups) > 1:
        # The first of the largest: the lower number, and beside it the higher.
        first, second = map(int, divmod(int(links.argmax()), len(counts)))
        if links[first, second] <= 0:
            break
        sizes = len(groups[first]), len(groups[second])
        mean = (sizes[0] * links[first] + sizes[1] * links[second]) / sum(sizes)
        links[first], links[:, first] = mean, mean
        links[first, first] = -1
        links[second], links[:, second] = -1, -1
        groups[first] = _joined(groups[first], groups.pop(second), similarity)
    ordered = sorted(
        (group if group[0] <= group[-1] else group[::-1] for group in groups.values()),
        key=lambda group: (-mistakes[group].sum(), min(group)),
    )
    return [number for group in ordered for number in group]


def _joined(first: list[int], second: list[int], similarity: np.ndarray) -> list[int]:
    """The one beside the other, with those ends in the middle that are most similar."""
    turns = [(a, b) for a in (first, first[::-1]) for b in (second, second[::-1])]
    left, right = max(turns, key=lambda turn: float(similarity[turn[0][-1], turn[1][0]]))
    return left + right
