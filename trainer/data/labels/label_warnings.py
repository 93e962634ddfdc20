"""What is said of labels that come from a file, or from photos' names: a sentence a kind."""

from collections.abc import Sequence

from trainer.data.left_out import listed
from trainer.errors import DatasetError


def changed_labels(name: str) -> DatasetError:
    """Of a labels file that is another than the one that was chosen."""
    return DatasetError(
        "The labels file “{name}” has changed since it was chosen. It counts as it is now; runs "
        "that began before may not go on with it.",
        name=name,
    )


def edits_of_other_labels(count: int, names: Sequence[str]) -> DatasetError:
    """Of *count* changes that were made when labels were those of the columns, the list of classes
    or the pattern that *names* tell."""
    return DatasetError(
        "Changes that you made while these photos had other labels ({names}) do not count here "
        "({count}). Choose those labels again, and they do.",
        names=listed(names),
        count=count,
    )


def without_labels(count: int, name: str) -> DatasetError:
    """Of *count* photos that a labels file does not name."""
    return DatasetError(
        "Left out: photos without a label ({count}, such as “{name}”).", count=count, name=name
    )


def labels_of_no_photo(count: int, name: str) -> DatasetError:
    """Of *count* rows whose photos are not there."""
    return DatasetError(
        "Left out: labels of photos that are not there ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def labels_of_photos_outside(count: int, name: str) -> DatasetError:
    """Of *count* rows whose paths lead out of the photos' folder."""
    return DatasetError(
        "Left out: labels of photos outside of the photos' folder ({count}, such as “{name}”). "
        "Choose a folder that all of them are in.",
        count=count,
        name=name,
    )


def labels_of_several_photos(count: int, name: str) -> DatasetError:
    """Of *count* rows that may mean one photo or another."""
    return DatasetError(
        "Left out: labels that may mean one photo or another of the same name ({count}, such as "
        "“{name}”). Name their folders, too.",
        count=count,
        name=name,
    )


def found_by_name(count: int, name: str) -> DatasetError:
    """Of *count* rows whose photos were found by their names, in other folders than they say."""
    return DatasetError(
        "Found by their names alone, for they lie in another folder than the labels say ({count}, "
        "such as “{name}”). Look whether these are the photos that are meant.",
        count=count,
        name=name,
    )


def contradicting_labels(count: int, name: str) -> DatasetError:
    """Of *count* photos with rows that do not agree."""
    return DatasetError(
        "Left out: photos with several labels, or splits, that differ ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def repeated_labels(count: int, name: str) -> DatasetError:
    """Of *count* rows that say what another one has said."""
    return DatasetError(
        "Said more than once, and counted once: labels of photos ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def empty_labels(count: int, name: str) -> DatasetError:
    """Of *count* rows without a label, or with several."""
    return DatasetError(
        "Left out: photos with an empty label, or of no class or several ({count}, such as "
        "“{name}”).",
        count=count,
        name=name,
    )


def unknown_splits(count: int, name: str) -> DatasetError:
    """Of *count* photos whose split is none."""
    return DatasetError(
        "Left out: photos whose split is none of train, validation and test ({count}, such as "
        "“{name}”).",
        count=count,
        name=name,
    )


def unused_splits(name: str, count: int) -> DatasetError:
    """Of a column with *count* cells that are splits, which does not count as one of splits."""
    return DatasetError(
        "The column “{name}” holds splits ({count}), and does not count as the column of splits. "
        "If it is to, choose it.",
        name=name,
        count=count,
    )


def unfitting_names(count: int, name: str) -> DatasetError:
    """Of *count* photos whose names do not fit the pattern."""
    return DatasetError(
        "Left out: photos whose names do not fit the pattern ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def of_several_classes(count: int, name: str) -> DatasetError:
    """Of *count* photos in which several classes are marked."""
    return DatasetError(
        "Where several classes are marked in a photo, the one that covers most counts ({count}, "
        "such as “{name}”).",
        count=count,
        name=name,
    )


def of_undecided_classes(count: int, name: str) -> DatasetError:
    """Of *count* photos of several classes, none of which is known to cover most."""
    return DatasetError(
        "Left out: photos with several classes, of which none is known to cover most ({count}, "
        "such as “{name}”). Leave one class in each.",
        count=count,
        name=name,
    )


def of_several_labels(count: int, name: str) -> DatasetError:
    """Of *count* photos with a list of labels."""
    return DatasetError(
        "A photo is of one class, so a list of several says none ({count}, such as “{name}”).",
        count=count,
        name=name,
    )


def alike_labels(names: Sequence[str]) -> DatasetError:
    """Of labels that differ in capitals alone."""
    return DatasetError(
        "Treated as different classes, although only capitals differ: {names}. If they are the "
        "same, spell them the same in the labels.",
        names=listed(names),
    )


def class_names_from(name: str) -> DatasetError:
    """Of numbered classes that are called as a list says."""
    return DatasetError("The classes are called as “{name}” says.", name=name)


def numbered_labels(label: str) -> DatasetError:
    """Of numbered classes that no list names."""
    return DatasetError(
        "The labels are numbers, such as {label}. If a list says what they are called, choose it.",
        label=label,
    )


def unused_class_names(name: str) -> DatasetError:
    """Of a list of names that no label needs."""
    return DatasetError(
        "The labels are names already, so “{name}” is not needed.",
        name=name,
    )
