import ast
import base64
import dataclasses
import io
import json
import re
import shlex
import shutil
import string
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import jinja2
import numpy as np
import pytest
from jinja2 import nodes
from PIL import Image

from tests.trainer.comparisons import some, table_of_runs, trained
from tests.trainer.photos import make
from tests.trainer.runs import SMALL, new_run
from trainer import paths
from trainer.cli.compare import grid_of
from trainer.cli.main import build_parser, main
from trainer.cli.options import recipe_of
from trainer.config.presets import PRESETS
from trainer.config.recipe import NAMES, Recipe
from trainer.control import drain
from trainer.data import synonyms
from trainer.data.class_names import Language
from trainer.data.dataset import open_data_set
from trainer.evaluation.evaluate import evaluate, photos_to_evaluate
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import load_evaluation, save_evaluation
from trainer.events import Preparing
from trainer.experiments import comparison_table, run_database
from trainer.experiments.comparison import Comparison, Grid, Start, create_comparison
from trainer.experiments.comparison_choice import tabulate
from trainer.experiments.run import Run, open_run
from trainer.experiments.run_database import State
from trainer.inference.predictor import Predictor
from trainer.report.comparison import advice, comparison_section
from trainer.report.document import write_report
from trainer.report.recipe import OPTIONS, command_line, train_command
from trainer.report.sections import STATES
from trainer.report.texts import ClassNames, Texts, catalogue
from trainer.report.thumbnails import MISTAKE_SIDE, sample, whole
from trainer.training.compare import compare
from trainer.training.fit import fit

ROOT = Path(__file__).parents[3]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
LANGUAGES: tuple[Language, ...] = ("en", "ko")


@dataclasses.dataclass(frozen=True)
class World:
    home: Path
    run: Path
    comparison: Comparison


@pytest.fixture(scope="module")
def world(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A run and a comparison of two, with a home of their own; not to be changed."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRUITGUI_HOME", str(folder / "home"))
        data = open_data_set(demo_folder)
        run = new_run(data, folder / "run", epochs=2)
        list(fit(run, data))
        base = SMALL.but(epochs=1)
        grid = Grid(base, (Start(SMALL.model, "none"),), ("head", "full"), seeds=(0, 1))
        comparison = create_comparison(grid.recipes(), data.root, folder / "comparison")
        assert drain(compare(comparison, data))
    return World(folder / "home", run.folder, comparison)


@pytest.fixture(autouse=True)
def home_of_world(world: World, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(world.home, home)
    # Paths in the database are absolute, and the runs lie elsewhere.
    monkeypatch.setenv("FRUITGUI_HOME", str(home))


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_is_told_in_full(world: World, tmp_path: Path, language: Language) -> None:
    page = report(world.run, tmp_path / "a.html", language)
    found = evaluation_of(world.run)
    low, high = found.interval

    assert page.tags[0] == ("html", {"lang": language})
    (sentence,) = page.texts_of_class("sentence")
    for figure in (f"{found.accuracy:.1%}", str(found.n), f"{low:.1%}", f"{high:.1%}"):
        assert figure in sentence
    names = ClassNames(found.classes, language)
    for each in found.per_class:
        assert names.short(each.name) in page.inside("th")
    cells = page.inside("td")
    for each in found.per_class:
        assert f"{each.precision:.2f}" in cells
        assert f"{each.recall:.2f}" in cells
        assert f"{each.f1:.2f}" in cells
    tips = [tip for tip in page.inside("title") if "→" in tip]
    assert sorted(tips) == sorted(
        f"{names.short(label)} → {names.short(answer)}: {count} ({count / sum(row):.0%})"
        for label, row in zip(found.classes, found.confusion, strict=True)
        for answer, count in zip(found.classes, row, strict=True)
        if count
    )
    wrong = found.n - found.right
    mistakes = [image for image in page.images if image["alt"]]
    samples = 2 * len(found.classes)
    assert len(mistakes) == samples + min(wrong, 24) + _others_shown(found)
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert ids >= {"photos", "recipe", "epochs", "results", "confusion", "classes", "mistakes"}
    assert ids >= {"calibration", "machine", "again", "origin"}


def _others_shown(found: Evaluation) -> int:
    worst = [index for index in found.top_losses if not found.is_right[index]][:24]
    return len(set(found.confident_mistakes[:12]) - set(worst))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_nothing_beside_it(world: World, tmp_path: Path, language: Language) -> None:
    target = tmp_path / "a.html"
    page = report(world.comparison.folder, target, language)
    ids = {attributes.get("id") for _, attributes in page.tags}
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "object", "base"}
        if "src" in attributes:
            assert attributes["src"].startswith("data:image/jpeg;base64,")
        if "href" in attributes:
            assert attributes["href"].startswith("#")
            assert attributes["href"][1:] in ids
        assert not any(name.startswith("on") for name in attributes)
    html = target.read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|https?://", html)
    assert len(html) < 500_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_paths_stay_at_home_but_for_the_command(
    world: World, tmp_path: Path, demo_folder: Path, language: Language
) -> None:
    page = report(world.run, tmp_path / "a.html", language)
    told = " ".join(text for where, text in page.texts if "pre" not in where)
    attributes = " ".join(value for _, each in page.tags for value in each.values())
    for place in (str(demo_folder), str(world.run), str(world.home), str(tmp_path)):
        assert place not in told + attributes
    assert str(demo_folder) in page.commands[0]
    assert demo_folder.name in told


