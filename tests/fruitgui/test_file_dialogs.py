from pathlib import Path

from fruitgui.file_dialogs import chosen_file


def test_a_name_with_its_suffix_is_taken_as_it_is(tmp_path: Path) -> None:
    there = tmp_path / "report.HTML"
    there.touch()
    # The dialog has asked.
    assert chosen_file(str(there), ".html", ".htm") == there
    assert chosen_file(str(tmp_path / "a.htm"), ".html", ".htm") == tmp_path / "a.htm"


def test_another_name_gets_the_suffix_and_replaces_nothing(tmp_path: Path) -> None:
    assert chosen_file(str(tmp_path / "apples v1.2"), ".html") == tmp_path / "apples v1.2.html"
    (tmp_path / "report.html").touch()
    assert chosen_file(str(tmp_path / "report"), ".html") == tmp_path / "report 2.html"
