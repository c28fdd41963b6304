"""The charter's text with other entries 改目录: what did not change stays, comments included.

A charter is written by hand, and its comments say why. So only the lines of what changed are
rewritten. Every result is read back; where the text cannot be followed, the whole charter is
written anew, which the caller is told.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import tomli_w
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.catalogue.charter import Charter, EntryRule, as_data, dump, parse
from gongkai.procedure.catalogue.checks import check
from gongkai.procedure.catalogue.lines import Path, lines_of
from gongkai.procedure.catalogue.reading import Faults, field_name, read


@dataclass(frozen=True)
class Edited:
    """A charter's text after an edit (改后的文本); ``kept``: its comments are all in it."""

    text: str
    kept: bool


def edited(source: str, entries: Sequence[EntryRule]) -> Edited:
    """``source``, a valid charter, with ``entries`` as its catalogue.

    ``Refused`` when they do not fit the rest of the charter.
    """
    before = parse(source)
    wanted = replace(before, entries=tuple(entries))
    if obstacles := dict.fromkeys(sentence for _path, sentence in judged(wanted)):
        raise Refused(obstacles)
    if wanted == before:
        return Edited(source, kept=True)
    text = _rewritten(source, before, wanted)
    if text is not None and _reads_as(text, wanted):
        return Edited(text, kept=_comments(source, wanted) <= _comments(text, wanted))
    return Edited(dump(wanted), kept="#" not in source)


def _comments(source: str, wanted: Charter) -> set[str]:
    """Every comment of ``source`` that is not one of an entry which ``wanted`` leaves out."""
    codes = {rule.code for rule in wanted.entries}
    pieces = _pieces(source, parse(source)) or []
    lines = [
        line for piece in pieces if not piece.code or piece.code in codes for line in piece.lines
    ]
    return {comment for line in lines if (comment := _comment(line))}


def _comment(line: str) -> str:
    """The comment on a line that is otherwise a key and its value, an item, or nothing."""
    head, mark, rest = line.partition("#")
    quotes = head.count('"') - head.count('\\"')
    return rest.strip() if mark and quotes % 2 == 0 and head.count("'") % 2 == 0 else ""


def _reads_as(text: str, wanted: Charter) -> bool:
    try:
        return parse(text) == wanted
    except Refused:
        return False


# -- judging ---------------------------------------------------------------------------------------


class _Places(Faults):
    """Faults that remember what they are about instead of a line."""

    def __init__(self) -> None:
        super().__init__("")
        self.found: list[tuple[Path, str]] = []

    def add(self, path: Path, sentence: str) -> None:
        if (path, sentence) not in self.found:
            self.found.append((path, sentence))


def judged(charter: Charter) -> list[tuple[Path, str]]:
    """Everything wrong with ``charter``, each with the path of what it is about.

    The sentences call a field by its label alone: whoever fills in a form knows no keys. One about
    another part of the charter begins with the name of that part.
    """
    faults = _Places()
    check(read(Charter, as_data(charter), faults), faults)
    told = [(path, _plain(charter, path, sentence)) for path, sentence in faults.found]
    return list(dict.fromkeys(told))


def _plain(charter: Charter, path: Path, sentence: str) -> str:
    if path[0] != "entries":
        return _elsewhere(charter, path, sentence)
    rule = charter.entries[int(path[1])] if len(path) > 1 else None
    if rule and path[-1] == "period" and not rule.period:
        return _("定期公开的要选周期：每月、每季度、每半年或每年。")
    for each in fields(EntryRule):
        label = _("“%(label)s”") % {"label": each.metadata["label"]}
        sentence = sentence.replace(field_name(each), label)
    return sentence


def _elsewhere(charter: Charter, path: Path, sentence: str) -> str:
    """About another part of the charter; most often, that it still names an entry left out."""
    part = next(each for each in fields(Charter) if each.name == path[0])
    said = {"part": part.metadata["label"], "what": sentence}
    named: Any = charter
    for step in path:
        named = named[step] if isinstance(step, int) else getattr(named, step)
    if isinstance(named, str) and named not in {rule.code for rule in charter.entries}:
        wording = _(
            "实施办法的“%(part)s”还用着“%(code)s”，不能取消这一项。请先改实施办法的那一部分。"
        )
        return wording % {**said, "code": named}
    return _("实施办法的“%(part)s”：%(what)s") % said


# -- rewriting -------------------------------------------------------------------------------------


@dataclass
class _Piece:
    """Some lines of the text: those of the entry ``code``, or what stands between two entries."""

    code: str
    lines: list[str]


def _rewritten(source: str, before: Charter, wanted: Charter) -> str | None:
    """The text with the changed lines rewritten; None when its entries are no tables of their own.

    Entries that keep their order keep their place; otherwise all stand where the first one stood.
    """
    pieces = _pieces(source, before)
    if pieces is None:
        return None
    old = {rule.code: rule for rule in before.entries}
    bodies = {piece.code: piece.lines for piece in pieces if piece.code}
    made = {
        rule.code: _entry_lines(bodies.get(rule.code), old.get(rule.code), rule)
        for rule in wanted.entries
    }
    codes = [rule.code for rule in wanted.entries]
    stay = [code for code in codes if code in bodies]
    if stay == [rule.code for rule in before.entries if rule.code in made]:
        return _in_place(pieces, codes, made)
    return _gathered(pieces, codes, made)


