"""What the files in a zip are called: old tools write names in whatever encoding their system has,
and do not say which."""

import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

_UTF_8 = 0x800
_UNICODE_PATH = 0x7075
_EUROPEAN = ("cp850", "cp437", "cp1252")
"""DOS of Western Europe and of America, and Windows of both."""


def names_of(members: Sequence[zipfile.ZipInfo]) -> list[PurePosixPath]:
    """The names of a zip's members, with their folders. Those that are not marked as UTF-8, and do
    not say what they are called in Unicode, are taken for one encoding together."""
    names = [_told(member) for member in members]
    raw = [
        b"" if name is not None else _raw(member)
        for name, member in zip(names, members, strict=True)
    ]
    encoding = encoding_of(raw)
    return [
        PurePosixPath((name or _decoded(bytes_, encoding)).replace("\\", "/"))
        for name, bytes_ in zip(names, raw, strict=True)
    ]


def _told(member: zipfile.ZipInfo) -> str | None:
    """The member's name where the zip leaves no doubt about it."""
    original = member.orig_filename.partition("\0")[0]
    if member.flag_bits & _UTF_8:
        return original
    raw, extra = _raw(member), member.extra
    while len(extra) >= 4:
        kind, size = (int.from_bytes(extra[i : i + 2], "little") for i in (0, 2))
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        # A version, the checksum of the name that this is of, and the name.
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _raw(member: zipfile.ZipInfo) -> bytes:
    """The name's bytes: without that mark, zipfile reads them as cp437, which has all 256."""
    return member.orig_filename.partition("\0")[0].encode("cp437", "replace")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        # An archive that several tools have written to.
        return raw.decode(encoding_of([raw]), "replace")


def encoding_of(names: Sequence[bytes]) -> str:
    """The encoding that these names are in most likely: UTF-8; Korean Windows', where that gives
    syllables in use; Japanese Windows', where that gives kana, or words of kanji; else a European
    one, the first that makes words of the names."""
    odd = [name for name in names if not name.isascii()]
    decoded = {
        encoding: text
        for encoding in ("utf-8", "cp949", "cp932", *_EUROPEAN)
        if (text := _all_decoded(odd, encoding)) is not None
    }
    if "utf-8" in decoded:
        return "utf-8"
    if "cp949" in decoded and _is_korean(decoded["cp949"]):
        return "cp949"
    western = next((e for e in _EUROPEAN if e in decoded and _is_western(decoded[e])), None)
    if "cp932" in decoded and _is_japanese(decoded["cp932"], is_western=western is not None):
        return "cp932"
    return western or "cp437"


def _all_decoded(names: Sequence[bytes], encoding: str) -> str | None:
    try:
        return "\n".join(name.decode(encoding) for name in names)
    except UnicodeDecodeError:
        return None


def _is_korean(text: str) -> bool:
    """Whether most of what is not ASCII are Hangul syllables in use, those 2,350 of KS X 1001, and
    the hanja beside them."""
    beyond = [character for character in text if ord(character) > 127]
    in_use = sum("가" <= each <= "힣" and len(_encoded(each)) == 2 for each in beyond)
    hanja = sum(map(_is_ideograph, beyond))
    return in_use > 0 and 2 * (in_use + hanja) > len(beyond)


def _encoded(character: str) -> bytes:
    """In EUC-KR, which spells the syllables that are not in KS X 1001 with eight bytes."""
    return character.encode("euc_kr", "ignore")


def _is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


def _is_japanese(text: str, is_western: bool) -> bool:
    """Args: *is_western* says whether the names could be European words as well."""
    beyond = [character for character in text if ord(character) > 127]
    kana = sum("\u3041" <= each <= "\u30fe" for each in beyond)
    others = sum(_is_ideograph(each) or "\uff66" <= each <= "\uff9f" for each in beyond)
    if 2 * (kana + others) < len(beyond):
        return False
    return 2 * kana > len(beyond) or not is_western


def _is_western(text: str) -> bool:
    """Whether all that is not ASCII are letters of words, with no capital amid small letters."""
    for before, character in zip(" " + text, text, strict=False):
        if ord(character) <= 127:
            continue
        if unicodedata.category(character) not in {"Lu", "Ll"} or character in "ÐðÞþµſƒ":
            return False
        if "LATIN" not in unicodedata.name(character, ""):
            return False
        if character.isupper() and before.islower():
            return False
    return True
