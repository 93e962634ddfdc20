"""What decides between 32 and 16 bits, whatever this processor has."""

from pathlib import Path

import pytest

from trainer import caches, paths
from trainer.precision import Timing, recall, remember, time_both


def test_16_bits_must_be_faster_by_more_than_chance() -> None:
    assert Timing(in_32_bits=2.0, in_16_bits=1.0).favours_16_bits
    assert not Timing(in_32_bits=1.05, in_16_bits=1.0).favours_16_bits
    assert not Timing(in_32_bits=1.0, in_16_bits=2.0).favours_16_bits


def test_both_are_timed_in_turns() -> None:
    done: list[str] = []
    timing = time_both(lambda: done.append("32"), lambda: done.append("16"))
    assert done == ["32", "16"] * (len(done) // 2)
    assert timing.in_32_bits >= 0
    assert timing.in_16_bits >= 0


def test_what_was_timed_is_remembered() -> None:
    assert recall("this") is None
    remember("this", Timing(2.0, 1.0))
    remember("that", Timing(1.0, 2.0))
    assert recall("this") == Timing(2.0, 1.0)
    assert recall("that") == Timing(1.0, 2.0)
    caches.clear()
    assert recall("this") is None


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "3", '{"this": 1}', '{"this": [1]}', "\0", '{"this": ["a", "b"]}']
)
def test_a_damaged_memory_is_made_anew(damage: str) -> None:
    remember("this", Timing(2.0, 1.0))
    caches.timings_file().write_text(damage)
    assert recall("this") is None
    remember("this", Timing(3.0, 1.0))
    assert recall("this") == Timing(3.0, 1.0)


def test_nowhere_to_write_only_means_that_it_is_timed_again(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    paths.caches_folder().write_text("a file where a folder should be")
    remember("this", Timing(2.0, 1.0))
    assert recall("this") is None
