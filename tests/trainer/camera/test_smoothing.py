from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from trainer.camera.smoothing import Hysteresis, Look, SmoothedLabel
from trainer.inference.prediction import State

APPLE, PEAR = 0, 1
THRESHOLD = 0.05


def look(apple: float = 0.9, familiarity: float = 0.5, is_empty: bool = False) -> Look:
    return Look(is_empty, np.array([apple, 1 - apple], np.float32), familiarity)


NOTHING = look(is_empty=True)


def shown(looks: Sequence[Look], rate: float = 10.0) -> list[tuple[State, int | None]]:
    """What is shown after each look, so many a second."""
    steady = SmoothedLabel()
    states = [steady.update(each, THRESHOLD, n / rate) for n, each in enumerate(looks)]
    return [(state.state, state.label) for state in states]


def changes(states: Sequence[object]) -> int:
    return sum(a != b for a, b in pairwise(states))


def test_the_first_answer_is_shown_at_once() -> None:
    assert shown([look()]) == [("label", APPLE)]


@pytest.mark.parametrize("rate", [10.0, 15.0, 30.0])
def test_a_real_change_is_shown_within_half_a_second(rate: float) -> None:
    states = shown([look(0.9)] * 30 + [look(0.2)] * 30, rate)
    first = states.index(("label", PEAR)) - 30
    # A frame that was taken right after the change is 1 / rate late, and is answered later still.
    assert (first + 1) / rate <= 0.42
    assert changes(states) == 1


@pytest.mark.parametrize("wrong", [1, 2])
def test_answers_that_are_wrong_for_a_moment_are_not_shown(wrong: int) -> None:
    looks = [look(0.9)] * 10 + [look(0.05)] * wrong + [look(0.9)] * 10
    assert changes(shown(looks)) == 0


def test_answers_that_waver_do_not_flicker() -> None:
    random = np.random.default_rng(0)
    looks = [
        look(float(p), float(f)) for p, f in random.uniform((0.37, 0.02), (0.63, 0.1), (300, 2))
    ]
    plain = [("label", int(each.probabilities.argmax())) for each in looks]
    assert changes(plain) > 100
    assert changes(shown(looks)) <= 3


def test_what_is_not_familiar_is_not_named() -> None:
    states = shown([look()] * 10 + [look(familiarity=0.001)] * 10 + [look(familiarity=0.3)] * 10)
    assert [state for state, _ in states[9::10]] == ["label", "not_sure", "label"]


def test_an_empty_scene_is_a_state_of_its_own() -> None:
    states = shown([NOTHING] * 10 + [look()] * 10 + [NOTHING] * 10)
    assert [state for state, _ in states[9::10]] == ["nothing", "label", "nothing"]
    assert changes(states) == 2


def test_a_small_lead_wins_in_the_end() -> None:
    """As the label of a photo of a scene that stays as it is."""
    states = shown([look(0.9)] * 10 + [look(0.45)] * 40)
    assert states[15] == ("label", APPLE)
    assert states[-1] == ("label", PEAR)


def test_one_answer_of_a_slow_model_turns_nothing() -> None:
    assert changes(shown([look(0.9)] * 5 + [look(0.1)] + [look(0.9)] * 5, rate=2.0)) == 0


def test_probabilities_are_the_mean_of_the_window() -> None:
    steady = SmoothedLabel(window=0.3)
    for number, p in enumerate((0.9, 0.9, 0.9, 0.3)):
        found = steady.update(look(p), THRESHOLD, number / 10)
    assert found.probabilities == pytest.approx([0.7, 0.3], abs=1e-3)


def test_a_rival_must_lead_without_a_break() -> None:
    hold: Hysteresis[str] = Hysteresis(patience=1.0)
    leaders = [("a", 0.0), ("b", 0.1), ("c", 0.9), ("b", 1.2), ("b", 2.0), ("b", 2.15)]
    held = [hold.update(leader, 0.1, at) for leader, at in leaders]
    assert held == ["a", "a", "a", "a", "a", "b"]


@pytest.mark.parametrize("threshold", [0.02, 0.05, 0.3, 0.5, 0.9])
def test_what_is_clearly_known_is_named_at_once_whatever_the_threshold(threshold: float) -> None:
    steady = SmoothedLabel()
    looks = [look(familiarity=threshold / 4)] * 20 + [look(familiarity=0.99)] * 5
    states = [steady.update(each, threshold, n / 10).state for n, each in enumerate(looks)]
    assert states[19] == "not_sure"
    assert states[-1] == "label"
