"""Personal numbers in what is to be published: identity, mobile and bank-card numbers 隐私检查.

Found however they are written: full-width digits, blanks and dashes between groups. Not found:
office landlines, dates, amounts, document numbers. A finding keeps a mask and a keyed digest,
never the number itself. Sources: GB 11643-1999 (identity numbers), ISO/IEC 7812-1 (cards).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from gongkai.foundation.files.decoding import without_marks
from gongkai.procedure.proposals.sanitise import blocks

IDENTITY, MOBILE, CARD, UNREADABLE = "identity", "mobile", "card", "unreadable"

_SEPARATORS = r"[ \u00a0\u3000\u2002-\u200a_\-\u2010-\u2015\u2212]{1,2}"
_RUN = re.compile(rf"[0-9]+[Xx]?(?:{_SEPARATORS}[0-9]+[Xx]?)*")
_GROUP = re.compile(r"[0-9]+[Xx]?")
_NARROW = {0xFF10 + n: 0x30 + n for n in range(10)} | {
    0xFF38: 0x58,
    0xFF58: 0x78,
    0xFF0D: 0x2D,
    0xFF0E: 0x2E,
    0xFF0C: 0x2C,
}
_MOBILE_GROUPS = ((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (1,) * 11)
_PREFIXES = ("0086", "86", "0")
_AMOUNT_AFTER = re.compile(
    r"(?:\.[0-9]+)?\s{0,2}(?:[千百十万亿]*元|万|亿|美元|平方米|立方米|公斤|吨|亩)"
)
_AMOUNT_BEFORE = re.compile(r"(?:[¥￥$]\s?|[0-9][.,])$")
_LONGEST = 19
_AROUND = 24  # characters that can tell a sum from a number
_PLACES_SHOWN = 5


@dataclass(frozen=True)
class Place:
    """Where a number stands: in a field, a paragraph, the title or a line of an attachment.

    ``name`` is the field's in Chinese, as the source has it, or the attachment's title.
    """

    part: str
    name: str = ""
    number: int = 0

    @property
    def said(self) -> str:
        """The place in the reader's language."""
        match self.part:
            case "body":
                return _("正文第%d段") % self.number
            case "title":
                return _("附件名称")
            case "line":
                return _("附件“%(title)s”第%(line)d行") % {
                    "title": self.name,
                    "line": self.number,
                }
            case "file":
                return _("附件“%s”") % self.name
        return _(self.name)


@dataclass(frozen=True)
class Finding:
    """A personal number, or an attachment that nobody but a person can check (隐私发现).

    ``code`` is a short name for pages and the command line; ``digest`` identifies the finding and
    cannot be turned back into the number. Where it stands is kept as data, and said in the
    language of whoever reads.
    """

    code: str
    kind: str
    masked: str
    places: tuple[Place, ...]
    digest: str

    @property
    def where(self) -> str:
        """The first few places in words, and how many there are."""
        where = _("、").join(each.said for each in self.places[:_PLACES_SHOWN])
        if len(self.places) > _PLACES_SHOWN:
            where = _("%(where)s等%(count)d处") % {"where": where, "count": len(self.places)}
        return where

    @property
    def label(self) -> str:
        """What was found, masked, and where."""
        if self.kind == UNREADABLE:
            wording = _("附件“%s”里的文字读不出来，请打开核对有没有个人信息")
            return wording % self.places[0].name
        names = {IDENTITY: _("身份证号码"), MOBILE: _("手机号码"), CARD: _("银行卡号")}
        said = {"kind": names[self.kind], "masked": self.masked, "where": self.where}
        return _("%(kind)s%(masked)s（%(where)s）") % said

    def as_data(self) -> dict[str, Any]:
        """What is kept with the review."""
        return asdict(self)

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> "Finding":
        """What :meth:`as_data` kept; before it kept places, it kept them as words."""
        places = data.get("places") or [{"part": "field", "name": data["where"]}]
        told = {name: data[name] for name in ("code", "kind", "masked", "digest")}
        return cls(**told, places=tuple(Place(**each) for each in places))


@dataclass(frozen=True)
class Attached:
    """An attachment as the check sees it: ``text`` is None where none could be read out."""

    title: str
    digest: str
    text: str | None


@dataclass(frozen=True)
class _Found:
    kind: str
    number: str
    where: Place


def findings(
    lines: Iterable[tuple[str, str]], body: str, attached: Iterable[Attached]
) -> list[Finding]:
    """Everything to be cleared before the seal, each number once with all its places.

    ``lines`` are single fields as (Chinese name, text), such as the title; ``body`` is HTML.
    """
    attachments = list(attached)
    found = [*_in_fields(lines), *_in_body(body), *_in_attachments(attachments)]
    places: dict[tuple[str, str], list[Place]] = {}
    for each in found:
        at = places.setdefault((each.kind, each.number), [])
        if each.where not in at:
            at.append(each.where)
    numbers = [_finding(kind, number, at) for (kind, number), at in places.items()]
    unread = [_unreadable(each) for each in attachments if each.text is None]
    return [*numbers, *unread]


def numbers_in(text: str) -> Iterator[tuple[str, str]]:
    """The personal numbers of one line, as (kind, digits), in their order."""
    narrow = without_marks(text).translate(_NARROW)
    for run in _RUN.finditer(narrow):
        before = narrow[max(0, run.start() - _AROUND) : run.start()]
        yield from _in_run(run.group(), before, narrow[run.end() : run.end() + _AROUND])


