"""What changed between two submissions or revisions, visible: paragraphs aligned first, then words.

The result is HTML of our own making: every word of the texts is escaped, the only tags are those
of blocks and ``ins`` and ``del``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from html import escape
from itertools import pairwise

from gongkai.procedure.proposals.models import Revision, Submission
from gongkai.procedure.proposals.sanitise import Block, blocks, joined

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


def difference(old: Submission | Revision, new: Submission | Revision) -> Difference:
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


# -- two people's texts ----------------------------------------------------------------------------

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Piece:
    """A stretch of two texts that came from one, as both have it (一处).

    ``advice`` says whose words lose nothing: where only one of the two wrote, that one's.
    """

    theirs: tuple[Block, ...]
    mine: tuple[Block, ...]
    advice: str

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.theirs != self.mine

    @property
    def key(self) -> str:
        """By what it says: a choice never falls on words that nobody saw."""
        said = f"{joined(self.theirs)}\0{joined(self.mine)}"
        return sha256(said.encode()).hexdigest()[:16]


def pieces(base: str | None, theirs: str, mine: str) -> list[Piece]:
    """Two texts that came from ``base`` cut where both can be cut, in order.

    Without ``base`` nobody knows who wrote what, and both versions are advised.
    """
    other, own = blocks(theirs), blocks(mine)
    first = other if base is None else blocks(base)
    cuts = [
        (at, there, here)
        for at, (there, here) in enumerate(
            zip(_places(first, other), _places(first, own), strict=True)
        )
        if there is not None and here is not None
    ]
    found = []
    for (i1, j1, k1), (i2, j2, k2) in pairwise(cuts):
        before, there, here = first[i1:i2], tuple(other[j1:j2]), tuple(own[k1:k2])
        found.append(Piece(there, here, _advice(None if base is None else before, there, here)))
    return found


def combined(found: Sequence[Piece], choices: Mapping[str, str]) -> str:
    """One text: where the two differ, what was chosen by the piece's key, or else what is mine."""
    kept: list[Block] = []
    for piece in found:
        choice = choices.get(piece.key, MINE) if piece.differs else MINE
        kept += piece.theirs if choice in (THEIRS, BOTH) else ()
        kept += piece.mine if choice in (MINE, BOTH) else ()
    return joined(kept)


def _places(first: Sequence[Block], text: Sequence[Block]) -> list[int | None]:
    """Where each gap between the blocks of ``first`` lies in ``text``; None where it is gone."""
    at: dict[int, int] = {}
    for match in SequenceMatcher(None, first, text, autojunk=False).get_matching_blocks():
        at |= {match.a + n: match.b + n for n in range(match.size)}
    inner = [at[n - 1] + 1 if n - 1 in at else at.get(n) for n in range(1, len(first))]
    return [0, *inner, len(text)] if first else [0, len(text)]


def _advice(
    base: Sequence[Block] | None, theirs: tuple[Block, ...], mine: tuple[Block, ...]
) -> str:
    if theirs == mine:
        return MINE
    if base is None:
        return BOTH if theirs and mine else THEIRS if theirs else MINE
    if mine == tuple(base):
        return THEIRS
    return MINE if theirs == tuple(base) else BOTH


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
