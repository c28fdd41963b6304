"""Where in a text the words stand: a piece of it, with the words marked. Pure.

The words are folded and the text is not, so each letter remembers from which character it came.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from gongkai.surfaces.search import words

LENGTH, BEFORE = 120, 24
"""Characters of a piece, and how many of them stand before the first word."""
LOOKED_AT = 20_000
"""Characters of a text in which words are marked; what lies further is found, but not shown."""


class Text:
    """A text in which words can be looked for (原文)."""

    def __init__(self, text: str) -> None:
        self.text = text[:LOOKED_AT]
        spelt = words.spelt(self.text)
        self._letters = "".join(spelt)
        self._at = [place for place, letters in enumerate(spelt) for _letter in letters]

    def spans(self, wanted: Sequence[str]) -> list[tuple[int, int]]:
        """From where to where the words stand, in order, joined where they touch."""
        found = sorted(span for word in wanted for span in self._of(word))
        joined: list[tuple[int, int]] = []
        for begin, end in found:
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((begin, end))
        return joined

    def _of(self, word: str) -> list[tuple[int, int]]:
        found, begin = [], self._letters.find(word)
        while begin >= 0:
            found.append((self._at[begin], self._at[begin + len(word) - 1] + 1))
            begin = self._letters.find(word, begin + len(word))
        return found

    def marked(self, wanted: Sequence[str]) -> Markup:
        """The whole text with the words marked."""
        return _marked(self.text, self.spans(wanted), 0, len(self.text))

    def piece(self, wanted: Sequence[str]) -> Markup | None:
        """The piece that holds most of the words, marked; None when none stands in the text."""
        spans = self.spans(wanted)
        if not spans:
            return None
        best = max(spans, key=lambda span: self._kinds(span[0], wanted))
        return self._cut(max(0, best[0] - BEFORE), spans)

    def beginning(self) -> Markup:
        """How the text begins, nothing marked."""
        return self._cut(0, [])

    def _kinds(self, begin: int, wanted: Sequence[str]) -> int:
        """How many of the words stand in the piece that begins there."""
        near = words.letters(self.text[max(0, begin - BEFORE) : begin - BEFORE + LENGTH])
        return sum(word in near for word in wanted)

    def _cut(self, begin: int, spans: Sequence[tuple[int, int]]) -> Markup:
        end = min(len(self.text), begin + LENGTH)
        shown = _marked(self.text, spans, begin, end)
        before = "…" if begin else ""
        after = "…" if end < len(self.text) else ""
        return Markup(before) + shown + Markup(after)


def _marked(text: str, spans: Sequence[tuple[int, int]], begin: int, end: int) -> Markup:
    parts, at = [], begin
    for first, last in spans:
        first, last = max(first, begin), min(last, end)
        if first < last:
            parts.append(escape(text[at:first]))
            parts.append(Markup("<mark>{}</mark>").format(text[first:last]))
            at = last
    parts.append(escape(text[at:end]))
    return Markup("").join(parts)
