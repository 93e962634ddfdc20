from pathlib import Path

from pytestqt.qtbot import QtBot

from benchmarks.inspection_view import measure


def test_each_step_is_measured(qtbot: QtBot, tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    rows = measure(root, 60)
    assert {"open", "select all", "show that (all)", "open left out"} <= rows.keys()
    assert min(rows.values()) > 0
