"""Personal numbers in a text 号码: identity, mobile and bank-card numbers.

Found however they are written: full-width digits, Chinese numerals, blanks, dashes, invisible
marks and broken lines between groups. Not found: office landlines, dates, amounts, document and
order numbers. Sources: GB 11643-1999 (identity numbers), ISO/IEC 7812-1 (cards).

Every quantifier is bounded or possessive, so a line of any length is read in one go.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from gongkai.foundation.files.decoding import without_marks
from gongkai.procedure.review.masks import mask

IDENTITY, MOBILE, CARD = "identity", "mobile", "card"

_SEPARATORS = r"[ \n\u00a0\u3000\u2002-\u200a_\-\u2010-\u2015\u2212]{1,2}+"
_RUN = re.compile(rf"[0-9]++[Xx]?+(?:{_SEPARATORS}[0-9]++[Xx]?+)*+")
_GROUP = re.compile(r"[0-9]++[Xx]?+")
_NARROW = {0xFF10 + n: 0x30 + n for n in range(10)} | {
    0xFF38: 0x58,
    0xFF58: 0x78,
    0xFF0D: 0x2D,
    0xFF0E: 0x2E,
    0xFF0C: 0x2C,
}
_NUMERALS = {**dict(zip(map(ord, "〇一二三四五六七八九"), "0123456789", strict=True)), 0x96F6: "0"}
_SPOKEN = re.compile("[0-9〇零一二三四五六七八九]{11,}+")
_MOBILE_GROUPS = ((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (1,) * 11)
_PREFIXES = ("0086", "86", "0")
_AMOUNT_AFTER = re.compile(
    r"(?:\.[0-9]{1,6}+)?+\s{0,2}+(?:[千百十万亿]{0,3}+元|万|亿|美元|平方米|立方米|公斤|吨|亩)"
)
_AMOUNT_BEFORE = re.compile(r"(?:[¥￥$]\s?|[0-9]\.)$")
_OTHER_NUMBER = re.compile(
    r"(?:订单|流水|凭证|发票|合同|项目|受理|交易|回执|档案|条形|登记|运单|快递|物料|批准|信用代|编)"
    r"[编单条]?[号码]{0,2}[^0-9]{0,3}$"
)
"""Before a number that is somebody's only by the look of it."""
_OF_A_PERSON = re.compile(r"(?:身份证|身份号|证件号)[^0-9。；]{0,8}$")
_OF_AN_ACCOUNT = re.compile(r"(?:卡号|账号|帐号|账户|帐户|存折)[^0-9。；]{0,6}$")
_ISSUERS = (
    *("4", "35", "60", "62", "64", "65", "68", "69", "90", "94", "95", "98", "99"),
    *("51", "52", "53", "54", "55", "2221", "23", "24", "25", "26", "271", "2720"),
)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_LONGEST = 21
_AROUND = 24  # characters that can tell a sum from a number


@dataclass(frozen=True)
class Number:
    """A personal number and where it stands in its text (号码)."""

    kind: str
    digits: str
    start: int
    end: int


def narrowed(text: str) -> str:
    """``text``, character for character, with half-width digits, long Chinese numbers as digits."""
    narrow = text.translate(_NARROW)
    return _SPOKEN.sub(lambda run: run.group().translate(_NUMERALS), narrow)


def found_in(text: str, heading: str = "") -> Iterator[Number]:
    """The personal numbers of one passage, in their order.

    ``heading`` is what stands above or before the passage, such as a column's head: it may say
    what a bare number is.
    """
    bare = without_marks(text)
    places = _places(text) if len(bare) != len(text) else range(len(text) + 1)
    narrow = narrowed(bare)
    for run in _RUN.finditer(narrow):
        before = heading[-_AROUND:] if not run.start() else ""
        before += narrow[max(0, run.start() - _AROUND) : run.start()]
        after = narrow[run.end() : run.end() + _AROUND]
        for kind, digits, start, end in _in_run(run.group(), before, after):
            first, last = places[run.start() + start], places[run.start() + end - 1] + 1
            yield Number(kind, digits, first, last)


