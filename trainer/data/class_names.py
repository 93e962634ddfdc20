"""What classes of produce are called in each language. Names of the user's own stay as they are."""

import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal

from trainer import paths
from trainer.data.file_names import folder_name

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")


def name_in(class_name: str, language: Language) -> str:
    """A class's name for people: ``Passion-Fruit`` is *Passion fruit*, and 패션프루트 in Korean."""
    spaced = class_name.replace("-", " ").replace("_", " ").strip()
    english, korean = _known().get(spaced.casefold(), (class_name, class_name))
    return korean if language == "ko" else english


def mean_the_same(first: str, second: str) -> bool:
    """Whether two classes are the same produce, be they called in different languages: ``Apple``
    and 사과."""
    return any(name_in(first, each) == name_in(second, each) for each in LANGUAGES)


def class_meant(name: str, classes: Sequence[str]) -> str:
    """The class that a name means, in whichever language and case; the name itself where there is
    none."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if name in classes:
        return name
    plain = _plain(name)
    same = (each for each in classes if _plain(each) == plain or mean_the_same(each, name))
    return next(same, name)


def _plain(name: str) -> str:
    spaced = unicodedata.normalize("NFC", name).replace("-", " ").replace("_", " ")
    return " ".join(spaced.split()).casefold()


def name_of_unsure(classes: Iterable[str], wanted: Sequence[str] = ("unknown", "not sure")) -> str:
    """A name for what the model is not sure of: the first of the *wanted* that no class has, be it
    in capitals; where all are taken, the last with a number."""
    taken = {folder_name(name).casefold() for name in classes}
    numbered = (f"{wanted[-1]} {number}" for number in itertools.count(2))
    names = itertools.chain(wanted, numbered)
    return next(name for name in names if folder_name(name).casefold() not in taken)


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """The names for people of several classes. Two classes may mean the same thing: where names
    are alike, the class's own is added."""
    count = Counter(names.values())
    return {
        own: f"{name} ({own})" if count[name] > 1 and name != own else name
        for own, name in names.items()
    }


@cache
def _known() -> dict[str, tuple[str, str]]:
    """The English and Korean names of produce that is known, by the folded English one."""
    text = (paths.assets_folder() / "produce_names.json").read_text(encoding="utf-8")
    names: dict[str, str] = json.loads(text)
    return {english.casefold(): (english, korean) for english, korean in names.items()}
