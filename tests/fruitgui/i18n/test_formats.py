"""Numbers as people read them."""

import pytest

from fruitgui.i18n.formats import duration_range, small_number
from fruitgui.i18n.language import Translation


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.5e-06, "0.000003"), (0.00044, "0.0005"), (0.25, "0.3"), (0.096, "0.1"), (0.0, "0")],
)
def test_small_numbers_have_no_exponent(value: float, text: str) -> None:
    assert small_number(value) == text


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [
        (3.2, 5.1, "3 to 5 s"),
        (4.9, 5.1, "5 s"),
        (80, 170, "1 to 3 min"),
        (80, 100, "1 to 2 min"),
        (5399, 5401, "1.5 h"),
        (5400, 9000, "1.5 to 2.5 h"),
    ],
)
def test_a_range_of_times_has_its_unit_once(
    english: Translation, least: float, most: float, text: str
) -> None:
    assert duration_range(least, most) == text
