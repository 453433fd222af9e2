"""Bytes as text, whatever editor and country they come from."""

import codecs
import re

# the longer ones first: that of UTF-32 begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMENT = re.compile(rb"^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
# a wrong encoding of the East gives letters too, only seldom those of its own country
_HANGUL = re.compile(r"[\x00-\x7f　-】！-～ㄱ-ㆎ가-힣·…‘’“”×÷±σΣ]*")
_JAPANESE = re.compile(r"(?=.*[ぁ-ヿ])[^｡-ﾟ]*", re.DOTALL)
# letters of the West, that mostly stand between others
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")
_EAST = (("euc_kr", _HANGUL), ("shift_jis", _JAPANESE), ("cp949", _HANGUL))


def decode(raw: bytes) -> str:
    """The text of a file: by its byte order mark, its coding comment, as UTF-8, or else by what its letters are.

    Every byte is a letter of Latin-1, so that there is always one; lines end in "\\n".
    """
    return unified(_decoded(raw))


def unified(text: str) -> str:
    """The text with line ends of one kind, without a byte order mark or half of a surrogate pair."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _decoded(raw: bytes) -> str:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    comment = _COMMENT.match(raw)
    declared = comment[1].decode("ascii") if comment else "utf-8"
    text = _strict(raw, declared)
    # an encoding in which the comment itself could not be read is none of this file
    if text is None or (comment and declared not in text):
        text = _strict(raw, "utf-8")
    return _by_letters(raw) if text is None else text


def _by_letters(raw: bytes) -> str:
    for name, letters in _EAST:
        text = _strict(raw, name)
        if text is not None and letters.fullmatch(text):
            return text
    western = 2 * len(_ALONE.findall(raw)) > len(_HIGH.findall(raw))
    text = None if western else _strict(raw, "gb18030")
    return raw.decode("latin-1") if text is None else text


def _strict(raw: bytes, name: str) -> str | None:
    """None for bytes that are none of an encoding, and for an encoding that is none (or none of text)."""
    try:
        return raw.decode(name)
    except (LookupError, ValueError):
        return None
