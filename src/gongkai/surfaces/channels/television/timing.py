"""How long a page stands, and the files of words beside the video 时长和字幕. Pure."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SPEED = 4.5
"""Characters a second: what people of every age read along on a screen."""
SETTLE = 1
"""Seconds until the eye has found the new page."""
LEAST = 6
SCANNED = 12
"""Seconds that a page with a code stands at least: a telephone is taken out first."""
RATE = 25


@dataclass(frozen=True)
class Shown:
    """A page with its time (一页): ``text`` is read on it, ``item`` is the number of its item."""

    text: str
    seconds: int
    item: int = 0


def seconds(text: str, *, code: bool = False) -> int:
    """How long a page with this ``text`` stands."""
    least = SCANNED if code else LEAST
    return max(least, math.ceil(weight(text) / SPEED) + SETTLE)


def weight(text: str) -> float:
    """How much there is to read: a Chinese character is one, a letter or figure half."""
    return sum(
        1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5
        for sign in text
        if not sign.isspace()
    )


def total(pages: Sequence[Shown]) -> int:
    """How long the loop is, in seconds."""
    return sum(page.seconds for page in pages)


def srt(pages: Sequence[Shown]) -> str:
    """The words of the pages as SubRip."""
    return "\n".join(
        f"{number}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{_lines(text)}\n"
        for number, (start, end, text) in enumerate(_cues(pages), 1)
    )


def vtt(pages: Sequence[Shown]) -> str:
    """The same as WebVTT."""
    told = [
        f"{_clock(start, '.')} --> {_clock(end, '.')}\n{_lines(text)}\n"
        for start, end, text in _cues(pages)
    ]
    return "\n".join(["WEBVTT\n", *told]).replace("&", "&amp;").replace("<", "&lt;")


def _cues(pages: Sequence[Shown]) -> list[tuple[int, int, str]]:
    found, at = [], 0
    for page in pages:
        if page.text.strip():
            found.append((at, at + page.seconds, page.text))
        at += page.seconds
    return found


def _lines(text: str) -> str:
    """Lines of a cue: an empty one would end it, an arrow begin another."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(line for line in lines if line).replace("-->", "→")


def _clock(seconds: int, mark: str) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}000"
