"""What the sections of an inspection are called, and what is said about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from fruitgui.i18n.display_names import display_name
from fruitgui.train.inspection.findings import InspectedPhoto, Section
from trainer.data.left_out import Reason
from trainer.inspection.result import Inspection


@dataclass(frozen=True, slots=True)
class SectionText:
    name: str
    hint: str = ""
    """What is the matter with its photos, and what to do."""
    empty: str = ""
    """What is said where there are none."""


class InspectionTexts(QObject):
    """The texts, in the language of the window at the moment that they are asked for."""

    def split(self, split: str) -> str:
        """What a split is called."""
        return {
            "train": self.tr("Training"),
            "validation": self.tr("Validation"),
            "test": self.tr("Test"),
        }.get(split, split)

    def section(self, section: Section, class_name: str = "") -> SectionText:
        """Args: *class_name* is that of a section *class*."""
        if section == "class":
            return SectionText(
                display_name(class_name),
                empty=self.tr("No photo is left."),
            )
        return {**self._labels(), **self._doubles(), **self._flaws()}[section]

    def _labels(self) -> dict[Section, SectionText]:
        return {
            "overview": SectionText(self.tr("Overview")),
            "suspects": SectionText(
                self.tr("Wrong labels?"),
                self.tr(
                    "These labels are probably wrong: the photos look like another class. Say what "
                    "each is."
                ),
                self.tr("No label looks wrong."),
            ),
            "unlike": SectionText(
                self.tr("Unlike their class"),
                self.tr(
                    "These look unlike the other photos of their class. Some may not belong there; "
                    "those that are right are worth keeping."
                ),
                self.tr("Every photo looks like others of its class."),
            ),
            "excluded": SectionText(
                self.tr("Left out by you"),
                self.tr(
                    "These are not used. Select photos and choose “Use again” to take them back."
                ),
                self.tr("You have not left out any photos."),
            ),
            "left out": SectionText(
                self.tr("Cannot be used"),
                self.tr("These files are not used."),
                self.tr("Every file in the folder is used."),
            ),
        }

    def _doubles(self) -> dict[Section, SectionText]:
        return {
            "across splits": SectionText(
                self.tr("Duplicates across splits"),
                self.tr(
                    "The same or nearly the same photos are in different splits, so results "
                    "look better than they are. Keep one of each, or move all to one split."
                ),
                self.tr("No photo has a duplicate in another split."),
            ),
            "duplicates": SectionText(
                self.tr("Exact duplicates"),
                self.tr(
                    "The same photo more than once. One of each is enough: leave out the rest."
                ),
                self.tr("No exact duplicates."),
            ),
            "near-duplicates": SectionText(
                self.tr("Near duplicates"),
                self.tr(
                    "Taken at the same moment, or one made from the other. One of each teaches "
                    "nearly as much as all. Similar items in front of the same plain "
                    "background may look like the same photo: keep those."
                ),
                self.tr("No two photos are nearly the same."),
            ),
        }

    def _flaws(self) -> dict[Section, SectionText]:
        return {
            "blurred": SectionText(
                self.tr("Blurred"),
                self.tr("Keep these only if the photos to recognise later are blurred, too."),
                self.tr("No photo is blurred."),
            ),
            "dark": SectionText(
                self.tr("Dark"),
                self.tr("Keep these only if the photos to recognise later are as dark."),
                self.tr("No photo is too dark."),
            ),
            "small": SectionText(
                self.tr("Small"),
                self.tr("These have so few pixels that little can be seen on them."),
                self.tr("No photo is too small."),
            ),
            "odd-shaped": SectionText(
                self.tr("Long and narrow"),
                self.tr(
                    "Photos are made square for training, which leaves little of these to see."
                ),
                self.tr("No photo is too long and narrow."),
            ),
        }

    def nothing_found(self, section: Section, inspection: Inspection, class_name: str = "") -> str:
        """What is said where a section has no photos."""
        if section == "suspects" and inspection.suspects is None:
            return self.tr(
                "The labels could not be checked: apart from near duplicates and photos of one "
                "recording, there are too few photos. Add others."
            )
        text = self.section(section, class_name).empty
        if section == "suspects" and inspection.unjudged:
            names = ", ".join(map(display_name, inspection.unjudged))
            text += " " + self.tr("The labels of {names} could not be checked.").format(names=names)
        return text

    def heading(self, section: Section, photos: Sequence[InspectedPhoto]) -> str:
        """What stands above a group of photos."""
        count = len(photos)
        if section == "class":
            name = self.split(photos[0].split)
            return self.tr("{split}: %n photo(s)", "", count).format(split=name)
        text = {
            "duplicates": self.tr("%n identical photo(s)", "", count),
            "near-duplicates": self.tr("%n photo(s), nearly the same", "", count),
        }.get(section, self.tr("%n photo(s), identical or nearly the same", "", count))
        classes = dict.fromkeys(display_name(photo.label) for photo in photos)
        splits = dict.fromkeys(self.split(photo.split) for photo in photos)
        notes = [" / ".join(names) for names in (classes, splits) if len(names) > 1]
        return " · ".join((text, *notes))

    def reason(self, reason: Reason) -> str:
        """Why a file is left out."""
        return {
            "not a picture": self.tr("not a picture"),
            "unreadable": self.tr("cannot be read"),
            "no suffix": self.tr("its name has no ending such as .jpg"),
            "loose": self.tr("in no class's folder"),
            "no permission": self.tr("you may not open it"),
            "link": self.tr("a link that leads nowhere"),
            "unknown class": self.tr("its class has no photos to learn from"),
            "no label": self.tr("it has no label"),
            "several labels": self.tr("it has several labels"),
            "no photo": self.tr("it has a label, but is not there"),
        }[reason]

    def mark(self, photo: InspectedPhoto) -> str:
        """What the user has decided on a photo, in a word; empty where nothing."""
        if photo.is_excluded:
            return self.tr("Left out")
        if photo.label != photo.folder_label:
            return self.tr("Changed")
        if photo.split != photo.folder_split:
            return self.tr("Moved")
        return self.tr("Kept") if photo.is_settled else ""

    def spoken(self, photo: InspectedPhoto, place: str) -> str:
        """A photo in a line, for tooltips and screen readers."""
        text = f"{place}: {display_name(photo.label)}, {self.split(photo.split)}"
        if photo.suggested is not None and not photo.is_settled:
            text += ", " + self.suggestion(photo.suggested)
        mark = self.mark(photo)
        return f"{text} ({mark})" if mark else text

    def suggestion(self, name: str) -> str:
        """What a photo looks like."""
        return self.tr("looks like {name}").format(name=display_name(name))
