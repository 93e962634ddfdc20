"""Reports that are written, and read as a browser would."""

import dataclasses
import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

from trainer.control import drain
from trainer.data.class_names import Language
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import load_evaluation
from trainer.experiments.comparison import Comparison
from trainer.experiments.run import Run, open_run
from trainer.report.document import write_report

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
LANGUAGES: tuple[Language, ...] = ("en", "ko")


@dataclasses.dataclass(frozen=True)
class World:
    home: Path
    run: Path
    comparison: Comparison


class Page(HTMLParser):
    """A parsed report; what is opened must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.blocks: list[str] = []
        self._open: list[str] = []
        self._classes: list[str] = []
        self._of_class: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
            self._classes.append(dict(attrs).get("class") or "")
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._classes.pop()

    def handle_data(self, data: str) -> None:
        if "pre" in self._open:
            self.blocks[-1] += data
        if data.strip():
            self.texts.append((tuple(self._open), " ".join(data.split())))
            self._of_class.append((self._classes[-1], self.texts[-1][1]))

    def inside(self, tag: str) -> list[str]:
        return [text for where, text in self.texts if where[-1] == tag]

    def texts_of_class(self, name: str) -> list[str]:
        return [text for of, text in self._of_class if of == name]

    @property
    def text(self) -> str:
        return " ".join(text for where, text in self.texts if "style" not in where)

    @property
    def commands(self) -> list[str]:
        return [text for text in self.blocks if text.startswith("python -m")]

    @property
    def images(self) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == "img"]


def report(source: object, target: Path, language: Language = "en", **options: Path) -> Page:
    assert drain(write_report(str(source), target, language, **options)) == target
    return Page(target.read_text(encoding="utf-8"))


def evaluation_of(run: Path) -> Evaluation:
    return load_evaluation(open_run(str(run)).evaluation_file).evaluation


def copied(world: World, tmp_path: Path, **changes: object) -> Run:
    """The run in another folder, with what its description says otherwise."""
    folder = tmp_path / "copy"
    shutil.copytree(world.run, folder)
    description = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(description | changes), encoding="utf-8")
    return open_run(str(folder))