def test_classes_have_their_korean_names_and_their_own(world: World, tmp_path: Path) -> None:
    page = report(world.run, tmp_path / "a.html", "ko")
    assert "바나나" in page.inside("b")
    assert "Banana" in page.inside("span")
    assert "Banana" not in report(world.run, tmp_path / "b.html", "en").inside("span")


def test_two_classes_of_one_name_are_told_apart() -> None:
    names = ClassNames(("Eggplant", "Aubergine", "Passion-Fruit", "나만의 것"), "ko")
    assert names.short("Eggplant") == "가지 (Eggplant)"
    assert names.short("Aubergine") == "가지 (Aubergine)"
    assert names.own("Aubergine") == ""
    assert names.full("Passion-Fruit") == "패션프루트 (Passion-Fruit)"
    assert names.full("나만의 것") == "나만의 것"
    assert ClassNames(("Passion-Fruit",), "en").full("Passion-Fruit") == "Passion fruit"


def test_curves_mark_the_best_epoch(world: World, tmp_path: Path) -> None:
    page = report(world.run, tmp_path / "a.html")
    run = open_run(str(world.run))
    epochs = run_database.epochs_of(run.id)
    best = max(epoch.epoch for epoch in epochs if epoch.best)
    assert page.inside("text").count(f"best: epoch {best}") == 2
    polylines = [each for tag, each in page.tags if tag == "polyline"]
    assert sum(len(line["points"].split()) == len(epochs) for line in polylines) == 4
    assert all(text for text in page.inside("desc"))


# What anyone may have named


def test_hostile_names_are_only_text(world: World, tmp_path: Path) -> None:
    run = _copied(world, tmp_path)
    kept = load_evaluation(run.evaluation_file)
    classes = ("<script>alert(1)</script>", "{{ 7 * 7 }}{x}", '\' onload="x" \u202e&amp;')
    paths_of = tuple(
        Path("/somewhere/\udcff<img src=x>.jpg") if index == 0 else path
        for index, path in enumerate(kept.evaluation.paths)
    )
    answers = np.zeros_like(kept.evaluation.probabilities)
    answers[np.arange(kept.evaluation.n), (kept.evaluation.labels + 1) % len(classes)] = 1
    hostile = dataclasses.replace(
        kept.evaluation, classes=classes, paths=paths_of, probabilities=answers
    )
    save_evaluation(run.evaluation_file, dataclasses.replace(kept, evaluation=hostile))

    page = report(run.folder, tmp_path / "a.html", "ko")

    assert not any(tag == "script" for tag, _ in page.tags)
    assert not any("onload" in attributes for _, attributes in page.tags)
    assert all(image["src"].startswith("data:") for image in page.images)
    for name in classes:
        assert any(name in text for text in page.inside("th")), name
    assert any("\\udcff<img src=x>.jpg" in text for text in page.inside("div"))


