import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from fruitgui.settings import Settings
from fruitgui.widgets.form_field import Choice, Number, Toggle
from fruitgui.widgets.recipe_form import RecipeForm
from tests.fruitgui.conftest import choose_file
from tests.weights_server import Server
from trainer import paths
from trainer.config.presets import PRESETS
from trainer.config.recipe import RANGES, Recipe
from trainer.models import imagenet
from trainer.models.imagenet import preset_at_hand

NOT_IN_THE_WINDOW = {
    "teacher",
    "distillation_temperature",
    "hint_weight",
    "mixed_share",
    "block_wise_epochs",
}
"""Distillation is how the starter is made; the command line has it."""


@pytest.fixture
def form(app: QApplication, settings: Settings) -> Iterator[RecipeForm]:
    form = RecipeForm(settings)
    form.show()
    yield form
    form.shut_down()
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(form)


def have_weights_of_resnet50() -> None:
    paths.weights_folder().mkdir(parents=True)
    (paths.weights_folder() / "resnet50-0676ba61.pth").touch()


def pick(form: RecipeForm, name: str, key: str) -> None:
    field = form._fields[name]
    assert isinstance(field, Choice)
    field._box.setCurrentIndex(field._box.findData(key))
    field._on_activated()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_all_choices(form: RecipeForm, name: str) -> None:
    have_weights_of_resnet50()
    form.use_preset(name)
    assert form.recipe == PRESETS[name]
    for choice, field in form._fields.items():
        assert field.value == getattr(PRESETS[name], choice)
    assert not form._difference.isVisible()
    assert not form.download.isVisible()


def test_every_choice_of_a_recipe_can_be_made(form: RecipeForm) -> None:
    names = {field.name for field in dataclasses.fields(Recipe)}
    assert set(form._fields) == names - NOT_IN_THE_WINDOW


def test_every_choice_has_a_name_and_help_in_english_and_korean(
    form: RecipeForm, settings: Settings
) -> None:
    for name, field in form._fields.items():
        assert field._editor.accessibleName(), name
        if isinstance(field, Choice):
            for row in range(field._box.count()):
                field.set_value(field._box.itemData(row))
                assert field._help.text(), (name, field.value)
                assert field._box.itemText(row) != field._box.itemData(row), (name, field.value)
        else:
            assert field._help.text(), name


def test_the_starter_brings_its_model_and_another_model_imagenet(form: RecipeForm) -> None:
    form.use_preset("layer4")
    pick(form, "weights", "starter")
    assert (form.recipe.model, form.recipe.weights) == ("tf_efficientnet_lite2", "starter")
    pick(form, "model", "resnet50")
    assert (form.recipe.model, form.recipe.weights) == ("resnet50", "imagenet")


def type_model(form: RecipeForm, text: str) -> None:
    box = form._fields["model"]._editor
    assert isinstance(box, QComboBox)
    editor = box.lineEdit()
    assert editor is not None
    editor.setText(text)
    editor.editingFinished.emit()


def test_an_expert_types_any_network_of_timms(form: RecipeForm) -> None:
    box = form._fields["model"]._editor
    assert isinstance(box, QComboBox)
    assert not box.isEditable()
    form._show_all.click()
    form.use_preset("layer4")
    type_model(form, "timm/resnet26d")
    assert form.recipe.model == "timm/resnet26d"
    assert box.currentText() == "resnet26d (timm)"
    type_model(form, "regnety_032.ra_in1k")
    assert form.recipe.model == "timm/regnety_032.ra_in1k"
    type_model(form, "ConvNeXtV2-Tiny")
    assert form.recipe.model == "convnextv2_tiny"
    form._show_all.click()
    assert not box.isEditable()
    form.show_recipe(Recipe(model="timm/resnet26d"))
    assert box.currentText() == "resnet26d (timm)"
    form.use_preset("notebook")
    assert form.recipe == PRESETS["notebook"]


