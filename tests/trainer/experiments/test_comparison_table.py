import statistics
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.comparisons import answers, some, table_of_runs, trained
from trainer.experiments.comparison import Start
from trainer.experiments.comparison_choice import paired_outcomes
from trainer.experiments.comparison_table import Table, run_as_json, title_of
from trainer.metrics.intervals import wilson_interval
from trainer.metrics.significance import holm, mcnemar
from trainer.report import comparison as report
from trainer.report.texts import Texts

SMALL = Start("mobilenet_v2", "imagenet")
MIDDLE = Start("resnet18", "imagenet")


def advice(table: Table) -> str:
    return report.advice(table, Texts("en"))


def test_a_table_loads_no_torch() -> None:
    code = "import sys, trainer.experiments.comparison_table\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_figures_over_seeds_are_means_with_the_deviation_of_the_sample(tmp_path: Path) -> None:
    rights = (70, 80, 84)
    validations = (0.7, 0.8, 0.75)
    table = table_of_runs(
        trained(tmp_path, some(right, 100), seed=seed, validation=validation, milliseconds=ms)
        for seed, (right, validation, ms) in enumerate(
            zip(rights, validations, (9.0, 30.0, 10.0), strict=True)
        )
    )
    (row,) = table.rows
    assert row.held_out is not None and row.validation is not None
    assert row.held_out.mean == pytest.approx(0.78)
    assert row.held_out.deviation == pytest.approx(statistics.stdev([0.7, 0.8, 0.84]))
    assert row.validation.mean == pytest.approx(0.75)
    # More seeds see the same photos: the interval is that of one of them.
    assert row.interval == pytest.approx(wilson_interval(78, 100))
    assert row.milliseconds == 10
    assert row.seconds_an_epoch == pytest.approx(10)
    assert row.gap == pytest.approx(0.05)
    assert row.representative.recipe.seed == 1
    assert (table.best, table.take, table.reason, table.photos) == (0, 0, "single", 100)


def test_seeds_that_could_not_read_all_photos_make_no_impossible_share(tmp_path: Path) -> None:
    table = table_of_runs(
        [trained(tmp_path, some(100, 100)), trained(tmp_path, some(60, 60), seed=1)]
    )
    assert table.rows[0].interval == pytest.approx(wilson_interval(60, 60))


def test_the_best_is_found_by_validation_photos_and_the_others_held_against_it(
    tmp_path: Path,
) -> None:
    champion = some(95, 100)
    close, far, farther = some(93, 100, first=2), some(70, 100), some(50, 100)
    table = table_of_runs(
        [
            trained(tmp_path, close, strategy="head", validation=0.90),
            trained(tmp_path, champion, strategy="layer4", validation=0.94),
            trained(tmp_path, far, strategy="full", validation=0.7),
            trained(tmp_path, farther, strategy="gradual", validation=0.5),
        ]
    )
    assert table.best == 1
    expected = holm(
        [mcnemar(np.array(champion), np.array(other)) for other in (close, far, farther)]
    )
    found = [row.probability for row in table.rows]
    assert found == [pytest.approx(expected[0]), None, *map(pytest.approx, expected[1:])]
    assert [table.is_like_best(number) for number in range(4)] == [True, False, False, False]
    assert (table.take, table.reason) == (1, "most_accurate")
    assert "Some others may be as good" in advice(table)


def test_what_is_better_than_each_is_clear(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(95, 100), validation=0.95),
            trained(tmp_path, some(60, 100), strategy="full", validation=0.6),
        ]
    )
    assert (table.take, table.reason) == (0, "clear")
    assert "Recommended: ResNet50, head only. 95.0% of 100 test photos" in advice(table)


def test_nothing_is_clear_where_answers_to_hold_against_are_gone(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(95, 100), validation=0.95),
            trained(tmp_path, some(60, 100), strategy="full", validation=0.6, keeps_answers=False),
        ]
    )
    assert table.rows[1].probability is None
    assert (table.take, table.reason) == (0, "most_accurate")