def _copied(world: World, tmp_path: Path, **changes: object) -> Run:
    """The run in another folder, with what its description says otherwise."""
    folder = tmp_path / "copy"
    shutil.copytree(world.run, folder)
    description = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(description | changes), encoding="utf-8")
    return open_run(str(folder))


# What may be missing


def test_photos_that_are_gone_are_left_out(world: World, tmp_path: Path) -> None:
    run = _copied(world, tmp_path, data=str(tmp_path / "away" / "mine"))
    kept = load_evaluation(run.evaluation_file)
    gone = tuple(tmp_path / "away" / path.name for path in kept.evaluation.paths)
    moved = dataclasses.replace(kept.evaluation, paths=gone)
    save_evaluation(run.evaluation_file, dataclasses.replace(kept, evaluation=moved))

    page = report(run.folder, tmp_path / "a.html")

    assert page.images == []
    assert "The photos of “mine” are no longer where they were" in page.text
    assert f"{kept.evaluation.accuracy:.1%}" in page.text
    assert any(gone[index].name in page.inside("div") for index in kept.evaluation.top_losses)


def test_a_run_without_a_model_says_so(demo_folder: Path, tmp_path: Path) -> None:
    run = new_run(open_data_set(demo_folder), tmp_path / "new")
    page = report(run.folder, tmp_path / "a.html")
    assert "There is no model: no epoch of its training has ended." in page.text
    assert "No epoch of its training is known." in page.text
    assert len(page.commands) == 1


def test_a_run_that_was_not_measured_is_measured(world: World, tmp_path: Path) -> None:
    run = _copied(world, tmp_path)
    run.evaluation_file.unlink()
    page = report(run.folder, tmp_path / "a.html")
    found = evaluation_of(world.run)
    assert f"It names {found.accuracy:.1%} of {found.n} held-out photos" in page.text
    assert not run.evaluation_file.exists()


