"""Pictures whose words say nothing of what they show: readers who do not see them get none.

A picture of the text has its alternative text, any other one its name among the attachments.
"""

import re
from collections.abc import Iterator

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit, Place
from gongkai.procedure.review.checks.numbers import title_shown
from gongkai.procedure.review.checks.reading import Document

_ENDING = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|tiff?|heic)$", re.IGNORECASE)
_EMPTY = re.compile(
    r"(?:图片?|照片|图像|截图|截屏|扫描件?|附件|微信图片|微信截图|屏幕截图|新建|未命名|无标题|复件|副本"
    r"|image|img|dsc|dscn|pic|photo|picture|screenshot|scan|untitled|mmexport|wx_camera"
    r"|[0-9\s_\-—.()（）]++){0,12}+",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"[0-9a-fA-F\-]{16,80}")


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each picture whose words are a number, a camera's file name, or nothing."""
    for name, alt, place in document.pictures:
        if _says_nothing(alt):
            yield Hit("pictures", place, "", f"{name} {alt}", "placed")
    placed = {name.partition(".")[0] for name, _alt, _place in document.pictures}
    for each in document.attached:
        if not each.media_type.startswith("image/") or each.digest[:16] in placed:
            continue
        if _says_nothing(each.title):
            yield Hit("pictures", Place("file", title_shown(each.title)), "", each.digest)


def _says_nothing(words: str) -> bool:
    name = _ENDING.sub("", words.strip())
    return bool(_DIGEST.fullmatch(name)) or (len(name) <= 80 and bool(_EMPTY.fullmatch(name)))
