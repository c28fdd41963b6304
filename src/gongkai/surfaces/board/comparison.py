"""What a correction changed, as readers see it: struck out and put in, with a little around it."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import unescape

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from gongkai.surfaces.board.items import Edition

AROUND = 24
"""Characters of unchanged text shown on either side of a change."""
MOST = 12
"""Changes shown; a text that was rewritten is better read whole."""

LONGEST = 4000
"""Words of a paragraph that are compared; beyond that comparing takes longer than reading."""

_BREAK = re.compile(r"</(?:p|h[1-6]|li|tr|td|th|caption|blockquote|pre)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\d[\d.,]*[%年月日号时分元个处项条件人万亿]*|[A-Za-z]+|\s+|.", re.DOTALL)


def changes(before: Edition, after: Edition) -> list[Markup]:
    """The changes from one edition to the next, in the order of the text; the title first."""
    found: list[Markup] = []
    if before.title != after.title:
        found.append(_marked(before.title, after.title))
    found += _of_texts(paragraphs(before.body), paragraphs(after.body))
    found += _of_files(before, after)
    if len(found) > MOST:
        rest = _("还有%(n)s处改动，请对照从前的版本看。") % {"n": len(found) - MOST}
        found = [*found[:MOST], escape(rest)]
    return found


def paragraphs(body: str) -> list[str]:
    """The paragraphs of sanitised HTML as plain text."""
    texts = (unescape(_TAG.sub("", part)).strip() for part in _BREAK.split(body))
    return [text for text in texts if text]


def _of_texts(before: Sequence[str], after: Sequence[str]) -> Iterator[Markup]:
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        old, new = before[i:j], after[k:m]
        if len(old) == len(new):
            yield from map(_marked, old, new)
        else:
            yield from (Markup("<del>{}</del>").format(text) for text in old)
            yield from (Markup("<ins>{}</ins>").format(text) for text in new)


def _of_files(before: Edition, after: Edition) -> Iterator[Markup]:
    old = {file.digest: file.title for file in before.attachments}
    new = {file.digest: file.title for file in after.attachments}
    for digest, title in old.items():
        if digest not in new:
            yield Markup("{}<del>{}</del>").format(_("附件："), title)
    for digest, title in new.items():
        if digest not in old:
            yield Markup("{}<ins>{}</ins>").format(_("附件："), title)


def _marked(old: str, new: str) -> Markup:
    """One paragraph against the other, word by word, unchanged stretches shortened."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    if max(len(a), len(b)) > LONGEST:
        return escape(_("有一段很长的文字改动过，请对照从前的版本看。"))
    shown = Markup("")
    steps = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for at, (kind, i, j, k, m) in enumerate(steps):
        if kind == "equal":
            shown += _shortened("".join(a[i:j]), at == 0, at == len(steps) - 1)
            continue
        if i < j:
            shown += Markup("<del>{}</del>").format("".join(a[i:j]))
        if k < m:
            shown += Markup("<ins>{}</ins>").format("".join(b[k:m]))
    return shown


def _shortened(text: str, first: bool, last: bool) -> Markup:
    if first:
        return escape(text if len(text) <= AROUND else "…" + text[-AROUND:])
    if last:
        return escape(text if len(text) <= AROUND else text[:AROUND] + "…")
    whole = len(text) <= 2 * AROUND
    return escape(text if whole else f"{text[:AROUND]}…{text[-AROUND:]}")
