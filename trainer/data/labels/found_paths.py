"""Finding the photos that all paths of a labels file mean together: they were written in one place,
so one folder of theirs stands for the photos' folder."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.data.labels.photo_index import (
    Match,
    Miss,
    Parts,
    PhotoIndex,
    folded_parts,
    parts_of,
    understood,
)
from trainer.data.split_names import split_named


@dataclass(frozen=True, slots=True)
class FoundPaths:
    """What the paths of a labels file lead to."""

    photos: tuple[Path | Miss, ...]
    """Of each path."""
    by_name: tuple[str, ...] = ()
    """Those that lead to a photo by its name alone, in a folder that is not called as they say."""


def find_paths(index: PhotoIndex, texts: Sequence[str]) -> FoundPaths:
    """The photo of each path. What :meth:`PhotoIndex.find` finds of a path by itself does not count
    where others contradict it: a folder that stands for the photos' folder, as
    ``/home/kim/set`` may, is none where

    * it is of another split than the photos' folder is: ``train/`` and ``val/``;
    * folders inside are told of other paths, and of its own there is but the name;
    * its paths lead to photos that others lead to as well, and those are of a folder that is called
      as the photos' folder is. If none is, none of them is known to be right.
    """
    bases = index.bases
    if len(bases) > 1:
        exact = Counter(
            base
            for base in bases
            for text in texts
            if isinstance(match := index.match(text, (base,)), Match) and match.is_exact
        )
        bases = tuple(sorted(bases, key=lambda base: -exact[base]))[:1] if exact else bases
    matches = [index.match(text, bases) for text in texts]
    roots = _Roots(index, [match for match in matches if isinstance(match, Match)])
    photos: list[Path | Miss] = []
    by_name = []
    for text, match in zip(texts, matches, strict=True):
        if not isinstance(match, Match):
            photos.append("missing" if match == "outside" and roots.hold(text) else match)
        elif match.stripped in roots.contested:
            photos.append("ambiguous")
        elif match.stripped in roots.refused:
            is_outside = understood(text)[1] and not roots.hold(text)
            photos.append("outside" if is_outside else "missing")
        else:
            photos.append(match.photo)
            if roots.is_by_name(match):
                by_name.append(text)
    return FoundPaths(tuple(photos), tuple(by_name))


class _Roots:
    """The folders in paths that may stand for the photos' folder: those that do, those that do
    not, and those of which none can be told from another."""

    def __init__(self, index: PhotoIndex, matches: Sequence[Match]) -> None:
        self._root = folded_parts(index.root_parts)
        self._has_exact = any(match.is_exact for match in matches)
        self.refused: set[Parts] = set()
        self.contested: set[Parts] = set()
        by_root: dict[Parts, list[Match]] = {}
        for match in matches:
            by_root.setdefault(match.stripped, []).append(match)
        in_folders = {
            root for root, some in by_root.items() if any(match.shared > 1 for match in some)
        }
        for root in by_root.keys() - {()}:
            is_borne_out = root in in_folders or self._likeness(root) > 0
            if self._is_of_another_split(root) or (in_folders and not is_borne_out):
                self.refused.add(root)
        self._settle({root: some for root, some in by_root.items() if root not in self.refused})
        self._known = [root for root in by_root if root and root not in self.refused]

    def _settle(self, by_root: Mapping[Parts, Collection[Match]]) -> None:
        """Choose among folders whose paths lead to the same photos."""
        roots_of: dict[Path, set[Parts]] = {}
        for root, some in by_root.items():
            for match in some:
                roots_of.setdefault(match.photo, set()).add(root)
        rivals = set[Parts]().union(*(roots for roots in roots_of.values() if len(roots) > 1))
        if not rivals:
            return
        if () in rivals:  # What leads there as it is needs no folder that stands for another.
            self.refused |= rivals - {()}
            return
        most = max(map(self._likeness, rivals))
        if most and sum(self._likeness(root) == most for root in rivals) == 1:
            self.refused |= {root for root in rivals if self._likeness(root) < most}
        else:
            self.contested = rivals

    def _likeness(self, root: Parts) -> int:
        """How many folders, from the last one on, are called as the photos' folder and those above
        it are."""
        count = 0
        while (
            count < min(len(root), len(self._root)) and root[-1 - count] == self._root[-1 - count]
        ):
            count += 1
        return count

    def _is_of_another_split(self, root: Parts) -> bool:
        alike = self._likeness(root)
        if alike >= min(len(root), len(self._root)):
            return False
        ours, theirs = split_named(self._root[-1 - alike]), split_named(root[-1 - alike])
        return ours is not None and theirs is not None and ours != theirs

    def hold(self, path: str) -> bool:
        """Whether a path is inside of a folder that stands for the photos' folder."""
        parts = folded_parts(parts_of(understood(path)[0]))
        return any(parts[: len(root)] == root for root in self._known)

    def is_by_name(self, match: Match) -> bool:
        """Whether it lies elsewhere than others that are where they are said to be, or nothing but
        its name says that it is the one."""
        if match.is_exact:
            return False
        if not match.stripped:
            return self._has_exact
        return match.shared == 1 and self._likeness(match.stripped) == 0
