"""QR codes, drawn small and quickly.

All parts of a code but its mask are linear over bits: two texts of the same length differ in the
same modules wherever their bits differ. So for addresses of one form, ``https://…/i/`` and so many
letters, the code of any of them is put together from the code of one and a picture for each letter
in each place. Segno draws what is new; a board of a million items then costs little.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

MASK = 3
"""A fixed mask: trying all eight for the prettiest costs eight times as much."""
TAIL = 10
"""Letters at the end that differ from one address to the next."""
LEARNT_AFTER = 100
"""Codes of one form after which its pictures are worth drawing."""
_CHUNK = 13
_RUN = re.compile("0+|1+")
_BITS = 7
_FORMS = 64

Code = tuple[int, int]
"""Modules on one side, and all of them as one number, row by row."""


@dataclass
class _Form:
    """Texts of one beginning and length: how many there were, and what their letters change."""

    asked: int = 0
    side: int = 0
    zero: int = 0
    bits: list[list[int]] = field(default_factory=list)
    pictures: list[dict[str, int]] = field(default_factory=list)


_forms: dict[tuple[str, int], _Form] = {}


def code(text: str, tail: int = TAIL) -> Code:
    """The code of ``text`` at error level M; the last ``tail`` letters differ from text to text."""
    head = text[:-tail]
    if not head or not text.isascii() or not head.isprintable() or not _bytewise(head):
        return _drawn(text)
    if len(_forms) > _FORMS and (head, tail) not in _forms:
        _forms.clear()  # so many forms are none: addresses of elsewhere
    form = _forms.setdefault((head, tail), _Form())
    form.asked += 1
    if form.asked < LEARNT_AFTER:
        return _drawn(text)
    if len(form.pictures) < tail:
        _learn_a_place(head, tail, form)
        return _drawn(text)
    modules = form.zero
    for place, (letter, pictures) in enumerate(zip(text[-tail:], form.pictures, strict=True)):
        picture = pictures.get(letter)
        if picture is None:
            picture = pictures[letter] = _picture(letter, form.bits[place])
        modules ^= picture
    return form.side, modules


@lru_cache(maxsize=8)
def drawing(text: str, tail: int = TAIL) -> tuple[int, str]:
    """Modules on one side of the code of ``text``, and its path; kept for the other language."""
    drawn = code(text, tail)
    return drawn[0], path(drawn)


def path(drawn: Code) -> str:
    """The dark modules as an SVG path of strokes one unit wide, from left to right."""
    side, modules = drawn
    cells = f"{modules:0{side * side}b}"
    strokes, parts = _strokes, []
    for begin, cuts, last in _rows(side):
        parts.append(begin)
        parts += [strokes[cells[cut]] for cut in cuts]
        parts.append(strokes[cells[last].rstrip("0")])
    return "".join(parts)


@lru_cache(maxsize=8)
def _rows(side: int) -> list[tuple[str, list[slice], slice]]:
    """Where each row of a code begins on paper, and how its modules are cut."""
    return [
        (
            f"M0 {y}.5",
            [slice(x, x + _CHUNK) for x in range(y * side, (y + 1) * side - _CHUNK, _CHUNK)],
            slice(y * side + (side - 1) // _CHUNK * _CHUNK, (y + 1) * side),
        )
        for y in range(side)
    ]


class _Strokes(dict[str, str]):
    """A few modules of a row: ``h`` draws dark ones, ``m`` steps over light ones."""

    def __missing__(self, cells: str) -> str:
        drawn = "".join(
            f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in _RUN.findall(cells)
        )
        self[cells] = drawn
        return drawn


_strokes = _Strokes()


def _bytewise(head: str) -> bool:
    """Whether the text is coded byte by byte: one small letter is enough."""
    return any(letter.islower() for letter in head)


def _learn_a_place(head: str, tail: int, form: _Form) -> None:
    """Draw what one more letter changes. A place with each code: all at once would keep the
    publication waiting that happens to be the hundredth.
    """
    place = len(form.pictures)
    if not place:
        form.side, form.zero = _drawn(head + "\0" * tail)
    after = "\0" * (tail - place - 1)
    single = (_drawn(head + "\0" * place + chr(1 << bit) + after)[1] for bit in range(_BITS))
    form.bits.append([form.zero ^ drawn for drawn in single])
    form.pictures.append({})


def _picture(letter: str, bits: list[int]) -> int:
    """What ``letter`` changes in a place whose single bits change ``bits``."""
    modules = 0
    for bit, picture in enumerate(bits):
        if ord(letter) >> bit & 1:
            modules ^= picture
    return modules


@lru_cache(maxsize=64)
def _drawn(text: str) -> Code:
    import segno  # late: most processes draw none

    rows: Sequence[Sequence[int]] = segno.make(text, error="m", micro=False, mask=MASK).matrix
    return len(rows), int("".join("1" if cell else "0" for row in rows for cell in row), 2)
