"""QR codes put together are the ones that segno draws."""

import random

import pytest
import segno

from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.foundation.ui import qr


def by_segno(text):
    """The modules that segno draws for ``text``, as rows."""
    rows = segno.make(text, error="m", micro=False, mask=qr.MASK).matrix
    return [[int(bool(cell)) for cell in row] for row in rows]


def rows_of(code):
    """The same from a code."""
    side, modules = code
    cells = f"{modules:0{side * side}b}"
    return [[int(cell) for cell in cells[at : at + side]] for at in range(0, side * side, side)]


@pytest.mark.parametrize(
    "head", ["https://gongkai.example/i/", "http://127.0.0.1:8000/i/", "https://公开.example/i/"]
)
def test_a_code_put_together_is_the_one_drawn(head, monkeypatch):
    monkeypatch.setattr(qr, "LEARNT_AFTER", 1)
    qr._forms.clear()
    chance = random.Random(7)
    for _ in range(2 * qr.TAIL):  # a place is learnt with each of the first
        text = head + "".join(chance.choices(ALPHABET, k=10))
        assert rows_of(qr.code(text)) == by_segno(text)


@pytest.mark.parametrize("text", ["1234567890123", "HTTPS://GONGKAI.EXAMPLE/I/K7", "a", "党务公开"])
def test_texts_of_another_kind_are_drawn_whole(text, monkeypatch):
    monkeypatch.setattr(qr, "LEARNT_AFTER", 1)
    assert rows_of(qr.code(text)) == by_segno(text)


def test_the_path_covers_the_dark_modules_and_no_others():
    text = "https://gongkai.example/i/7k2m9x0qpz"
    dark = set()
    x = y = 0
    for part in qr.path(qr.code(text)).replace("h", " h").replace("m", " m").split("M"):
        for step in part.split():
            if step.endswith(".5"):
                x, y = 0, int(step[:-2])
            elif step[0] == "h":
                dark |= {(x + i, y) for i in range(int(step[1:]))}
                x += int(step[1:])
            elif step[0] == "m":
                x += int(step[1:])
    drawn = by_segno(text)
    assert dark == {(x, y) for y, row in enumerate(drawn) for x, cell in enumerate(row) if cell}