def test_what_thumbnails_are_of(tmp_path: Path) -> None:
    lying = Image.new("RGB", (400, 200), "white")
    exif = Image.Exif()
    exif[274] = 6
    lying.save(tmp_path / "turned.jpg", exif=exif)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no")
    shown = whole(tmp_path / "turned.jpg")
    assert shown is not None
    assert _size(shown) == (MISTAKE_SIDE // 2, MISTAKE_SIDE)
    square = sample(tmp_path / "turned.jpg")
    assert square is not None
    assert len(set(_size(square))) == 1
    assert whole(tmp_path / "broken.jpg") is None
    assert sample(tmp_path / "gone.jpg") is None


def _size(uri: str) -> tuple[int, int]:
    data = base64.b64decode(uri.removeprefix("data:image/jpeg;base64,"))
    return Image.open(io.BytesIO(data)).size


# Other sources


def test_a_comparison_names_the_one_to_take(world: World, tmp_path: Path) -> None:
    page = report(world.comparison.id, tmp_path / "a.html")
    table = tabulate(world.comparison)
    assert table.take is not None
    taken = table.rows[table.take]
    assert page.texts_of_class("sentence")[0] == advice(table, Texts("en"))
    cells = page.inside("td")
    for row in table.rows:
        assert row.held_out is not None
        assert row.interval is not None
        assert f"{row.held_out.mean:.1%}" in cells
        assert f"{row.interval[0]:.1%} to {row.interval[1]:.1%}" in page.inside("small")
        assert any(f"{row.held_out.mean:.1%}" in text for text in page.inside("desc"))
    found = evaluation_of(taken.representative.folder)
    sentence = page.texts_of_class("sentence")[1]
    assert f"{found.accuracy:.1%} of {found.n}" in sentence
    assert f"(seed {taken.representative.recipe.seed})" in page.text
    korean = report(world.comparison.id, tmp_path / "b.html", "ko")
    assert korean.texts_of_class("sentence")[0].startswith("추천: test_resnet")


@pytest.mark.parametrize("reason", get_args(comparison_table.Reason))
def test_advice_is_given_in_both_languages(world: World, reason: comparison_table.Reason) -> None:
    table = tabulate(world.comparison)
    told = dataclasses.replace(table, take=0, best=1, reason=reason)
    for language in LANGUAGES:
        texts = Texts(language)
        said = advice(told, texts)
        assert f"test_resnet (timm) ({texts.t('random weights')})" in said
        assert bool(re.search("[가-힣]", said)) == (language == "ko")
        # Without test photos, a sentence says what that means.
        flattered = advice(dataclasses.replace(told, split="validation"), texts)
        doubt = {"en": "There are no test photos", "ko": "테스트 사진이 없어"}[language]
        assert doubt in flattered
        assert doubt not in said


def test_where_seeds_disagree_no_row_is_called_worse(world: World, tmp_path: Path) -> None:
    best = [
        trained(tmp_path, some(right, 100), seed=seed, validation=0.95 - seed / 100)
        for seed, right in enumerate((60, 95))
    ]
    verdicts = []
    for rights in ((80, 50), (80, 99), (30, 50), (60, 60)):
        others = [
            trained(tmp_path, some(right, 100), strategy="full", seed=seed, validation=0.9)
            for seed, right in enumerate(rights)
        ]
        section = comparison_section(world.comparison, table_of_runs([*best, *others]), Texts("en"))
        verdicts.append(section.rows[1].verdict)
    assert verdicts == [
        "unclear: the seeds disagree",
        "better by the held-out photos",
        "worse by more than chance",
        "cannot be told from the best",
    ]


def test_a_file_that_a_row_starts_from_is_called_by_its_name(world: World, tmp_path: Path) -> None:
    start = Start("mobilenet_v2", str(tmp_path / "mine.pth"))
    table = table_of_runs([trained(tmp_path, some(9, 10), start)])
    assert advice(table, Texts("en")).startswith("MobileNetV2 (mine), head only: 90.0% of 10 test")


def test_a_comparison_of_which_nothing_has_ended(demo_folder: Path, tmp_path: Path) -> None:
    comparison = create_comparison([SMALL], demo_folder, tmp_path / "new")
    page = report(comparison.folder, tmp_path / "a.html")
    assert "Nothing was measured yet." in page.text
    assert "No run has ended yet, so there is no model to report." in page.text


def test_the_model_of_a_run_means_the_run(world: World, tmp_path: Path) -> None:
    page = report(world.run / "model.safetensors", tmp_path / "a.html")
    assert "Training run" in page.inside("p")


def test_a_model_alone_tells_what_its_file_says(tmp_path: Path) -> None:
    page = report(paths.starter_model(), tmp_path / "a.html")
    assert "By its own file, it named 91.3% of 196 validation photos" in page.text
    assert "Give the report one with --data." in page.text
    assert page.images == []
    assert page.commands[0].startswith("python -m trainer export")


def test_the_matrix_has_the_classes_that_there_are_photos_or_answers_of(
    demo_folder: Path, tmp_path: Path
) -> None:
    report(paths.starter_model(), tmp_path / "a.html", data=demo_folder)
    predictor = Predictor(paths.starter_model(), "cpu")
    data_set = open_data_set(demo_folder)
    _, photos = photos_to_evaluate(data_set, None, predictor.info)
    confusion = np.array(drain(evaluate(predictor, data_set, photos)).confusion)
    present = int(((confusion.sum(axis=0) + confusion.sum(axis=1)) > 0).sum())
    assert 3 <= present < len(predictor.info.classes)
    svg = (tmp_path / "a.html").read_text(encoding="utf-8").split("Confusion matrix</title>")[1]
    # A name beside each row and above each column.
    assert svg.split("</svg>")[0].count("rotate(-90") == present


def test_a_model_is_measured_on_given_photos(demo_folder: Path, tmp_path: Path) -> None:
    page = report(paths.starter_model(), tmp_path / "a.html", data=demo_folder)
    data_set = open_data_set(demo_folder)
    predictor = Predictor(paths.starter_model(), "cpu")
    split, photos = photos_to_evaluate(data_set, None, predictor.info)
    found = drain(evaluate(predictor, data_set, photos))
    assert split == "test"
    assert f"It names {found.accuracy:.1%} of {found.n} photos" in page.text
    assert "Whether it learnt from some of these photos is not known." in page.text
    assert f"{found.n} photos of “{demo_folder.name}” (test)" in page.text


def test_classes_that_mean_the_same_count_as_one(world: World, tmp_path: Path) -> None:
    groups = (("banana", "LIME"),)
    synonyms.write_groups(groups)
    found = evaluation_of(world.run)
    merged = found.merged_right((("Banana", "Lime"),)) / found.n
    page = report(world.run, tmp_path / "a.html")
    assert "Banana = Lime" in page.inside("li")
    assert f"count as one, {merged:.1%}" in page.text


# Doing it again

RECIPES = {
    **{name: recipe.but(seed=3) for name, recipe in PRESETS.items()},
    "small": SMALL,
    "balanced": PRESETS["best"].but(balanced=True, cutmix=1.0, learning_rate=3e-05),
    "starter": Recipe(model="mobilenet_v2", weights="starter"),
    "other network": PRESETS["quick"].but(model="resnet18", weights="none"),
    "taught": PRESETS["scratch"].but(teacher="my models/teacher 1.safetensors", hint_weight=0.5),
    "file": PRESETS["quick"].but(weights="-weights '한글'.pth"),
}


needs_posix_shell = pytest.mark.skipif(
    sys.platform == "win32", reason="shlex does not read lines of cmd.exe"
)


@needs_posix_shell
@pytest.mark.parametrize("name", RECIPES)
def test_the_command_trains_the_same_recipe(name: str) -> None:
    data = Path("/data/it's mine $HOME")
    line = shlex.split(command_line(train_command(RECIPES[name], data)))
    assert line[:3] == ["python", "-m", "trainer"]
    options = build_parser().parse_args(line[3:])
    assert options.data == data
    assert recipe_of(options) == RECIPES[name]


@needs_posix_shell
def test_the_page_has_the_command_of_the_run(world: World, tmp_path: Path) -> None:
    page = report(world.run, tmp_path / "a.html")
    options = build_parser().parse_args(shlex.split(page.commands[0])[3:])
    run = open_run(str(world.run))
    assert (recipe_of(options), options.data) == (run.recipe, run.data)


@needs_posix_shell
def test_the_command_trains_the_same_comparison(world: World, tmp_path: Path) -> None:
    page = report(world.comparison.folder, tmp_path / "a.html")
    options = build_parser().parse_args(shlex.split(page.commands[0])[3:])
    assert grid_of(options).recipes() == world.comparison.recipes
    assert options.data == world.comparison.data


@needs_posix_shell
def test_what_is_no_grid_is_told_run_by_run(demo_folder: Path, tmp_path: Path) -> None:
    recipes = [SMALL, SMALL.but(epochs=9, strategy="head")]
    comparison = create_comparison(recipes, demo_folder, tmp_path / "new")
    page = report(comparison.folder, tmp_path / "a.html")
    parsed = [build_parser().parse_args(shlex.split(line)[3:]) for line in page.commands]
    assert [recipe_of(options) for options in parsed] == recipes


# The verb


def test_the_verb(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "보고서.html"
    assert main(["report", str(world.run), "--language", "ko", "--out", str(target), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"path": str(target), "bytes": target.stat().st_size}
    assert 'lang="ko"' in target.read_text(encoding="utf-8")
    assert main(["report", str(world.run / "model.safetensors")]) == 0
    assert capsys.readouterr().out == "run-report.html\n"
    assert (tmp_path / "run-report.html").is_file()
    assert "data:image" in target.read_text(encoding="utf-8")
    assert main(["report", str(world.run), "--no-pictures", "--out", str(target)]) == 0
    assert "data:image" not in target.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as usage:
        main(["report", str(world.run), "--language", "fr"])
    assert usage.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "There is no run, comparison or model file “nothing”."),
        (["no.safetensors"], "There is no model file “no.safetensors”."),
        (["{run}", "--data", "nowhere"], "There is no folder or zip file “nowhere”."),
        (["{run}", "--out", "{run}/run.json/a.html"], "The disk refused to store"),
        (["{run}", "--out", "{run}/model.safetensors"], "A report is a web page"),
    ],
)
def test_what_cannot_be_reported_is_told_in_a_line(
    arguments: list[str], said: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.format(run=world.run) for argument in arguments]
    assert main(["report", *given]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert said in captured.err


def test_progress_ends_with_all_done(world: World, tmp_path: Path) -> None:
    steps = list(write_report(str(world.run), tmp_path / "a.html"))
    assert all(isinstance(step, Preparing) and step.stage == "report" for step in steps)
    done = [(step.done, step.total) for step in steps if isinstance(step, Preparing)]
    assert done[-1][0] == done[-1][1]
    assert done == sorted(done)


def test_a_report_that_is_broken_off_leaves_nothing(world: World, tmp_path: Path) -> None:
    steps = write_report(str(world.run), tmp_path / "out" / "a.html")
    next(steps)
    steps.close()
    assert not (tmp_path / "out").exists()


# Texts


def _calls(source: Path, names: set[str]) -> Iterator[str]:
    """The first argument, where it is a text, of each call of such a name."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _texts_used() -> Iterator[str]:
    yield from NAMES.values()
    # All that a data set may warn of.
    for name in ("left_out", "held_out", "class_matching", "labels/label_warnings"):
        yield from _calls(ROOT / "trainer" / "data" / f"{name}.py", {"DatasetError"})
    for source in sorted((ROOT / "trainer" / "report").glob("*.py")):
        yield from _calls(source, {"t", "text"})
    for template in sorted((ROOT / "assets" / "report").glob("*.html")):
        tree = jinja2.Environment().parse(template.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                assert isinstance(call.args[0], nodes.Const), template.name
                yield call.args[0].value


def test_the_korean_catalogue_is_complete() -> None:
    korean = catalogue()
    used = set(_texts_used())
    assert len(used) > 150
    assert used - korean.keys() == set(), "without Korean"
    assert korean.keys() - used == set(), "no longer used"
    for english, translated in korean.items():
        assert translated, english
        assert _places(english) == _places(translated), english


def _places(template: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_choice_of_a_recipe_has_its_words() -> None:
    assert list(NAMES) == [field.name for field in dataclasses.fields(Recipe)]
    for name, hint in get_type_hints(Recipe).items():
        if get_origin(hint) is Literal:
            assert set(OPTIONS[name]) == set(get_args(hint)), name
    assert OPTIONS["strategy"] == comparison_table.STRATEGY_TITLES
    assert set(STATES) == set(get_args(State))


def test_warnings_of_a_data_set_are_told_in_korean(tmp_path: Path) -> None:
    files = {"train/a": 6, "train/b": 6, "test/c": 1, "val/a": 1, "valid/b": 1, "train/one": 1}
    (tmp_path / "fruit" / "train" / "empty").mkdir(parents=True)
    data_set = open_data_set(make(tmp_path / "fruit", files))
    assert len(data_set.warnings) == 4
    texts = Texts("ko")
    for warning in data_set.warnings:
        assert re.search("[가-힣]", texts.error(warning)), str(warning)
        assert Texts("en").error(warning) == str(warning) or "training" in Texts("en").error(
            warning
        )


def test_korean_pages_speak_korean(world: World, tmp_path: Path) -> None:
    page = report(world.comparison.id, tmp_path / "a.html", "ko")
    english = [text for text in _texts_used() if len(text) > 12 and "{" not in text]
    korean = catalogue()
    for text in english:
        if korean[text] != text:
            assert text not in page.text, text
