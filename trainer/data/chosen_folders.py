"""Class folders that were chosen together: one data set, though nothing is copied or moved.

Where they are all that lies in one folder, that folder is the data set. Else a list of them is kept
among the user's data, and stands for the data set as a folder or a zip does: so a run can be
resumed, and label edits are found again.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from trainer import paths
from trainer.data.file_names import folder_name
from trainer.data.folders import Folder
from trainer.data.kept_choice import file_for
from trainer.errors import DatasetError
from trainer.storage.atomic import write_text
from trainer.storage.encoding import encoded

FORMAT = "fruitgui-folders/1"
_SUFFIX = ".folders"
_MOST_NAMES = 3


def chosen_together(sources: Sequence[Path]) -> Path:
    """What is to be opened for all of *sources*: one of them, the folder that they are all of, or
    a list of them.

    Raises:
        DatasetError: there are several and not all are folders; or they lie on different drives.
        OSError: the list cannot be kept.
    """
    # As they are called: a link to a folder is a class of the link's name.
    places = sorted({Path(os.path.abspath(source)) for source in sources})  # noqa: PTH100
    folders = [place for place in places if not any(other in place.parents for other in places)]
    if len(folders) == 1:
        return folders[0]
    if not all(folder.is_dir() for folder in folders):
        raise DatasetError(
            "Only folders can be opened together. Drop class folders, or a single zip file."
        )
    parents = {folder.parent for folder in folders}
    if len(parents) == 1:
        parent = Folder(parents.pop())
        if {folder.path for folder in parent.folders if folder.has_images} <= set(folders):
            return parent.path
    common_folder(folders)
    return _keep(folders)


def _keep(folders: Sequence[Path]) -> Path:
    content = json.dumps({"format": FORMAT, "folders": list(map(str, folders))}, indent=1)
    digest = hashlib.sha256(encoded(content)).hexdigest()[:16]
    names = [folder_name(folder.name) for folder in folders]
    title = ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
    file = file_for(paths.home() / "chosen" / digest, title, _SUFFIX)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, content)
    return file


def is_chosen(file: Path) -> bool:
    """Whether a file is such a list, by its name."""
    return file.suffix == _SUFFIX


def folders_of(file: Path) -> list[Path]:
    """The folders of a list.

    Raises:
        DatasetError: it is damaged, or one of its folders has gone.
    """
    try:
        description = json.loads(file.read_text(encoding="utf-8"))
        if description["format"] != FORMAT:
            raise ValueError(description["format"])
        folders = [Path(folder) for folder in description["folders"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            "“{path}” is no list of folders. Choose the folders again.", path=file
        ) from error
    for folder in folders:
        if not folder.is_dir():
            raise DatasetError(
                "“{path}” is no longer there. Connect it again, or choose other folders.",
                path=folder,
            )
    return folders


def common_folder(folders: Sequence[Path]) -> Path:
    """The folder that all of these lie in.

    Raises:
        DatasetError: there is none.
    """
    try:
        return Path(os.path.commonpath([folder.parent for folder in folders]))
    except ValueError:
        raise DatasetError(
            "These folders lie on different drives. Put them on one, and choose them again."
        ) from None
