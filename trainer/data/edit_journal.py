"""The times that changes were applied to a data set, in a file beside it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from trainer.data.label_edits import LabelEdit, beside
from trainer.errors import DatasetError
from trainer.storage.atomic import write_text

_SUFFIX = ".applied.json"

State = Literal["moving", "rewriting", "done", "listing", "returning", "missing"]


@dataclass(slots=True)
class JournalEntry:
    """One time that changes were applied, as it stands in the log. Places are in the data set's
    folder, or, with ``..``, beside it.

    It goes from *moving* (photos) through *rewriting* (the list) to *done*; and when it is put
    back, through *listing* (the list again) and *returning* (photos). *missing* is what is left
    then: photos that were no longer where they were moved to.
    """

    moves: list[tuple[str, str]]
    edits: list[LabelEdit]
    """The list as it was before."""
    kept: list[LabelEdit] | None = None
    """What the list was rewritten to; None before."""
    state: State = "moving"
    renamed: dict[str, str] = field(default_factory=dict)
    """The places that photos are put back to whose own others have taken."""

    def as_json(self) -> dict[str, Any]:
        """For :meth:`from_json`."""
        return {
            "moves": self.moves,
            "changes": [edit.as_json() for edit in self.edits],
            "kept": None if self.kept is None else [edit.as_json() for edit in self.kept],
            "state": self.state,
            "renamed": self.renamed,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "JournalEntry":
        """Read what :meth:`as_json` gave.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: it is damaged.
        """
        state, kept = values["state"], values["kept"]
        if state not in get_args(State):
            raise ValueError(state)
        return cls(
            moves=[(str(source), str(target)) for source, target in values["moves"]],
            edits=[LabelEdit.from_json(edit) for edit in values["changes"]],
            kept=None if kept is None or state == "moving" else _edits_in(kept),
            state=state,
            renamed={str(old): str(new) for old, new in values.get("renamed", {}).items()},
        )

    @property
    def is_cut_off(self) -> bool:
        """Whether it was neither done nor put back."""
        return self.state not in {"done", "missing"}


def _edits_in(kept: Any) -> list[LabelEdit]:
    """Earlier versions noted but their number."""
    return [] if isinstance(kept, int) else [LabelEdit.from_json(edit) for edit in kept]


class EditJournal:
    """The times that changes were applied to a data set and not put back, the last one last."""

    def __init__(self, data: Path) -> None:
        """Read the log of a data set.

        Raises:
            DatasetError: it is damaged; or nothing can lie beside the data set.
        """
        file = beside(data, _SUFFIX)
        if file is None:
            raise DatasetError(
                "“{path}” is a whole disk. Put the photos into a folder on it.", path=data
            )
        self._file = file
        try:
            values = json.loads(file.read_bytes())
            self.applications = [JournalEntry.from_json(each) for each in values["applied"]]
        except FileNotFoundError:
            self.applications = []
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DatasetError(
                "The list of changes “{path}” is damaged. Move it away, or mend it, and try again.",
                path=file,
            ) from error

    @staticmethod
    def is_there(data: Path) -> bool:
        """Whether changes were applied to a data set and not put back."""
        file = beside(data, _SUFFIX)
        return file is not None and file.is_file()

    def write(self) -> None:
        """Keep what is known by now; nothing where nothing is left.

        Raises:
            OSError: the folder cannot be written to.
        """
        if self.applications:
            applied = [application.as_json() for application in self.applications]
            write_text(self._file, json.dumps({"applied": applied}, indent=1))
        else:
            self._file.unlink(missing_ok=True)
