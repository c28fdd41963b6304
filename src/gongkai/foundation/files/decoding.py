"""From bytes to Chinese text: UTF-8, GB18030 and UTF-16 are recognised, nothing is guessed twice.

A wrong guess would print nonsense under an official name, so a doubtful file is refused with a
sentence that says what to do.
"""

import codecs
import re
import unicodedata

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_COMMON_SHARE = 0.8  # GB 2312 covers over 99% of printed Chinese; wrongly decoded text far less
_DAMAGED_SHARE = 0.8
_SHOWN_PLACES = 5


def decode(data: bytes) -> str:
    """The text of ``data``, line ends as ``\\n``, invisible marks removed.

    Raises ``Refused`` on empty or binary content, on an unknown encoding, and on control
    characters, whose places it names.
    """
    if not data.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        raise Refused([_("文件是空的。请打开看看内容是否保存了，再传一次。")])
    return cleaned(_decoded(data))


def cleaned(text: str) -> str:
    """``text`` without invisible marks and odd line ends; ``Refused`` on control characters."""
    text = without_marks(_BREAKS.sub("\n", text))
    if places := control_places(text):
        raise Refused(
            [
                _("文字里有不能显示的字符：%(places)s。请删去这些字符，再传一次。")
                % {"places": _("、").join(places)}
            ]
        )
    return text


def without_marks(text: str) -> str:
    """``text`` without the marks that show nothing or reverse the reading order.

    They come with copied text; a reversed run could make a number read as another one.
    """
    return _INVISIBLE.sub("", text)


def control_places(text: str) -> list[str]:
    """Where control characters and lost characters stand, as 第3行第5个字; the first few only."""
    places: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        for found in _CONTROL.finditer(line):
            if len(places) == _SHOWN_PLACES:
                return places
            place = _("第%(line)d行第%(column)d个字") % {
                "line": number,
                "column": found.start() + 1,
            }
            places.append(place)
    return places


def _decoded(data: bytes) -> str:
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Refused([_("文件不完整。请重新另存一次，再传。")]) from error
        if _mostly_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            message = _(
                "第%(line)d行有坏字，这个文件可能没有存完整。请重新另存为UTF-8文本，再传一次。"
            )
            raise Refused([message % {"line": line}]) from error
    return _gb18030(data)


def _gb18030(data: bytes) -> str:
    """``data`` as GB18030, if that gives common Chinese; else ``Refused``."""
    message = _(
        "认不出这个文件的文字编码，它也可能不是文本。"
        "请用记事本打开，另存为UTF-8文本，再传一次；不是文本的，请作为附件上传。"
    )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Refused([message]) from error
    chinese = [character for character in text if not character.isascii()]
    common = sum(_common(character) for character in chinese)
    if b"\0" in data or common < _COMMON_SHARE * len(chinese):
        raise Refused([message])
    return text


def _common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return unicodedata.category(character).startswith("P")
    return True


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes beyond ASCII form UTF-8 with few exceptions: damaged, not GB18030."""
    beyond = sum(byte > 0x7F for byte in data)
    valid = sum(
        len(character.encode())
        for character in data.decode("utf-8", "ignore")
        if not character.isascii()
    )
    return beyond > 0 and valid >= _DAMAGED_SHARE * beyond
