"""Whether two models differ by more than chance, told from the same photos. Needs no torch."""

from collections.abc import Sequence

import numpy as np

LEVEL = 0.05
"""Of a difference that is less likely than this by chance, we say that it is one."""


def mcnemar(first_right: np.ndarray, second_right: np.ndarray) -> float:
    """The probability that two equally good models differ at least so much, from 0 to 1.

    McNemar's exact test (*Note on the sampling error of the difference between correlated
    proportions*, Psychometrika 1947): of the photos that only one of the two got right, each half
    would be expected; the tails of the binomial distribution are summed, both sides.

    Args:
        first_right: bool (N,), of the same photos as *second_right*, in the same order.
    """
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    discordant = only_first + only_second
    if discordant == 0:
        return 1.0
    tail = ways = 1
    for count in range(min(only_first, only_second)):
        # Each binomial coefficient from the one before, for they can have thousands of digits.
        ways = ways * (discordant - count) // (count + 1)
        tail += ways
    return min(1.0, float(2 * tail / 2**discordant))


def holm(probabilities: Sequence[float]) -> list[float]:
    """The same probabilities, corrected for how many comparisons were made.

    Holm, *A Simple Sequentially Rejective Multiple Test Procedure*, Scandinavian Journal of
    Statistics 1979.
    """
    order = sorted(range(len(probabilities)), key=lambda index: probabilities[index])
    corrected = [0.0] * len(probabilities)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(probabilities) - rank) * probabilities[index]))
        corrected[index] = highest
    return corrected
