import pytest

from trainer.data.class_names import LANGUAGES, Language, class_meant, name_in, told_apart

_STUDY = (
    "apple,banana,beetroot,bell pepper,cabbage,capsicum,carrot,cauliflower,chilli pepper,corn,"
    "cucumber,eggplant,garlic,ginger,grapes,jalepeno,kiwi,lemon,lettuce,mango,onion,orange,"
    "paprika,pear,peas,pineapple,pomegranate,potato,raddish,soy beans,spinach,sweetcorn,"
    "sweetpotato,tomato,turnip,watermelon"
).split(",")
"""The 36 classes of the study."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_classes_of_the_study_are_called_the_same(language: Language) -> None:
    names = [name_in(name, language) for name in _STUDY]
    assert len(names) == 36
    assert len(set(names)) == len(names)


def test_classes_that_mean_the_same_are_told_apart_by_their_own_names() -> None:
    names = {name: name_in(name, "ko") for name in ("Carrot", "Carrots", "당근", "Lime")}
    assert told_apart(names) == {
        "Carrot": "당근 (Carrot)",
        "Carrots": "당근 (Carrots)",
        "당근": "당근",
        "Lime": "라임",
    }


def test_names_are_taken_in_both_languages() -> None:
    assert class_meant("사과", ("Apple", "Pear")) == "Apple"
    assert class_meant("apple ", ("Apple", "Pear")) == "Apple"
    assert class_meant("Quandong", ("Apple", "Pear")) == "Quandong"
    assert class_meant("quandong", ("Apple", "Quandong")) == "Quandong"
