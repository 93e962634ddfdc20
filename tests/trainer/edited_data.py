"""What a data set comes to with its list of changes."""

from pathlib import Path

from trainer.data.dataset import DataSet, open_data_set


def labelled(data_set: DataSet) -> dict[str, dict[str, str]]:
    """Of each split, the class of each photo by its place."""
    return {
        split: {data_set.place_of(p.path): data_set.classes[p.label] for p in photos}
        for split, photos in data_set.splits.items()
    }


def place_in(data: Path, split: str, name: str, number: int = 0) -> str:
    return sorted(
        place for place, label in labelled(open_data_set(data))[split].items() if label == name
    )[number]
