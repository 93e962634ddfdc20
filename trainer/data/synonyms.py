"""Groups of class names that mean the same thing, or that people do not tell apart."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from trainer import paths
from trainer.storage.atomic import write_text

Groups = tuple[tuple[str, ...], ...]

USUAL: Groups = (
    ("corn", "sweetcorn"),
    ("capsicum", "bell pepper", "paprika"),
    ("chilli pepper", "jalepeno", "jalapeno"),
    ("eggplant", "aubergine"),
    ("beetroot", "red beet"),
    ("zucchini", "courgette"),
)
"""Those of the published study's 36 classes, and British and American names."""


def read_groups() -> Groups:
    """The user's groups; the usual ones until they change them, or where the file is damaged."""
    try:
        values = json.loads(_file().read_text(encoding="utf-8"))
        return tuple(tuple(map(str, group)) for group in values if isinstance(group, list))
    except (OSError, ValueError, TypeError):
        return USUAL


def write_groups(groups: Iterable[Sequence[str]]) -> None:
    """Keep the user's groups.

    Raises:
        OSError: the disk is full.
    """
    text = json.dumps([list(group) for group in groups], ensure_ascii=False, indent=1)
    write_text(_file(), text)


def groups_among(classes: Sequence[str], groups: Iterable[Sequence[str]]) -> Groups:
    """The groups as far as they are among *classes*, by the classes' own names. Case, hyphens and
    underscores do not matter; groups that share a name are one; those of which fewer than two
    classes are there are left out."""
    named: dict[str, list[str]] = {}
    for name in classes:
        named.setdefault(plain_name(name), []).append(name)
    joined: list[dict[str, None]] = []
    for group in groups:
        keys = dict.fromkeys(map(plain_name, group))
        for other in [other for other in joined if other.keys() & keys.keys()]:
            joined.remove(other)
            keys = other | keys
        joined.append(keys)
    members = (tuple(name for key in keys for name in named.get(key, ())) for keys in joined)
    return tuple(group for group in members if len(group) > 1)


def plain_name(name: str) -> str:
    """A class name without what people write one way or another: case, hyphens, underscores."""
    spaced = unicodedata.normalize("NFC", name).replace("-", " ").replace("_", " ")
    return " ".join(spaced.casefold().split())


def _file() -> Path:
    return paths.home() / "synonyms.json"
