"""A PDF as a scanner makes it: noise and strokes at 150 dots an inch, which pack as paper does.

It needs no Django, so that a process can make it and take its memory away.
"""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (1240, 1754)


def scan(path: Path, count: int) -> None:
    """Write a PDF of so many pages; four take turns, so that none is kept in memory twice."""
    kinds = [_page(number) for number in range(4)]
    first, *others = (kinds[number % len(kinds)] for number in range(count))
    first.save(path, "PDF", save_all=True, append_images=others, resolution=150, quality=60)


def _page(number: int) -> Image.Image:
    paper = Image.blend(Image.new("L", SIZE, 245), Image.effect_noise(SIZE, 20), 0.08)
    pen = ImageDraw.Draw(paper)
    for row in range(110, SIZE[1] - 110, 44):
        for column in range(110, SIZE[0] - 110, 26):
            for stroke in range(4):
                turn = (row * 7 + column * 3 + stroke * 5 + number) % 20
                pen.line((column, row + turn, column + 20 - turn, row + stroke * 5), 40, 2)
    return paper
