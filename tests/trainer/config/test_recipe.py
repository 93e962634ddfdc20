import pytest

from trainer.config.presets import PRESETS, preset_named
from trainer.config.recipe import Recipe
from trainer.errors import RecipeError


def test_the_notebook_preset_is_the_published_recipe() -> None:
    recipe = PRESETS["notebook"]
    assert recipe == Recipe(
        model="resnet50",
        weights="imagenet",
        strategy="layer4",
        head="notebook",
        head_width=512,
        dropout=0.3,
        frozen_batchnorm="train",
        image_size=224,
        resize="squash",
        augmentation="none",
        epochs=20,
        batch_size=16,
        learning_rate=1e-4,
        weight_decay=0.01,
        label_smoothing=0.1,
        schedule="warm_restarts",
        restart_period=5,
        restart_factor=2,
        patience=3,
    )
    assert PRESETS["layer4"] == recipe.but(frozen_batchnorm="eval") == Recipe()


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_recipe_outlives_being_written(name: str) -> None:
    assert Recipe.from_json(PRESETS[name].to_json()) == PRESETS[name]


@pytest.mark.parametrize(
    "choice",
    [
        {"model": "nonsense"},
        {"strategy": "nonsense"},
        {"epochs": 0},
        {"batch_size": 1},
        {"learning_rate": 0},
        {"dropout": 1.0},
        {"image_size": 4},
        {"head": "joint", "weights": "none"},
        {"head": "joint", "mixup": 0.2},
        {"retention_weight": 1.0},
    ],
)
def test_an_impossible_choice_is_refused_in_a_sentence(choice: dict[str, object]) -> None:
    with pytest.raises(RecipeError) as refusal:
        Recipe(**choice)  # type: ignore[arg-type]
    assert str(refusal.value).endswith((".", "_v2"))


@pytest.mark.parametrize("text", ["", "[]", '{"unheard_of": 1}'])
def test_what_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(text)


def test_there_is_no_other_preset() -> None:
    with pytest.raises(RecipeError, match="layer4"):
        preset_named("nonsense")