def test_what_costs_less_and_is_as_good_is_taken(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(95, 100), validation=0.95, milliseconds=40),
            trained(tmp_path, some(94, 100), SMALL, validation=0.93, milliseconds=8),
            # As cheap within the noise of the clock, and better on the validation photos.
            trained(tmp_path, some(94, 100), MIDDLE, validation=0.94, milliseconds=8.1),
        ]
    )
    assert (table.best, table.take, table.reason) == (0, 2, "cheaper")
    assert "It may be as good as ResNet50, head only (95.0%), the best on" in advice(table)


def test_the_cheapest_of_the_cheaper_is_taken(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(95, 100), validation=0.95, milliseconds=90),
            trained(tmp_path, some(95, 100), MIDDLE, validation=0.94, milliseconds=30),
            trained(tmp_path, some(94, 100), SMALL, validation=0.93, milliseconds=8),
        ]
    )
    assert (table.take, table.reason) == (2, "cheaper")


def test_much_accuracy_is_not_given_up_for_a_cheaper_one(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(19, 20), validation=0.95, milliseconds=40),
            trained(tmp_path, some(16, 20), SMALL, validation=0.93, milliseconds=8),
        ]
    )
    assert table.is_like_best(1)
    assert (table.take, table.reason) == (0, "most_accurate")


def test_held_out_photos_that_contradict_the_validation_photos_are_told(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(60, 100), validation=0.95),
            trained(tmp_path, some(95, 100), strategy="full", validation=0.9),
        ]
    )
    assert table.best == 0
    assert table.surpasses_best(1)
    assert not table.is_like_best(1)
    assert (table.take, table.reason) == (1, "contradicted")
    assert "with caution" in advice(table)


def test_advice_holds_whatever_the_seeds_say(tmp_path: Path) -> None:
    # Of either row, the first seed has the better validation accuracy, and represents it.
    records = {
        (strategy, seed, right): trained(
            tmp_path / str(right),
            some(right, 100),
            strategy=strategy,
            seed=seed,
            validation=validation - seed / 100,
        )
        for strategy, validation in (("full", 0.95), ("head", 0.9))
        for seed in (0, 1)
        for right in (50, 80, 95)
    }
    seen = set()
    for rights, is_quicker, keeps_answers in product(
        product((50, 80, 95), repeat=4), (True, False), (True, False)
    ):
        best = [records["full", seed, right] for seed, right in enumerate(rights[:2])]
        other = [records["head", seed, right] for seed, right in enumerate(rights[2:])]
        if is_quicker:
            other = [replace(record, seconds=1.0) for record in other]
        if not keeps_answers:
            other = [replace(record, folder=tmp_path / "nowhere") for record in other]
        table = table_of_runs([*best, *other])
        assert table.best == 0
        taken = table.rows[table.take or 0].held_out
        assert taken is not None
        assert f"{taken.mean:.1%}" in advice(table)

        of_runs, of_means = rights[2] - rights[0], sum(rights[2:]) - sum(rights[:2])
        is_worse = keeps_answers and of_runs < 0 and of_means < 0
        is_better = keeps_answers and of_runs > 0 and of_means > 0
        is_alike = keeps_answers and of_runs == 0
        is_to_prefer = is_alike and is_quicker and of_means / 200 >= -0.02
        assert (table.falls_short(1), table.surpasses_best(1)) == (is_worse, is_better)
        assert table.is_like_best(1) == is_alike
        expected = (
            (0, "clear")
            if is_worse
            else (1, "contradicted")
            if is_better
            else (1, "cheaper")
            if is_to_prefer
            else (0, "most_accurate")
        )
        assert (table.take, table.reason) == expected
        seen.add(table.reason)
    assert len(seen) == 4


def test_validation_photos_do_not_contradict_themselves(tmp_path: Path) -> None:
    runs = [
        trained(tmp_path, some(60, 100), validation=0.95),
        trained(tmp_path, some(95, 100), strategy="full", validation=0.9),
    ]
    held_out = [
        replace(run, measurement=replace(run.measurement, split="validation"))
        for run in runs
        if run.measurement is not None
    ]
    table = table_of_runs(held_out)
    assert (table.take, table.reason) == (0, "most_accurate")
    said = advice(table)
    assert "60.0% of 100 validation photos right. No other was better on the validation" in said
    assert said.endswith("on the same validation photos, so they look better than they are.")


