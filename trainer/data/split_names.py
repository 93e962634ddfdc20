"""Which split a folder's name means, however people write it."""

import re
import unicodedata

SPLITS = ("train", "validation", "test")

_SPLIT_OF = {
    name: split
    for split, names in {
        "train": "train training trn 학습 훈련 트레인 트레이닝",
        "validation": "validation validate valid val development dev evaluation eval 검증",
        "test": "test testing tst heldout heldback holdout 테스트 시험 평가",
    }.items()
    for name in names.split()
}
_BESIDE = sorted(
    "seg set sets split data dataset datasets image images img imgs photo photos picture pictures "
    "pic pics file files folder folders sample samples 용 데이터 셋 세트 이미지 사진 폴더".split(),
    key=len,
    reverse=True,
)
"""What stands beside them and says nothing: ``seg_train``, ``Test Set``, ``1.Training``, 학습용."""

_SAYS_NOTHING = re.compile(r"[\W\d_]+")


def split_named(folder_name: str) -> str | None:
    """The split that a folder's name means, or None."""
    # NFKC composes Hangul, which macOS stores decomposed.
    name = unicodedata.normalize("NFKC", folder_name).casefold()
    name = _SAYS_NOTHING.sub("", name)
    while name not in _SPLIT_OF:
        shorter = _without_a_word(name)
        if shorter == name:
            return None
        name = shorter
    return _SPLIT_OF[name]


def _without_a_word(name: str) -> str:
    for word in _BESIDE:
        if name.endswith(word):
            return name.removesuffix(word)
        if name.startswith(word):
            return name.removeprefix(word)
    return name
