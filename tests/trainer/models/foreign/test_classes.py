import pytest

from trainer.errors import ModelFileError
from trainer.models.foreign.classes import imported_classes

OWN = ("apple", "bell_pepper", "pear")


def test_a_file_without_names_takes_those_that_are_given() -> None:
    assert imported_classes("x.pth", 2, (), ("b", "a")).names == ("b", "a")
    with pytest.raises(ModelFileError, match="does not say what its classes are called"):
        imported_classes("x.pth", 2, (), ())


def test_a_file_with_names_needs_no_others() -> None:
    found = imported_classes("x.pth", 3, OWN, ())
    assert (found.names, found.note) == (OWN, None)


def test_another_order_than_the_files_is_refused() -> None:
    for given in (("pear", "bell_pepper", "apple"), ("Apples", "pear", "Bell-Pepper")):
        with pytest.raises(ModelFileError, match="apple, bell_pepper, pear, in this order"):
            imported_classes("x.pth", 3, OWN, given)


def test_other_names_in_the_same_order_are_taken_and_said() -> None:
    found = imported_classes("x.pth", 3, OWN, ("Apples", "Paprika", "pear"))
    assert found.names == ("Apples", "Paprika", "pear")
    assert "apple → Apples, bell_pepper → Paprika." in str(found.note)


def test_folders_of_nearly_the_same_names_are_the_files_classes() -> None:
    # Sorted, the folders stand in another order: the file's counts.
    folders = ("Bell Pepper", "Pears", "apples", "bell-pepper")
    found = imported_classes("x.pth", 3, OWN, folders, from_folder=True)
    assert found.names == OWN
    assert "Bell Pepper = bell_pepper, Pears = pear, apples = apple" in str(found.note)


def test_of_folders_in_another_order_the_files_order_counts_and_is_said() -> None:
    own = ("pear", "apple")
    found = imported_classes("x.pth", 2, own, ("apple", "pear"), from_folder=True)
    assert found.names == own
    assert "pear, apple. The file's counts" in str(found.note)


def test_folders_of_other_classes_are_refused() -> None:
    for folders in (("apple", "pear"), ("apple", "bell_pepper", "pear", "plum")):
        with pytest.raises(ModelFileError, match="itself says"):
            imported_classes("x.pth", 3, OWN, folders, from_folder=True)
