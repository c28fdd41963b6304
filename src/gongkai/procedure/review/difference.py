"""What changed between two submissions, visible: paragraphs aligned first, then words.

The result is HTML of our own making: every word of the texts is escaped, the only tags are those
of blocks and ``ins`` and ``del``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from gongkai.procedure.proposals.models import Submission
from gongkai.procedure.proposals.sanitise import Block, blocks

_ALIKE = 0.4  # below this two paragraphs share too little to be read as one
_WORDS_LIMIT = 3000
_AHEAD = 8  # blocks looked through for the one that became this one
_HEADINGS = {"h2": "h3", "h3": "h4"}


@dataclass(frozen=True)
class Difference:
    """What a resubmission changed (修改对照). ``title`` and ``body`` are safe HTML."""

    title: str
    body: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    particulars: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything differs at all."""
        marked = ("<ins>" in self.title + self.body) or ("<del>" in self.title + self.body)
        return marked or bool(self.added or self.removed or self.particulars)


def difference(old: Submission, new: Submission) -> Difference:
    """The difference from ``old`` to ``new``, attachments and particulars included."""
    before = {each["digest"]: each["title"] for each in old.attachments}
    after = {each["digest"]: each["title"] for each in new.attachments}
    changed = {
        name
        for name in {*old.particulars, *new.particulars}
        if old.particulars.get(name) != new.particulars.get(name)
    }
    return Difference(
        title=words(old.title, new.title),
        body=body(old.body, new.body),
        added=tuple(title for digest, title in after.items() if digest not in before),
        removed=tuple(title for digest, title in before.items() if digest not in after),
        particulars=tuple(sorted(changed)),
    )


def body(old: str, new: str) -> str:
    """Two bodies as one: what stayed, what came, what went."""
    before, after = blocks(old), blocks(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    parts: list[str] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            parts += [_shown(block.tag, _lines(block.text)) for block in after[j1:j2]]
        else:
            parts += _replaced(before[i1:i2], after[j1:j2])
    return "\n".join(parts)


def words(old: str, new: str) -> str:
    """Two lines as one, word by word."""
    before, after = _words(old), _words(new)
    if len(before) + len(after) > _WORDS_LIMIT:
        return _deleted(old) + _inserted(new) if old != new else _lines(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    parts: list[str] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        went, came = "".join(before[i1:i2]), "".join(after[j1:j2])
        parts.append(_lines(came) if kind == "equal" else _deleted(went) + _inserted(came))
    return "".join(parts)


def _replaced(before: Sequence[Block], after: Sequence[Block]) -> Iterator[str]:
    """A run of blocks for another: pairs that are alike word by word, the rest whole.

    Pairs keep the order of both texts: each old block is matched at or after the last match.
    """
    place = 0
    for block in after:
        ahead = range(place, min(place + _AHEAD, len(before)))
        match = next((n for n in ahead if _alike(before[n].text, block.text)), None)
        if match is None:
            yield _shown(block.tag, _inserted(block.text))
            continue
        for gone in before[place:match]:
            yield _shown(gone.tag, _deleted(gone.text))
        yield _shown(block.tag, words(before[match].text, block.text))
        place = match + 1
    for gone in before[place:]:
        yield _shown(gone.tag, _deleted(gone.text))


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return all(
        ratio() >= _ALIKE
        for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    )


def _words(text: str) -> list[str]:
    """The words of ``text``; joined again they are the text."""
    import rjieba

    return list(rjieba.cut(text)) if text else []


def _shown(tag: str, inner: str) -> str:
    """A block of the comparison; lists and tables are shown line by line."""
    tag = _HEADINGS.get(tag, "p")
    return f"<{tag}>{inner}</{tag}>"


def _deleted(text: str) -> str:
    return f"<del>{_lines(text)}</del>" if text else ""


def _inserted(text: str) -> str:
    return f"<ins>{_lines(text)}</ins>" if text else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>").replace("\t", " | ")
