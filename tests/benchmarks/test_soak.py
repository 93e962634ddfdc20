"""When what is held counts as growing."""

from benchmarks.soak import is_flat


def rows(megabytes: list[int], threads: int = 20) -> list[dict[str, int]]:
    return [{"MB": each, "threads": threads, "files": 30} for each in megabytes]


def test_what_grows_is_told_from_what_varies() -> None:
    assert is_flat(rows([500, 900, 1000, 1040, 990, 1010, 1100, 1020, 1030]))
    assert not is_flat(rows([500, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600]))


def test_threads_that_stay_are_told() -> None:
    assert not is_flat([*rows([1000] * 6), *rows([1000] * 3, threads=30)])
