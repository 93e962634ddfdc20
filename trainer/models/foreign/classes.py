"""What the classes of imported weights are called, and in which order; nothing here needs torch."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.data.class_matching import match_classes, matching_note
from trainer.errors import ModelFileError, TrainerError


@dataclass(frozen=True, slots=True)
class ImportedClasses:
    """Names of classes in the order of a head's outputs, and what should be said of them."""

    names: tuple[str, ...]
    note: TrainerError | None = None


def imported_classes(
    file: str, count: int, own: Sequence[str], given: Sequence[str], *, from_folder: bool = False
) -> ImportedClasses:
    """Decide between the names in a file and those that are given.

    Names that are given may be others than the file's, but may not stand in another order. Of a
    data set's folders, the order says nothing where the file has one.

    Args:
        file: what it is called.
        count: how many classes it tells apart.
        own: the names in the file, in the order of the outputs; none where it has none.
        from_folder: whether *given* are the folders of a data set.

    Raises:
        ModelFileError: there are none, too few or too many; two are the same; or they contradict
            the file.
    """
    given = tuple(unicodedata.normalize("NFC", name) for name in given)
    if own and given and from_folder:
        return _matched(file, own, given)
    names = given or tuple(own)
    if not names:
        raise ModelFileError(
            "“{path}” does not say what its classes are called. Give their names with --classes, "
            "or the data set that it learnt from with --data.",
            path=file,
        )
    if len(names) != count:
        raise ModelFileError(
            "“{path}” tells {known} classes apart, but {given} names were given.",
            path=file,
            known=count,
            given=len(names),
        )
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise ModelFileError(
            "Two classes cannot both be called “{name}”. Give each a name of its own.", name=twice
        )
    if not own:
        return ImportedClasses(names)
    matches = match_classes(names, own)
    pairs = tuple(zip(own, names, strict=True))
    if any(matches.get(name, mine) != mine for mine, name in pairs):
        raise _contradiction(file, own, names)
    renamed = [f"{mine} → {name}" for mine, name in pairs if mine != name]
    if not renamed:
        return ImportedClasses(names)
    return ImportedClasses(
        names,
        ModelFileError(
            "“{path}” calls its classes otherwise. They are called as you say: {pairs}.",
            path=file,
            pairs=", ".join(renamed),
        ),
    )


def _matched(file: str, own: Sequence[str], folders: Sequence[str]) -> ImportedClasses:
    matches = match_classes(folders, own)
    if set(matches.values()) != set(own) or len(matches) < len(folders):
        raise _contradiction(file, own, folders)
    note: TrainerError | None = matching_note(matches)
    if note is None and tuple(folders) != tuple(own):
        note = ModelFileError(
            "“{path}” itself says in which order it learnt its classes, which is not that of the "
            "folders: {known}. The file's counts.",
            path=file,
            known=", ".join(own),
        )
    return ImportedClasses(tuple(own), note)


def _contradiction(file: str, own: Sequence[str], given: Sequence[str]) -> ModelFileError:
    return ModelFileError(
        "The classes were given as {given}, but “{path}” itself says that they are {known}, in "
        "this order. Leave them out, and those of the file are taken.",
        path=file,
        given=", ".join(given),
        known=", ".join(own),
    )
