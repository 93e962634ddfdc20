import pytest

from fruitgui.theme import DARK, LIGHT, scheme_of


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("is_dark", [False, True])
def test_text_can_be_read_and_with_high_contrast_by_those_who_see_little(is_dark: bool) -> None:
    usual = scheme_of(is_dark=is_dark, is_contrasted=False)
    assert usual is (DARK if is_dark else LIGHT)
    for ground in (usual.window, usual.surface, usual.raised):
        assert contrast(usual.text, ground) >= 7
        assert contrast(usual.muted, ground) >= 4.5
    strong = scheme_of(is_dark=is_dark, is_contrasted=True)
    for text in (strong.text, strong.muted, strong.warning, strong.danger):
        assert contrast(text, strong.surface) >= 7
    assert contrast(strong.border, strong.surface) >= 7
