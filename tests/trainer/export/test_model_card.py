import dataclasses
from pathlib import Path

import pytest

from trainer import paths
from trainer.data import class_names
from trainer.data.class_names import LANGUAGES, Language, name_in
from trainer.export.card_texts import TEXTS
from trainer.export.format import Exported
from trainer.export.model_card import model_card
from trainer.metrics.intervals import wilson_interval
from trainer.models.metadata import ModelInfo, read_model_info

INFO = ModelInfo(
    title="Obst | 과일\n# not a heading",
    architecture="resnet50",
    classes=("Passion-Fruit", "우리 사과", "a | b"),
    image_size=192,
    resize="crop",
    temperature=0.75,
    threshold=0.05,
    familiar_scores=tuple(float(level) for level in range(101)),
    metrics={"validation_accuracy": 0.9, "validation_photos": 50},
    data_fingerprint="0123456789abcdef",
    licence="CC BY 4.0",
    created="2026-01-02T03:04:05+00:00",
)
EXPORTED = Exported(
    path=Path("folder/과일.onnx"),
    card=Path("folder/과일.onnx.md"),
    format="onnx",
    with_preprocessing=True,
    checked=123,
    of_yours=45,
    largest_difference=0.00012345,
    largest_familiarity_difference=0.001,
    ties=4,
    seconds=5.6,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_what_the_model_is_and_how_good(language: Language) -> None:
    card = model_card(INFO, EXPORTED, language)
    texts = TEXTS[language]
    headings = [line for line in card.splitlines() if line.startswith("#")]
    parts = (texts.what, texts.classes, texts.accuracy, texts.origin)
    later = (texts.use, texts.calibration, texts.usage, texts.check)
    assert headings == [
        "# Obst \\| 과일 # not a heading",
        *(f"## {part}" for part in (*parts, *later)),
    ]
    for words in (
        "ResNet50",
        "192×192",
        "과일.onnx",
        "| Passion-Fruit | Passion fruit | 패션프루트 |",
        "| 우리 사과 | 우리 사과 | 우리 사과 |",
        "| a \\| b | a \\| b | a \\| b |",
        "90.0%",
        "50",
        "CC BY 4.0",
        "0123456789abcdef",
        "0.75",
        "0.05",
        "95%",
        "123",
        "45",
        "0.00012",
        'InferenceSession("과일.onnx")',
    ):
        assert words in card, words
    low, high = wilson_interval(45, 50)
    assert f"{low:.1%}" in card
    assert f"{high:.1%}" in card
    assert "{" not in card.replace('{"photo": inputs}', "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
        ("salt &amp; pepper", "salt &amp;amp; pepper"),
        ("[click](https://example.com)", "\\[click\\](https://example.com)"),
        ("`code` *bold* ~~old~~ _soft_", "\\`code\\` \\*bold\\* \\~\\~old\\~\\~ \\_soft\\_"),
        ("a \\| b", "a \\\\\\| b"),
        ("# heading #", "\\# heading \\#"),
        ("- item", "\\- item"),
        ("> quote", "&gt; quote"),
        ("12. item", "12\\. item"),
        ("사과 (후지), 50%", "사과 (후지), 50%"),
        ("Granny-Smith_apple no. 7: l'été", "Granny-Smith_apple no. 7: l'été"),
    ],
)
def test_a_strangers_names_are_shown_as_they_are(name: str, shown: str) -> None:
    info = dataclasses.replace(
        INFO,
        title=name,
        architecture=name,
        classes=(name,),
        data_fingerprint=name,
        licence=name,
        created=name,
    )
    lines = model_card(info, None, "en").splitlines()
    assert lines[0] == f"# {shown}"
    assert f"| architecture | {shown} |" in lines
    assert f"| created | {shown} |" in lines
    assert f"| {shown} | {shown} | {shown} |" in lines
    assert f"Licence: {shown}" in lines
    assert f"Fingerprint of the photos: {shown}" in lines


def test_a_card_warns_of_what_the_model_is_not_for() -> None:
    english, korean = (model_card(INFO, None, language) for language in LANGUAGES)
    assert "allergens, food safety" in english
    assert "medical" in english
    assert "알레르기" in korean
    assert "의료" in korean


def test_a_model_that_was_not_exported_has_a_card_without_its_use() -> None:
    card = model_card(INFO, None, "en")
    assert "```" not in card
    assert "onnx" not in card


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_speaks_of_photos_with_two_answers_only_where_there_are_some(
    language: Language,
) -> None:
    words = TEXTS[language].but_for_ties.format(ties=4)
    assert words in model_card(INFO, EXPORTED, language)
    without = model_card(INFO, dataclasses.replace(EXPORTED, ties=0), language)
    assert words.split("4")[-1] not in without


def test_a_card_claims_nothing_that_is_not_known() -> None:
    bare = ModelInfo(title="m", architecture="mobilenet_v2", classes=("a",))
    card = model_card(bare, EXPORTED, "en")
    assert "was not measured" in card
    assert "The licence of the photos is not stated" in card
    assert "*unknown* of what" not in card
    assert "Nothing is called *unknown*" in card
    assert "temperature" not in card
    by_confidence = model_card(dataclasses.replace(bare, threshold=0.4), EXPORTED, "en")
    assert "largest probability is below 0.4" in by_confidence


@pytest.mark.parametrize(
    "metrics",
    [
        {"validation_accuracy": "high", "validation_photos": []},
        {"validation_accuracy": float("nan")},
        {"validation_accuracy": 7, "validation_photos": 3},
        {"validation_accuracy": True},
        {"validation_accuracy": 0.5, "validation_photos": float("inf")},
        {"validation_accuracy": 0.5, "validation_photos": -3},
    ],
    ids=str,
)
def test_figures_that_cannot_be_are_left_out(metrics: dict[str, float]) -> None:
    card = model_card(dataclasses.replace(INFO, metrics=metrics), EXPORTED, "en")
    assert "validation photos are answered right (95%" not in card


def test_the_starters_card_has_the_figures_of_its_own_page() -> None:
    card = model_card(read_model_info(paths.starter_model()), None, "en")
    page = (paths.assets_folder() / "starter.md").read_text(encoding="utf-8")
    for figure in ("91.3%", "86.5%", "94.5%"):
        assert figure in card
        assert figure in page


def test_produce_has_a_name_in_both_languages() -> None:
    names = dict(class_names._known().values())
    assert len(names) > 50
    for english, korean in names.items():
        assert name_in(english.upper().replace(" ", "_"), "en") == english
        assert name_in(english.replace(" ", "-"), "ko") == korean


def test_a_class_of_the_users_own_keeps_its_name() -> None:
    for language in LANGUAGES:
        assert name_in("My_best-apple", language) == "My_best-apple"
        assert name_in("사과", language) == "사과"


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_joint_head_the_card_says_what_stands_beside_the_logits(language: Language) -> None:
    sentence = TEXTS[language].beside_background
    joint = dataclasses.replace(INFO, head="joint")
    assert sentence in model_card(joint, EXPORTED, language)
    assert sentence not in model_card(INFO, EXPORTED, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_licence_of_the_first_weights_is_told_beside_that_of_the_photos(
    language: Language,
) -> None:
    info = dataclasses.replace(INFO, weights_licence="CC-BY-NC-4.0")
    card = model_card(info, EXPORTED, language)
    assert TEXTS[language].weights_licence.format(licence="CC-BY-NC-4.0") in card
    assert TEXTS[language].licence.format(licence="CC BY 4.0") in card
