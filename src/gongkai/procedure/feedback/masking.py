"""The voice's words as they are kept, and as they may hang on the wall."""

import re
import unicodedata

from gongkai.foundation.files.decoding import without_marks
from gongkai.procedure.review import privacy

_MANY_BLANK_LINES = re.compile(r"\n{3,}")


def tidied(text: str) -> str:
    """``text`` without control characters and needless blank lines; the words are untouched."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return _MANY_BLANK_LINES.sub("\n\n", without_marks(kept)).strip()


def masked(text: str) -> str:
    """``text`` with identity numbers, mobiles and bank cards masked, each kind in one way.

    Different masks of one number could be joined to rebuild it (domain rules §6), so the masks
    are those of the review.
    """
    return privacy.masked_in(without_marks(text))