def test_a_name_that_is_no_networks_is_refused_beside_the_field(
    form: RecipeForm, qtbot: QtBot
) -> None:
    form._show_all.click()
    form.use_preset("quick")
    type_model(form, "no such name")
    assert form.recipe == PRESETS["quick"]
    assert form.notice.is_error
    assert "There is no model “timm/no such name”" in form.notice.text
    type_model(form, "timm/resnet26d")
    assert form.notice.isHidden()
    # Whether timm has it takes a while to find out.
    type_model(form, "timm/resnet50x")
    qtbot.waitUntil(lambda: not form.notice.isHidden(), timeout=60_000)
    assert "timm has no network “resnet50x”" in form.notice.text
    assert "timm/resnet50" in form.notice.text
    assert form.recipe.model == "timm/resnet26d"


def test_what_weights_may_be_used_for_is_said_where_the_network_is_chosen(
    form: RecipeForm,
) -> None:
    form.use_preset("layer4")
    pick(form, "model", "convnextv2_tiny")
    assert "CC-BY-NC-4.0, not for commercial use" in form._fields["model"]._help.text()
    pick(form, "model", "resnet50d")
    assert "Apache-2.0" in form._fields["model"]._help.text()


def test_it_is_said_whether_imagenet_weights_must_be_downloaded(form: RecipeForm) -> None:
    form.use_preset("notebook")
    assert "downloaded once" in form._fields["weights"]._help.text()
    pick(form, "model", "tf_efficientnet_lite0")
    assert "no download needed" in form._fields["weights"]._help.text()


@pytest.mark.parametrize("name", ["layer4", "best"])
def test_where_weights_are_missing_another_network_stands_in(form: RecipeForm, name: str) -> None:
    form.use_preset(name)
    assert form.recipe == preset_at_hand(name) != PRESETS[name]
    assert not form._difference.isVisible()
    assert form.download.said.text() == (
        "ResNet50's ImageNet weights are not on this computer yet, so EfficientNet-Lite2 is used "
        "instead."
    )
    assert form.download.download.text() == "Download (103 MB)"
    # What was trained elsewhere is the preset all the same.
    form.show_recipe(PRESETS[name])
    assert form._preset.value == name
    assert not form._difference.isVisible()
    assert "Training downloads them first" in form.download.said.text()


def test_the_notebook_keeps_its_network(form: RecipeForm) -> None:
    form.use_preset("notebook")
    assert form.recipe == PRESETS["notebook"]
    assert "ResNet50's ImageNet weights are not on this computer yet" in form.download.said.text()


def test_quick_needs_no_download(form: RecipeForm) -> None:
    form.use_preset("quick")
    assert form.recipe == PRESETS["quick"]
    assert not form.download.isVisible()


def test_who_picks_the_presets_own_network_gets_its_picture_size_too(form: RecipeForm) -> None:
    form.use_preset("layer4")
    form.choose(epochs=7)
    pick(form, "model", "resnet50")
    assert form.recipe == PRESETS["layer4"].but(epochs=7)


def test_another_network_does_not_get_the_stand_ins_picture_size(form: RecipeForm) -> None:
    form.use_preset("layer4")
    assert form.recipe.image_size == 260
    pick(form, "model", "efficientnet_b0")
    assert form.recipe == PRESETS["layer4"].but(model="efficientnet_b0")


def test_a_network_that_was_picked_is_kept_though_the_presets_own_is_here(form: RecipeForm) -> None:
    form.use_preset("layer4")
    pick(form, "model", "resnet50")
    pick(form, "model", "tf_efficientnet_lite2")
    have_weights_of_resnet50()
    form.set_choosable(False)
    form.set_choosable(True)
    assert form.recipe.model == "tf_efficientnet_lite2"


def test_only_imagenet_weights_are_offered(form: RecipeForm) -> None:
    form.use_preset("layer4")
    pick(form, "weights", "none")
    assert not form.download.isVisible()
    pick(form, "weights", "imagenet")
    assert form.download.isVisible()


