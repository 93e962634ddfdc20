import pytest

from trainer.data.class_matching import match_classes, matching_note


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("apples", "apple"),
        ("Bell Pepper", "bell_pepper"),
        ("bell-peppers", "bell_pepper"),
        ("bellpepper", "Bell Pepper"),
        ("Tomatoes", "tomato"),
        ("berry", "Berries"),
        ("peaches", "Peach"),
        ("oranges", "orange"),
        ("kiwis", "Kiwi"),
        ("사과", "사과"),
    ],
)
def test_case_hyphens_and_number_do_not_matter(name: str, known: str) -> None:
    assert match_classes([name], [known, "other"]) == {name: known}


def test_what_is_another_class_is_not_matched() -> None:
    known = ["apple", "cress", "Apple 10", "pea"]
    assert match_classes(["pineapple", "cres", "Apple 1", "pear"], known) == {}


def test_the_very_same_name_comes_first_and_what_may_be_either_is_neither() -> None:
    known = ["bean", "Beans", "pea"]
    assert match_classes(["bean", "Beans", "BEANS", "Peas"], known) == {
        "bean": "bean",
        "Beans": "Beans",
        "Peas": "pea",
    }


def test_what_was_matched_is_said_in_a_sentence() -> None:
    assert matching_note({"apple": "apple"}) is None
    note = matching_note({"apples": "apple", "pea": "pea", "Bell Pepper": "bell_pepper"})
    assert str(note) == (
        "Classes of nearly the same name count as the model's: apples = apple, "
        "Bell Pepper = bell_pepper."
    )


def test_names_in_the_other_language_are_the_same_class() -> None:
    known = ["Apple", "Passion-Fruit", "Tomato"]
    assert match_classes(["사과", "패션프루트", "두리안"], known) == {
        "사과": "Apple",
        "패션프루트": "Passion-Fruit",
    }