def _in_run(run: str, before: str, after: str) -> Iterator[tuple[str, str]]:
    """The numbers of a run of digit groups: whole groups only, the longest reading first."""
    spans = [match.span() for match in _GROUP.finditer(run)]
    start = 0
    while start < len(spans):
        for stop in range(min(len(spans), start + _LONGEST), start, -1):
            groups = [run[begin:end] for begin, end in spans[start:stop]]
            first, last = spans[start][0], spans[stop - 1][1]
            ahead = before + run[max(0, first - _AROUND) : first]
            behind = run[last : last + _AROUND] + after
            if found := _recognised(groups, ahead, behind):
                yield found
                start = stop - 1
                break
        start += 1


def _recognised(groups: Sequence[str], before: str, after: str) -> tuple[str, str] | None:
    joined = "".join(groups).upper()
    if len(joined) > _LONGEST:
        return None
    if _is_identity(joined):
        return IDENTITY, joined
    if "X" in joined:
        return None
    if _is_card(joined) and _in_fours(groups):
        return CARD, joined
    if (mobile := _mobile(groups)) and not _is_amount(before, after):
        return MOBILE, mobile
    return None


def _is_identity(number: str) -> bool:
    """18 characters with a right check digit and a possible date of birth, or the old 15 digits."""
    if len(number) == 15 and number.isdecimal():
        return number[0] in "12345678" and _is_date(f"19{number[6:12]}")
    if len(number) != 18 or not number[:-1].isdecimal():
        return False
    try:
        return number[-1] == ric.calc_check_digit(number) and ric.get_birth_date(number).year > 1800
    except (ValidationError, ValueError):
        return False


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_card(number: str) -> bool:
    """16 to 19 digits of an issuer's range with a right Luhn digit."""
    return 16 <= len(number) <= 19 and number[0] in "34569" and bool(luhn.is_valid(number))


def _in_fours(groups: Sequence[str]) -> bool:
    """Whether a card may be written so: in one piece, or in groups of four and a rest."""
    return len(groups) == 1 or all(len(group) == 4 for group in groups[:-1])


def _mobile(groups: Sequence[str]) -> str:
    """The eleven digits of a mobile number, or nothing; a country code before it is left out."""
    groups = list(groups)
    for prefix in _PREFIXES:
        if groups[0] == prefix and len(groups) > 1:
            groups = groups[1:]
            break
        bare = groups[0].removeprefix(prefix)
        if bare != groups[0] and bare.startswith("1"):
            groups = [bare, *groups[1:]]
            break
    joined = "".join(groups)
    shape = tuple(len(group) for group in groups)
    fits = shape in _MOBILE_GROUPS and joined[0] == "1" and joined[1] in "3456789"
    return joined if fits else ""


def _is_amount(before: str, after: str) -> bool:
    """Whether the digits are a sum, a decimal or the number of a document (第…号)."""
    if _AMOUNT_AFTER.match(after) or _AMOUNT_BEFORE.search(before) or re.match(r"[.,][0-9]", after):
        return True
    return before.rstrip().endswith("第") and after.lstrip().startswith("号")


def _in_fields(lines: Iterable[tuple[str, str]]) -> Iterator[_Found]:
    for name, text in lines:
        for kind, number in numbers_in(text.replace("\n", "；")):
            yield _Found(kind, number, Place("field", name))


def _in_body(body: str) -> Iterator[_Found]:
    for place, block in enumerate(blocks(body), 1):
        for line in block.text.split("\n"):
            for kind, number in numbers_in(line):
                yield _Found(kind, number, Place("body", number=place))


def _in_attachments(attachments: Iterable[Attached]) -> Iterator[_Found]:
    for each in attachments:
        for kind, number in numbers_in(each.title):
            yield _Found(kind, number, Place("title"))
        for place, line in enumerate((each.text or "").split("\n"), 1):
            for kind, number in numbers_in(line):
                at = Place("line", _title_shown(each.title), place)
                yield _Found(kind, number, at)


def _finding(kind: str, number: str, places: list[Place]) -> Finding:
    return _made(kind, masked_number(kind, number), places, number)


def _unreadable(each: Attached) -> Finding:
    return _made(UNREADABLE, "", [Place("file", _title_shown(each.title))], each.digest)


def _made(kind: str, masked: str, places: list[Place], secret: str) -> Finding:
    digest = salted_hmac("gongkai.review.finding", f"{kind}:{secret}", algorithm="sha256")
    code = f"{kind}-{digest.hexdigest()[:8]}"
    return Finding(code, kind, masked, tuple(places), digest.hexdigest())


def masked_number(kind: str, number: str) -> str:
    """The one mask we use for a kind of number, so that two masks never add up to it."""
    match kind:
        case "mobile":
            return f"{number[:3]}****{number[-4:]}"
        case "card":
            return f"{'*' * (len(number) - 4)}{number[-4:]}"
        case _:
            return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}"


def _title_shown(title: str) -> str:
    """An attachment's title without the personal numbers that stand in it."""
    shown = title.translate(_NARROW)
    return _RUN.sub(lambda run: "…" if any(numbers_in(run.group())) else run.group(), shown)
