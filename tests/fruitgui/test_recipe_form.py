import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from fruitgui.pages.recipe_form import RecipeForm
from fruitgui.settings import Settings
from fruitgui.widgets.field import Choice, Number, Toggle
from tests.fruitgui.conftest import choose_file
from trainer.recipe import PRESETS, RANGES, Recipe

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
    # At once: dressing the next test's widgets would dress it as well.
    shiboken6.delete(form)


def pick(form: RecipeForm, name: str, key: str) -> None:
    field = form._fields[name]
    assert isinstance(field, Choice)
    field._box.setCurrentIndex(field._box.findData(key))
    field._on_activated()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_all_choices(form: RecipeForm, name: str) -> None:
    form.use_preset(name)
    assert form.recipe == PRESETS[name]
    for choice, field in form._fields.items():
        assert field.value == getattr(PRESETS[name], choice)
    assert not form._difference.isVisible()


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
    assert (form.recipe.model, form.recipe.weights) == ("mobilenet_v2", "starter")
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
    type_model(form, "no such name")
    assert form.recipe.model == "convnextv2_tiny"
    assert box.currentText() == "ConvNeXtV2-Tiny"
    form._show_all.click()
    assert not box.isEditable()
    form.show_recipe(Recipe(model="timm/resnet26d"))
    assert box.currentText() == "resnet26d (timm)"
    form.use_preset("layer4")
    assert form.recipe == PRESETS["layer4"]


def test_what_weights_may_be_used_for_is_said_where_the_network_is_chosen(
    form: RecipeForm,
) -> None:
    form.use_preset("layer4")
    pick(form, "model", "convnextv2_tiny")
    assert "CC-BY-NC-4.0, not for commercial use" in form._fields["model"]._help.text()
    pick(form, "model", "resnet50d")
    assert "Apache-2.0" in form._fields["model"]._help.text()


def test_it_is_said_whether_imagenet_weights_must_be_downloaded(form: RecipeForm) -> None:
    form.use_preset("layer4")
    assert "downloaded once" in form._fields["weights"]._help.text()
    pick(form, "model", "tf_efficientnet_lite0")
    assert "needs no download" in form._fields["weights"]._help.text()


def test_weights_come_from_a_file_by_hand(
    form: RecipeForm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "mine.pth"
    choose_file(monkeypatch, file)
    pick(form, "weights", "file")
    assert form.recipe.weights == str(file)
    box = form._fields["weights"]._editor
    assert "mine.pth" in box.currentText()


def test_numbers_and_toggles_change_the_recipe(form: RecipeForm) -> None:
    dropout, balanced = form._fields["dropout"], form._fields["balanced"]
    assert isinstance(dropout, Number)
    assert isinstance(balanced, Toggle)
    dropout._box.setValue(0.5)
    balanced._box.click()
    assert form.recipe.dropout == 0.5
    assert form.recipe.balanced
    assert form._difference.text().startswith("2 choice")


@pytest.mark.parametrize("name", sorted(RANGES.keys() - NOT_IN_THE_WINDOW))
@pytest.mark.parametrize("end", [0, 1])
def test_no_number_that_can_be_typed_is_refused(form: RecipeForm, name: str, end: int) -> None:
    field = form._fields[name]
    assert isinstance(field, Number)
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