def test_of_equals_the_quicker_is_best(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(9, 10), validation=0.9, milliseconds=40),
            trained(tmp_path, some(9, 10), SMALL, validation=0.9, milliseconds=8),
        ]
    )
    assert table.best == 1


def test_a_run_that_was_not_measured_represents_no_row_that_was(tmp_path: Path) -> None:
    table = table_of_runs(
        [
            trained(tmp_path, some(8, 10), validation=0.8),
            trained(tmp_path, some(9, 10), seed=1, validation=0.95, measurement=None),
        ]
    )
    (row,) = table.rows
    assert row.representative.recipe.seed == 0
    assert row.held_out is not None and row.held_out.mean == 0.8


def test_runs_that_were_stopped_failed_or_deleted_have_no_figures(tmp_path: Path) -> None:
    done = trained(tmp_path, some(8, 10))
    stopped = trained(tmp_path, some(9, 10), SMALL, state="stopped", measurement=None)
    failed = trained(
        tmp_path, some(9, 10), MIDDLE, state="failed", kept_failure="No weights.", measurement=None
    )
    deleted = replace(trained(tmp_path, some(9, 10), strategy="full"), trashed=done.created)
    table = table_of_runs([done, stopped, failed, deleted])
    assert [len(row.runs) for row in table.rows] == [1, 0, 0, 0]
    assert [record.reason for record in table.rows[2].failed] == ["No weights."]
    assert (table.best, table.reason) == (0, "single")
    assert "There is no other model to compare with." in advice(table)


def test_nothing_is_advised_while_nothing_is_measured(tmp_path: Path) -> None:
    table = table_of_runs([trained(tmp_path, some(8, 10), measurement=None)])
    assert advice(table) == ""
    assert (table.best, table.take, table.photos) == (None, None, 0)
    assert table.rows[0].validation is not None


def test_outcomes_are_paired_by_photo() -> None:
    first = answers([True, False, True, True])
    second = answers([False, True, True])
    mine, theirs = paired_outcomes(first, replace(second, paths=second.paths[::-1]))
    assert mine.tolist() == [True, False, True]
    assert theirs.tolist() == [True, True, False]


def test_a_run_as_json_has_what_its_row_says(tmp_path: Path) -> None:
    best = trained(tmp_path, some(95, 100), validation=0.95)
    other = trained(tmp_path, some(60, 100), strategy="full", validation=0.6, milliseconds=0.0)
    table = table_of_runs([best, other])
    line = run_as_json(table, 1, other)
    assert (line["model"], line["weights"], line["strategy"]) == ("resnet50", "imagenet", "full")
    assert (line["accuracy"], line["n"], line["test_accuracy"]) == (0.6, 100, 0.6)
    assert line["p_value"] == table.rows[1].probability
    assert line["milliseconds"] is None
    assert (line["is_best"], line["is_recommended"]) == (False, False)
    assert run_as_json(table, 0, best)["is_recommended"]


def test_a_run_is_called_as_its_user_does(tmp_path: Path) -> None:
    run = trained(tmp_path, some(1, 2))
    assert title_of(run) == "ResNet50, head only"
    assert title_of(replace(run, name="mine")) == "mine"


def test_the_same_network_takes_the_same_time_whatever_else_the_computer_did(
    tmp_path: Path,
) -> None:
    head = trained(tmp_path, some(9, 10), milliseconds=3.5, seconds=1.0)
    layer4 = trained(tmp_path, some(9, 10), strategy="layer4", milliseconds=2.0)
    other = trained(tmp_path, some(9, 10), SMALL, milliseconds=1.0)
    table = table_of_runs([layer4, head, other])
    assert [row.milliseconds for row in table.rows] == [2.75, 2.75, 1.0]
    # What is trained more quickly is cheaper, though it was timed while the computer was busy.
    table = table_of_runs([layer4, head])
    assert (table.take, table.reason) == (1, "cheaper")