def click(button: QPushButton, qtbot: QtBot) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def weights(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that has ImageNet weights of any network: of torchvision's by their own names'
    hashes, so never the right ones, and of timm's."""
    for source in imagenet.HOSTS:
        monkeypatch.setitem(imagenet.HOSTS, source, server.address)
    server.content = safetensors.numpy.save({"a": np.zeros(500_000, np.float32)})
    return server


@pytest.fixture
def best_is_resnet50d(monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """A preset whose weights the server can have: no hash is in their name."""
    recipe = PRESETS["best"].but(model="resnet50d")
    monkeypatch.setitem(PRESETS, "best", recipe)
    return recipe


def test_one_click_downloads_and_the_presets_own_network_is_chosen(
    form: RecipeForm, weights: Server, best_is_resnet50d: Recipe, qtbot: QtBot
) -> None:
    form.use_preset("best")
    form.choose(epochs=7)
    assert form.recipe.model == "tf_efficientnet_lite2"
    weights.flows.clear()
    click(form.download.download, qtbot)
    assert form.download.bar.isVisible()
    assert not form.download.download.isVisible()
    qtbot.waitUntil(lambda: bool(weights.starts))
    assert form.recipe.model == "tf_efficientnet_lite2"
    weights.flows.set()
    qtbot.waitUntil(lambda: form.recipe == best_is_resnet50d.but(epochs=7))
    qtbot.waitUntil(lambda: not form.download.isVisible())
    assert form._difference.text().startswith("1 setting")


def test_what_was_chosen_during_the_download_stays(
    form: RecipeForm, weights: Server, best_is_resnet50d: Recipe, qtbot: QtBot
) -> None:
    form.use_preset("best")
    weights.flows.clear()
    click(form.download.download, qtbot)
    form.use_preset("quick")
    assert form.download.cancel.isVisible()
    weights.flows.set()
    qtbot.waitUntil(lambda: not form.download.isVisible())
    assert form.recipe == PRESETS["quick"]
    form.use_preset("best")
    assert form.recipe == best_is_resnet50d


def test_a_download_is_cancelled_and_offered_again(
    form: RecipeForm, weights: Server, qtbot: QtBot
) -> None:
    form.use_preset("layer4")
    weights.flows.clear()
    click(form.download.download, qtbot)
    form.set_choosable(False)  # As while another model is trained.
    click(form.download.cancel, qtbot)
    qtbot.waitUntil(form.download.download.isVisible)
    assert not form.download.notice.isVisible()
    assert form.recipe == preset_at_hand("layer4")
    weights.flows.set()


def test_offline_or_refused_it_is_said_beside_the_button(form: RecipeForm, qtbot: QtBot) -> None:
    form.use_preset("layer4")
    click(form.download.download, qtbot)
    qtbot.waitUntil(form.download.notice.isVisible)
    assert form.download.notice.is_error
    assert "could not be downloaded from 127.0.0.1:1" in form.download.notice.text
    assert form.download.download.isVisible()
    form.use_preset("quick")
    assert not form.download.isVisible()
    # It is told where it belongs, for as long as nobody tries again.
    pick(form, "model", "resnet18")
    assert form.download.isVisible()
    assert not form.download.notice.isVisible()
    form.use_preset("layer4")
    assert form.download.notice.isVisible()
    # Once it was read, it is not said again.
    click(form.download.notice._close, qtbot)
    form.choose(epochs=7)
    assert not form.download.notice.isVisible()


def test_what_failed_behind_another_choice_is_told_on_coming_back(
    form: RecipeForm, weights: Server, qtbot: QtBot
) -> None:
    form.use_preset("layer4")
    weights.flows.clear()
    click(form.download.download, qtbot)
    form.use_preset("quick")
    weights.flows.set()
    qtbot.waitUntil(lambda: not form.download.is_busy)
    assert not form.download.isVisible()
    form.use_preset("layer4")
    assert "is not the file that it should be" in form.download.notice.text
    assert form.download.notice.isVisible()


def test_a_download_that_ends_while_training_gives_the_own_network_afterwards(
    form: RecipeForm,
) -> None:
    form.use_preset("layer4")
    form.set_choosable(False)
    have_weights_of_resnet50()
    form.download.fetched.emit("resnet50")
    assert form.recipe.model == "tf_efficientnet_lite2"
    form.set_choosable(True)
    assert form.recipe == PRESETS["layer4"]


def test_weights_that_training_has_downloaded_are_offered_no_more(form: RecipeForm) -> None:
    form.use_preset("notebook")
    assert form.download.isVisible()
    form.set_choosable(False)
    have_weights_of_resnet50()
    form.set_choosable(True)
    assert not form.download.isVisible()


def test_no_choice_leaves_a_joint_head_in_contradiction(form: RecipeForm) -> None:
    form.choose(mixup=0.2)
    pick(form, "head", "joint")
    assert (form.recipe.head, form.recipe.mixup) == ("joint", 0.0)
    form.choose(retention_weight=1.0)
    pick(form, "head", "linear")
    assert (form.recipe.head, form.recipe.retention_weight) == ("linear", 0.0)
    pick(form, "head", "joint")
    pick(form, "weights", "none")
    assert (form.recipe.head, form.recipe.weights) == ("linear", "none")
    pick(form, "head", "joint")
    assert (form.recipe.head, form.recipe.weights) == ("joint", "imagenet")


def test_retention_is_asked_for_with_a_joint_head_alone(form: RecipeForm) -> None:
    form._show_all.click()
    assert not form._fields["retention_weight"].isVisible()
    pick(form, "head", "joint")
    assert form._fields["retention_weight"].isVisible()
    assert not form._fields["retention_temperature"].isVisible()
    assert not form._fields["mixup"].isVisible()
    form.choose(retention_weight=1.0)
    assert form._fields["retention_temperature"].isVisible()


def test_weights_come_from_a_file_by_hand(
    form: RecipeForm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "mine.pth"
    choose_file(monkeypatch, file)
    pick(form, "weights", "file")
    assert form.recipe.weights == str(file)
    box = form._fields["weights"]._editor
    assert "mine.pth" in box.currentText()


@pytest.mark.parametrize("name", ["model", "epochs", "learning_rate"])
def test_the_wheel_scrolls_and_changes_nothing_even_where_the_focus_is(
    form: RecipeForm, name: str
) -> None:
    form._show_all.click()
    editor = form._fields[name]._editor
    editor.setFocus()
    before = form.recipe
    at = QPointF(editor.rect().center())
    wheel = QWheelEvent(
        *(at, QPointF(editor.mapToGlobal(at)), QPoint(), QPoint(0, -120)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
        *(Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(editor, wheel)
    assert not wheel.isAccepted()
    assert form.recipe == before


def test_numbers_and_toggles_change_the_recipe(form: RecipeForm) -> None:
    dropout, balanced = form._fields["dropout"], form._fields["balanced"]
    assert isinstance(dropout, Number)
    assert isinstance(balanced, Toggle)
    dropout._box.setValue(0.5)
    balanced._box.click()
    assert form.recipe.dropout == 0.5
    assert form.recipe.balanced
    assert form._difference.text().startswith("2 setting")


@pytest.mark.parametrize("name", sorted(RANGES.keys() - NOT_IN_THE_WINDOW))
@pytest.mark.parametrize("end", [0, 1])
def test_no_number_that_can_be_typed_is_refused(form: RecipeForm, name: str, end: int) -> None:
    field = form._fields[name]
    assert isinstance(field, Number)
    if name == "retention_weight":
        pick(form, "head", "joint")
    field._box.setValue(RANGES[name][end])
    assert getattr(form.recipe, name) == pytest.approx(RANGES[name][end], abs=1e-6)
    assert field.value == getattr(form.recipe, name)


def test_a_batch_of_one_is_stepped_over(form: RecipeForm) -> None:
    field = form._fields["batch_size"]
    assert isinstance(field, Number)
    field._box.setValue(2)
    field._box.setValue(1)
    assert form.recipe.batch_size == 0
    field._box.setValue(1)
    assert form.recipe.batch_size == 2


def test_choices_that_do_not_matter_are_hidden(form: RecipeForm) -> None:
    form._show_all.click()
    form.use_preset("notebook")
    assert form._fields["restart_period"].isVisible()
    assert not form._fields["warm_up"].isVisible()
    pick(form, "schedule", "cosine")
    assert not form._fields["restart_period"].isVisible()
    assert form._fields["warm_up"].isVisible()


def test_all_choices_stay_in_sight_once_they_were_asked_for(
    form: RecipeForm, settings: Settings, qtbot: QtBot
) -> None:
    assert not form._fields["dropout"].isVisible()
    assert form._fields["model"].isVisible()
    form._show_all.click()
    assert form._fields["dropout"].isVisible()
    assert settings.shows_all_choices
    again = RecipeForm(settings)
    qtbot.addWidget(again)
    again.show()
    assert again._fields["dropout"].isVisible()
