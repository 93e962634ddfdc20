from pathlib import Path

import pytest

from fruitgui.settings import Settings


def test_a_home_of_its_own_holds_the_settings(home: Path) -> None:
    Settings().language = "ko"
    settings = Settings()
    assert settings.language == "ko"
    settings.save()
    assert (home / "settings.ini").is_file()


def test_a_home_that_is_carried_elsewhere_takes_its_settings_along(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings()
    settings.appearance = "dark"
    settings.save()
    elsewhere = home.rename(tmp_path / "stick")
    monkeypatch.setenv("FRUITGUI_HOME", str(elsewhere))
    assert Settings().appearance == "dark"


def test_folders_are_chosen_from_the_pictures_at_first(home: Path) -> None:
    settings = Settings()
    assert Path(settings.last_folder).is_dir()
    settings.last_folder = "/somewhere"
    assert settings.last_folder == "/somewhere"
