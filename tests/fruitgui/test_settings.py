from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from fruitgui.settings import Settings
from trainer import paths
from trainer.models.metadata import read_model_info


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
    settings.model_in_use = home / "models" / "mine.safetensors"
    settings.recorded_folder = home / "recorded" / "내 사진"
    info = read_model_info(paths.starter_model())
    settings.set_threshold_of(settings.model_in_use, info, 0.25)
    settings.save()
    elsewhere = home.rename(tmp_path / "stick")
    monkeypatch.setenv("FRUITGUI_HOME", str(elsewhere))
    moved = Settings()
    assert moved.appearance == "dark"
    assert moved.model_in_use == elsewhere / "models" / "mine.safetensors"
    assert moved.recorded_folder == elsewhere / "recorded" / "내 사진"
    assert moved.threshold_of(moved.model_in_use, info) == 0.25


def test_what_was_chosen_for_the_starter_stays_where_the_program_lies_elsewhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = read_model_info(paths.starter_model())
    settings = Settings()
    settings.set_threshold_of(paths.starter_model(), info, 0.25)
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert paths.starter_model().is_relative_to(tmp_path)
    assert settings.threshold_of(paths.starter_model(), info) == 0.25


def test_another_home_begins_with_what_was_chosen_where_that_lies(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = tmp_path / "usual"
    model = usual / "models" / "mine.safetensors"
    info = read_model_info(paths.starter_model())
    system = QSettings(str(tmp_path / "system.ini"), QSettings.Format.IniFormat)
    with monkeypatch.context() as without:
        without.delenv("FRUITGUI_HOME")
        without.setattr(paths, "usual_home", lambda: usual)
        chosen = Settings(system)
        chosen.model_in_use = model
        chosen.set_threshold_of(model, info, 0.25)
    monkeypatch.setattr(paths, "usual_home", lambda: usual)
    monkeypatch.setattr("fruitgui.settings._system_store", lambda: system)
    assert paths.home() == home
    settings = Settings()
    assert settings.model_in_use == model
    assert settings.threshold_of(model, info) == 0.25


def test_what_an_earlier_version_stored_is_carried_along_too(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue("model_in_use", str(home / "models" / "mine.safetensors"))
    Settings(store)
    monkeypatch.setenv("FRUITGUI_HOME", str(tmp_path / "stick"))
    assert Settings(store).model_in_use == tmp_path / "stick" / "models" / "mine.safetensors"


def test_folders_are_chosen_from_the_pictures_at_first(home: Path) -> None:
    settings = Settings()
    assert Path(settings.last_folder).is_dir()
    settings.last_folder = "/somewhere"
    assert settings.last_folder == "/somewhere"