def numbers_in(text: str) -> Iterator[tuple[str, str]]:
    """The personal numbers of one passage, as (kind, digits), in their order."""
    return ((each.kind, each.digits) for each in found_in(text))


def masked_in(text: str) -> str:
    """``text`` with each personal number under its mask; each line is a passage of its own."""
    return "\n".join(_masked_line(line) for line in text.split("\n"))


def _masked_line(line: str) -> str:
    parts, done = [], 0
    for each in found_in(line):
        parts += [line[done : each.start], mask(each.kind, each.digits)]
        done = each.end
    return "".join([*parts, line[done:]])


def _places(text: str) -> Sequence[int]:
    """Where each visible character of ``text`` stands."""
    return [n for n, each in enumerate(text) if without_marks(each)]


def _in_run(run: str, before: str, after: str) -> Iterator[tuple[str, str, int, int]]:
    """The numbers of a run of digit groups: whole groups only, the longest reading first."""
    spans = [match.span() for match in _GROUP.finditer(run)]
    start = 0
    while start < len(spans):
        for stop in range(min(len(spans), start + _LONGEST), start, -1):
            first, last = spans[start][0], spans[stop - 1][1]
            if last - first > 3 * _LONGEST:
                continue
            groups = [run[begin:end] for begin, end in spans[start:stop]]
            ahead = before + run[max(0, first - _AROUND) : first]
            behind = run[last : last + _AROUND] + after
            if found := _recognised(groups, ahead, behind):
                yield (*found, _first(run, last, len(found[1])), last)
                start = stop - 1
                break
        start += 1


def _first(run: str, last: int, count: int) -> int:
    """Where the last ``count`` digits before ``last`` begin: a country code is no part of them."""
    while count:
        last -= 1
        count -= run[last].isalnum()
    return last


def _recognised(groups: Sequence[str], before: str, after: str) -> tuple[str, str] | None:
    joined = "".join(groups).upper()
    if len(joined) > _LONGEST:
        return None
    if _is_identity(joined, before):
        return IDENTITY, joined
    if "X" in joined:
        return None
    if _in_fours(groups) and _is_card(joined, before):
        return CARD, joined
    if (mobile := _mobile(groups)) and not _is_amount(before, after):
        return MOBILE, mobile
    return None


def _is_identity(number: str, before: str) -> bool:
    """18 characters with a right check digit and a possible date of birth, or the old 15 digits.

    Where the words before say that it is one, a wrong check digit is a slip of the pen.
    """
    if len(number) == 15 and number.isdecimal():
        possible = number[:2] in _PROVINCES and _is_date(f"19{number[6:12]}")
        return possible and not _OTHER_NUMBER.search(before)
    if len(number) != 18 or not number[:-1].isdecimal():
        return False
    try:
        if ric.get_birth_date(number).year <= 1800:
            return False
        right: bool = number[-1] == ric.calc_check_digit(number)
    except (ValidationError, ValueError):
        return False
    return right or (number[:2] in _PROVINCES and bool(_OF_A_PERSON.search(before)))


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_card(number: str, before: str) -> bool:
    """16 to 19 digits of an issuer's range with a right Luhn digit; or what is called an account's.

    An order's number passes Luhn once in ten times: the words before it tell.
    """
    if 12 <= len(number) <= _LONGEST and _OF_AN_ACCOUNT.search(before):
        return True
    if not (16 <= len(number) <= 19 and number.startswith(_ISSUERS) and luhn.is_valid(number)):
        return False
    return not _OTHER_NUMBER.search(before)


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
    if _AMOUNT_AFTER.match(after) or _AMOUNT_BEFORE.search(before) or re.match(r"\.[0-9]", after):
        return True
    if _OTHER_NUMBER.search(before):
        return True
    return before.rstrip().endswith("第") and after.lstrip().startswith("号")
