"""Signs that no sheet of paper can show: the item could not hang on a wall, nor be filed in print.

Found by the fonts that come with us (``foundation.paper``), which every installation prints with.
"""

from collections.abc import Iterator

from gongkai.foundation.paper import glyphs
from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.reading import Document


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each place of each such sign in what is printed: the text, and the titles of attachments."""
    for passage in document.passages:
        if passage.place.part == "line":
            continue
        for at, sign in enumerate(passage.text):
            if not glyphs.printable(sign):
                place = passage.at(at, at + 1)
                facts = {"points": glyphs.numbered(sign)}
                yield Hit("unprintable", place, glyphs.shown(sign), sign, facts=facts)
