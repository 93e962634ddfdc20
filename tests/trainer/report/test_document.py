"""A report as a whole."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.report.reading import LANGUAGES, World, copied, evaluation_of, report
from trainer.cli.main import main
from trainer.data.class_names import Language
from trainer.evaluation.result import Evaluation
from trainer.evaluation.result_file import load_evaluation, save_evaluation
from trainer.events import Preparing
from trainer.experiments import run_database
from trainer.experiments.run import open_run
from trainer.report.document import write_report
from trainer.report.texts import ClassNames


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


def test_curves_mark_the_best_epoch(world: World, tmp_path: Path) -> None:
    page = report(world.run, tmp_path / "a.html")
    run = open_run(str(world.run))
    epochs = run_database.epochs_of(run.id)
    best = max(epoch.epoch for epoch in epochs if epoch.best)
    assert page.inside("text").count(f"best: epoch {best}") == 2
    polylines = [each for tag, each in page.tags if tag == "polyline"]
    assert sum(len(line["points"].split()) == len(epochs) for line in polylines) == 4
    assert all(text for text in page.inside("desc"))


def test_hostile_names_are_only_text(world: World, tmp_path: Path) -> None:
    run = copied(world, tmp_path)
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


def test_photos_that_are_gone_are_left_out(world: World, tmp_path: Path) -> None:
    run = copied(world, tmp_path, data=str(tmp_path / "away" / "mine"))
    kept = load_evaluation(run.evaluation_file)
    gone = tuple(tmp_path / "away" / path.name for path in kept.evaluation.paths)
    moved = dataclasses.replace(kept.evaluation, paths=gone)
    save_evaluation(run.evaluation_file, dataclasses.replace(kept, evaluation=moved))

    page = report(run.folder, tmp_path / "a.html")

    assert page.images == []
    assert "The photos of “mine” are no longer where they were" in page.text
    assert f"{kept.evaluation.accuracy:.1%}" in page.text
    assert any(gone[index].name in page.inside("div") for index in kept.evaluation.top_losses)


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
