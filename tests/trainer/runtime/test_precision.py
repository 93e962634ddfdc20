"""What decides between 32 and 16 bits, whatever this processor has."""

import threading
from pathlib import Path

import pytest
import torch

from trainer import paths
from trainer.runtime import device
from trainer.runtime.device import choose_compute, one_thread
from trainer.runtime.precision import Timing, recall, remember, time_both
from trainer.storage import caches


def test_16_bits_must_be_faster_by_more_than_chance() -> None:
    assert Timing(in_32_bits=2.0, in_16_bits=1.0).favours_16_bits
    assert not Timing(in_32_bits=1.05, in_16_bits=1.0).favours_16_bits
    assert not Timing(in_32_bits=1.0, in_16_bits=2.0).favours_16_bits


def test_both_are_timed_in_turns() -> None:
    done: list[str] = []

    def slow() -> None:
        done.append("32")
        sum(range(300_000))

    timing = time_both(slow, lambda: done.append("16"))
    assert done == ["32", "16"] * (len(done) // 2)
    assert timing.favours_16_bits


def test_a_thread_that_begins_while_another_measures_gets_all_threads_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where a model is opened while a training starts."""
    monkeypatch.setattr(device, "_all_threads", 0)  # What is noted here is forgotten again.
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    seen: list[int] = []
    is_measuring, has_begun, has_measured = (threading.Event() for _ in range(3))

    def begin() -> None:
        is_measuring.wait()
        torch.zeros(4, 4) @ torch.zeros(4, 4)
        has_begun.set()
        has_measured.wait()
        choose_compute(torch.device("cpu"), "float32", "", lambda: lambda compute: None)
        seen.append(torch.get_num_threads())

    thread = threading.Thread(target=begin)
    thread.start()
    try:
        with one_thread():
            assert torch.get_num_threads() == 1
            is_measuring.set()
            has_begun.wait()
        has_measured.set()
        thread.join()
        assert torch.get_num_threads() == 2
        assert seen == [2]
    finally:
        torch.set_num_threads(before)


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
