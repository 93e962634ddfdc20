"""A small file that says where photos lie and what says their labels: it stands for the data set.

It is kept among the user's data, as a list of chosen folders is: photos and labels may lie where
nothing can be written, and nobody's folder gets a file that was not asked for. So runs are resumed,
label edits found again and evaluations made with it, as with a folder. What it is called depends on
what was chosen: the same choice is the same data set.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trainer import paths
from trainer.data.kept_choice import file_for
from trainer.data.labels.columns import LabelColumns
from trainer.data.labels.label_file import digest_of_file
from trainer.errors import DatasetError
from trainer.storage.atomic import write_text
from trainer.storage.encoding import encoded

FORMAT = "fruitgui-labels/1"
_SUFFIX = ".labels"


@dataclass(frozen=True, slots=True)
class LabelSource:
    """Photos, and what says their labels: a file, or a pattern of their names."""

    photos: Path
    """A folder or zip."""
    file: Path | None = None
    columns: LabelColumns | None = None
    """Those of the file that count."""
    class_names: Path | None = None
    """The list that says what numbered classes are called."""
    pattern: str = ""
    """Where there is no file: see :class:`~trainer.data.labels.name_pattern.NamePattern`."""
    digest: str = ""
    """Of the labels file, as it was when it was chosen."""

    @property
    def has_changed(self) -> bool:
        """Whether the labels file is another than the one that was chosen."""
        return self.file is not None and digest_of_file(self.file) != self.digest


def keep(source: LabelSource) -> Path:
    """The file that stands for this choice from now on. If it was chosen before, it is the same
    file, and the labels count as chosen as they are now.

    Raises:
        OSError: it cannot be kept.
    """
    source = replace(
        source,
        photos=_absolute(source.photos),
        file=source.file and _absolute(source.file),
        class_names=source.class_names and _absolute(source.class_names),
        digest=digest_of_file(source.file) if source.file else "",
    )
    identity = json.dumps(_as_json(replace(source, digest="")))
    digest = hashlib.sha256(encoded(identity)).hexdigest()[:16]
    title = f"{source.photos.stem} ({source.file.name if source.file else source.pattern})"
    file = file_for(paths.home() / "labels" / digest, title, _SUFFIX)
    content = json.dumps({"format": FORMAT, **_as_json(source)}, indent=1)
    if not file.exists() or file.read_text(encoding="utf-8") != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, content)
    return file


def is_label_source(file: Path) -> bool:
    """Whether a file is one of these, by its name."""
    return file.suffix == _SUFFIX


def label_source(file: Path) -> LabelSource:
    """What such a file says.

    Raises:
        DatasetError: it is damaged.
    """
    try:
        description = json.loads(file.read_text(encoding="utf-8"))
        if description["format"] != FORMAT:
            raise ValueError(description["format"])
        return _from_json(description)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DatasetError(
            "“{path}” does not say where labels are. Choose the labels again.", path=file
        ) from error


def other_choices(file: Path) -> list[tuple[Path, LabelSource]]:
    """The other files that stand for the same photos and the same file of labels, be it with other
    columns or names of classes; or for other patterns of the same photos' names.

    Raises:
        DatasetError: *file* is damaged.
    """
    source = label_source(file)
    others = []
    for other in sorted((paths.home() / "labels").glob(f"*/*{_SUFFIX}")):
        try:
            found = label_source(other)
        except DatasetError:
            continue  # It stands for nothing any more.
        if other != file and (found.photos, found.file) == (source.photos, source.file):
            others.append((other, found))
    return others


def labels_moved_to(file: Path, photos: Path) -> Path:
    """The file that stands for the same labels of photos that lie in *photos* by now. What lay
    among the photos is looked for there, and else stays where it is.

    Raises:
        DatasetError: *file* is damaged.
        OSError: it cannot be kept.
    """
    source = label_source(file)
    return keep(
        replace(
            source,
            photos=photos,
            file=source.file and _followed(source.file, source.photos, photos),
            class_names=source.class_names and _followed(source.class_names, source.photos, photos),
        )
    )


def _followed(file: Path, old: Path, new: Path) -> Path:
    if file.is_relative_to(old) and (new / file.relative_to(old)).is_file():
        return new / file.relative_to(old)
    return file


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  (a link stays one)


def _as_json(source: LabelSource) -> dict[str, Any]:
    columns = source.columns
    return {
        "photos": str(source.photos),
        "labels": str(source.file) if source.file else None,
        "columns": columns
        and {"photo": columns.photo, "labels": list(columns.labels), "split": columns.split},
        "class_names": str(source.class_names) if source.class_names else None,
        "pattern": source.pattern,
        "digest": source.digest,
    }


def _from_json(values: Mapping[str, Any]) -> LabelSource:
    chosen = values["columns"]
    labels, names = values["labels"], values["class_names"]
    return LabelSource(
        Path(values["photos"]),
        Path(labels) if labels else None,
        LabelColumns(chosen["photo"], tuple(chosen["labels"]), chosen["split"]) if chosen else None,
        Path(names) if names else None,
        values["pattern"],
        values["digest"],
    )
