"""What a report says of a comparison."""

import dataclasses
import re
from pathlib import Path
from typing import get_args

import pytest

from tests.trainer.comparisons import some, table_of_runs, trained
from tests.trainer.report.reading import LANGUAGES, World, evaluation_of, report
from tests.trainer.runs import SMALL
from trainer.experiments import comparison_table
from trainer.experiments.comparison import Start, create_comparison
from trainer.experiments.comparison_choice import tabulate
from trainer.report.comparison import advice, comparison_section
from trainer.report.texts import Texts


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
