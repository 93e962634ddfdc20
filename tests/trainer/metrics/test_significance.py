import math
from fractions import Fraction

import numpy as np
import pytest

from trainer.metrics.significance import holm, mcnemar


def probability(only_first: int, only_second: int, both: int = 0, neither: int = 0) -> float:
    first = [True] * only_first + [False] * only_second + [True] * both + [False] * neither
    second = [False] * only_first + [True] * only_second + [True] * both + [False] * neither
    return mcnemar(np.array(first), np.array(second))


def test_mcnemars_test_gives_published_probabilities() -> None:
    # Armitage and Berry, Statistical Methods in Medical Research (1994), p. 127, as computed by
    # StatsDirect: two media for the same sputum specimens.
    assert probability(12, 2, both=20, neither=16) == pytest.approx(0.0129, abs=5e-5)
    # Bentur et al. (2009), in Fagerland et al., BMC Medical Research Methodology 13 (2013): airway
    # hyper-responsiveness before and after stem cell transplantation.
    assert probability(1, 7, both=1, neither=12) == pytest.approx(0.0703, abs=5e-5)
    # Agresti, Categorical Data Analysis (1990), p. 350, as computed by R's exact2x2: two surveys.
    assert probability(150, 86, both=794, neither=570) == pytest.approx(3.716e-5, abs=5e-9)


@pytest.mark.parametrize("pair", [(0, 1), (0, 6), (2, 3), (5, 11), (30, 41)])
def test_mcnemars_test_sums_both_tails_of_the_binomial_distribution(pair: tuple[int, int]) -> None:
    n, k = sum(pair), min(pair)
    tails = [*range(k + 1), *range(n - k, n + 1)]
    exact = Fraction(sum(math.comb(n, count) for count in tails), 2**n)
    assert probability(*pair) == pytest.approx(float(exact), rel=1e-12)
    assert probability(*reversed(pair)) == probability(*pair)


def test_photos_that_both_get_right_or_wrong_tell_nothing() -> None:
    assert probability(3, 9, both=1000, neither=50) == probability(3, 9)
    assert probability(0, 0, both=10, neither=10) == 1
    assert probability(4, 4) == 1
    assert mcnemar(np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)) == 1


def test_many_photos_are_no_trouble() -> None:
    # By the normal distribution, which thousands of photos are as good as.
    z = (10_200 - 9_800 - 1) / math.sqrt(20_000)
    assert probability(9_800, 10_200) == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-2)
    assert probability(5_000, 0) == 0  # Less than any number but 0.


def test_holms_correction_is_the_textbooks() -> None:
    # Hypotheses of 0.005, 0.01, 0.03 and 0.04 are multiplied by 4, 3, 2 and 1, and none is less
    # than the one before: the example that textbooks and Wikipedia have.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    # By hand: 4 × 0.0121, then what is not less than that, then 1 × 0.1986.
    given = [0.0121, 0.0142, 0.1986, 0.0191]
    assert holm(given) == pytest.approx([0.0484, 0.0484, 0.1986, 0.0484])


def test_holms_correction_of_few() -> None:
    assert holm([]) == []
    assert holm([0.2]) == [0.2]
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([0.03, 0.03]) == pytest.approx([0.06, 0.06])
