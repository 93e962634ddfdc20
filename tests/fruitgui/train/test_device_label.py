"""What a training will run on."""

import sys

import pytest
from pytestqt.qtbot import QtBot

from fruitgui.main_window import MainWindow
from fruitgui.train.device_label import DeviceLabel


def test_of_a_gpu_that_this_torch_cannot_use_it_is_said_what_can(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = DeviceLabel()
    qtbot.addWidget(label)
    assert label.text() == "Trains on the CPU."
    label.show_accelerator("unused cuda")
    assert "with PyTorch for CUDA" in label.text()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    label.show_accelerator("unused cuda")
    assert "fruitgui-gpu, trains on it" in label.text()
    label.show_accelerator("cuda")
    assert label.text() == "Trains on the NVIDIA graphics card."


def choose_device(window: MainWindow, device: str) -> None:
    box = window.settings_page.device
    window.show_page(4)
    box.setCurrentIndex(box.findData(device))
    box.activated.emit(box.currentIndex())
    window.show_page(2)


def test_the_train_page_follows_the_settings(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRUITGUI_DEVICE", raising=False)
    window.show_page(2)
    assert window.train.choices.device.text().startswith("Trains on ")
    choose_device(window, "cpu")
    assert window.train.choices.device.text() == "Trains on the CPU, as chosen in Settings."
    choose_device(window, "auto")
    assert "Settings" not in window.train.choices.device.text()
