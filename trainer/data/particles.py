"""Korean particles, which go by the sound that the word before them ends with."""

import re

_FORMS = {
    "을(를)": ("을", "를"),
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
"""As a text says both, after a consonant, and after a vowel."""
_BOTH = re.compile(rf"([가-힣0-9])([”’\"']*)({'|'.join(map(re.escape, _FORMS))})")
_RIEUL = 8
"""The place of ㄹ among the consonants that a syllable may end with; 0 is none."""
_DIGITS_END_WITH = (21, _RIEUL, 0, 16, 0, 0, 1, _RIEUL, _RIEUL, 0)
"""The same of what digits are called: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구."""


def with_particles(text: str) -> str:
    """*text*, with one form of each particle instead of both, as ``“사과”를`` for ``“사과”을(를)``.

    After Latin letters both stay: how they are read is not known.
    """
    return _BOTH.sub(_chosen, text)


def _chosen(found: re.Match[str]) -> str:
    last, closing, both = found.groups()
    end = (ord(last) - ord("가")) % 28 if last >= "가" else _DIGITS_END_WITH[int(last)]
    after_consonant, after_vowel = _FORMS[both]
    is_vowel = end == 0 or (end == _RIEUL and both == "(으)로")
    return f"{last}{closing}{after_vowel if is_vowel else after_consonant}"
