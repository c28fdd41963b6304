"""Reading scanned pages, where the extra ``gongkai[ocr]`` is installed; in portions, like pages.

What was read stands beside the pages (``pages.store``), so going on means to look which page is
missing. It is a proposal for a person who compares it with the picture, never a text by itself.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec

from gongkai.foundation.files import storage
from gongkai.foundation.files.pages import limited
from gongkai.foundation.files.pages.limited import Failed, Unshowable
from gongkai.foundation.files.pages.preparing import BY_OFFICE
from gongkai.foundation.files.pages.sheets import Recognised
from gongkai.foundation.files.pages.store import Rendition

PORTION = 4
"""Pages of one process: so it stays small, and little is lost when it is ended."""
UNSURE = 0.9
"""Below this a line is marked for whoever compares."""


def available() -> bool:
    """Whether text can be read in pictures here."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def advance(digest: str, extension: str, numbers: Sequence[int], seconds: float) -> bool:
    """Go on reading the pages ``numbers`` for about ``seconds``; says whether all are read.

    Done again, it goes on where it was. A page that cannot be read within the limits is tried once
    more alone and then noted as failed.
    """
    made, until = Rendition(digest), time.monotonic() + seconds
    source = storage.path(digest)
    if extension in BY_OFFICE:
        source, extension = made.folder / "converted.pdf", "pdf"
    size = PORTION
    while wanted := list(missing(made, numbers))[:size]:
        with suppress(Failed, Unshowable):  # what it has read until then counts
            limited.run("recognise", source, made.work, extension=extension, wanted=wanted)
        taken = sum(map(made.take_words, wanted))
        if taken == 0 and size == 1:
            made.keep_words(wanted[0], Recognised(failed=True))
        late = time.monotonic() > until and (taken > 0 or size == 1)
        size = PORTION if taken == len(wanted) else 1
        if late:
            break
    return next(missing(made, numbers), None) is None


def missing(made: Rendition, numbers: Sequence[int]) -> Iterator[int]:
    """The pages among ``numbers`` that nobody has tried to read yet."""
    return (number for number in numbers if made.words(number) is None)
