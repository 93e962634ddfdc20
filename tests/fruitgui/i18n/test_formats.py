"""Numbers as people read them."""

import pytest

from fruitgui.i18n.formats import small_number


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.5e-06, "0.000003"), (0.00044, "0.0005"), (0.25, "0.3"), (0.096, "0.1"), (0.0, "0")],
)
def test_small_numbers_have_no_exponent(value: float, text: str) -> None:
    assert small_number(value) == text