def _in_place(pieces: list[_Piece], codes: Sequence[str], made: dict[str, list[str]]) -> str:
    """Each entry where it stood; a new one after the entry that it follows."""
    here = {piece.code for piece in pieces}
    lines: list[str] = []
    waiting: list[str] = []  # new ones before the first that stays
    following: dict[str, list[str]] = {}
    last = ""
    for code in codes:
        if code in here:
            last = code
        elif last:
            following.setdefault(last, []).append(code)
        else:
            waiting.append(code)
    dropped = False
    for piece in pieces:
        if not piece.code:
            lines += _without_gap(piece.lines) if dropped else piece.lines
            dropped = False
            continue
        for code in waiting:
            lines += [*made[code], ""]
        waiting = []
        dropped = piece.code not in made
        if not dropped:
            lines += made[piece.code]
            for code in following.get(piece.code, ()):
                lines += ["", *made[code]]
    return _ended("\n".join(lines))


def _gathered(pieces: list[_Piece], codes: Sequence[str], made: dict[str, list[str]]) -> str:
    lines: list[str] = []
    done = False
    for piece in pieces:
        if not piece.code:
            lines += _without_gap(piece.lines) if done else piece.lines
        elif not done:
            for code in codes:
                lines += [*made[code], ""]
            done = True
    return _ended("\n".join(lines))


def _ended(text: str) -> str:
    return text.rstrip("\n") + "\n"


def _without_gap(lines: list[str]) -> list[str]:
    """The lines without the blank ones before the first that says something."""
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    return lines[start:]


def _pieces(source: str, charter: Charter) -> list[_Piece] | None:
    """The text cut at its entries. A comment right above ``[[entries]]`` belongs to the entry."""
    lines, places = source.split("\n"), lines_of(source)
    pieces: list[_Piece] = []
    at = 0
    for n, rule in enumerate(charter.entries):
        header = places[("entries", n)] - 1
        if not lines[header].lstrip().startswith("[["):
            return None
        start = header
        while start > at and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        end = _end(lines, places, n)
        pieces += [_Piece("", lines[at:start]), _Piece(rule.code, lines[start:end])]
        at = end
    return [*pieces, _Piece("", lines[at:])]


def _end(lines: Sequence[str], places: dict[Path, int], n: int) -> int:
    """The index of the line after the last value of entry ``n``."""
    own = max(line for path, line in places.items() if path[:2] == ("entries", n))
    later = [line for path, line in places.items() if line > own and path[:2] != ("entries", n)]
    return _said_until(lines, own, min(later, default=len(lines) + 1) - 1)


def _said_until(lines: Sequence[str], start: int, end: int) -> int:
    """``end``, moved up over blank lines and comments, no further than ``start``."""
    while end > start and (not (line := lines[end - 1].strip()) or line.startswith("#")):
        end -= 1
    return end


def _entry_lines(body: list[str] | None, old: EntryRule | None, new: EntryRule) -> list[str]:
    """The lines of ``new``: those of ``old`` with what differs replaced, added or taken out."""
    wanted = as_data(new)
    if body is None or old is None:
        return ["[[entries]]", *(f"{key} = {_value(value)}" for key, value in wanted.items())]
    before = as_data(old)
    starts = _key_lines(body)
    lines = body[: min(starts.values(), default=len(body))]
    ordered = sorted(starts, key=lambda key: starts[key])
    for key, following in zip(ordered, [*ordered[1:], ""], strict=True):
        start = starts[key]
        end = starts.get(following, len(body))
        if wanted.get(key) == before.get(key) and key in before:
            lines += body[start:end]
            continue
        if key in wanted:
            aside = _aside(body[start], key, before.get(key))
            lines.append(f"{key} = {_value(wanted[key])}{aside}")
        lines += body[_said_until(body, start + 1, end) : end]
    new_keys = [key for key in wanted if key not in starts]
    return [*lines, *(f"{key} = {_value(wanted[key])}" for key in new_keys)]


def _key_lines(body: Sequence[str]) -> dict[str, int]:
    """On which line of an entry each of its keys stands."""
    places = lines_of("\n".join(body))
    return {
        str(path[2]): line - 1
        for path, line in places.items()
        if len(path) == 3 and path[:2] == ("entries", 0)
    }


def _aside(line: str, key: str, value: object) -> str:
    """The comment behind the value of ``key`` on its line, with the space before it."""
    at = line.find("#")
    while at >= 0:
        try:
            said = tomllib.loads(line[:at])
        except tomllib.TOMLDecodeError:
            said = {}
        if said.get(key) == value:
            return "  " + line[at:].rstrip()
        at = line.find("#", at + 1)
    return ""


def _value(value: object) -> str:
    """One value as TOML, on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")


# -- merging ---------------------------------------------------------------------------------------


def merged(
    base: Iterable[EntryRule], mine: Iterable[EntryRule], theirs: Iterable[EntryRule]
) -> tuple[EntryRule, ...]:
    """What ``mine`` changed since ``base``, upon ``theirs``.

    ``Refused`` with every entry that both changed, each its own way.
    """
    old, own, now = ({rule.code: rule for rule in each} for each in (base, mine, theirs))
    touched = [code for code in {**old, **own} if old.get(code) != own.get(code)]
    clashing = [
        code
        for code in touched
        if now.get(code) != old.get(code) and now.get(code) != own.get(code)
    ]
    if clashing:
        wording = _("“%(code)s”这一项，新的实施办法也改了，和您改的不一样。请照新的重新改。")
        raise Refused([wording % {"code": code} for code in clashing])
    result = [
        own[code] if code in touched else rule
        for code, rule in now.items()
        if code not in touched or code in own
    ]
    order = list(own)
    for code in touched:
        if code in own and code not in now:
            before = order[: order.index(code)]
            places = [n for n, rule in enumerate(result) if rule.code in before]
            result.insert(places[-1] + 1 if places else 0, own[code])
    if [c for c in old if c in own] != [c for c in own if c in old]:
        rank = {code: n for n, code in enumerate(order)}
        if list(old) == list(now):
            result.sort(key=lambda rule: rank.get(rule.code, len(rank)))
    return tuple(result)
