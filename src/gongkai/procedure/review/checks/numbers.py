"""Identity, mobile and card numbers, wherever they stand; attachments nobody could read."""

from collections.abc import Iterator
from datetime import date

from gongkai.procedure.review import privacy
from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit, Place
from gongkai.procedure.review.checks.reading import Document, Passage
from gongkai.procedure.review.masks import mask

ADULT = 18


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each number at each of its places; that of somebody under age once more, as a minor's."""
    for passage in document.passages:
        for number in privacy.found_in(passage.text, passage.heading):
            if _two_lines_joined(passage, number):
                continue
            masked = mask(number.kind, number.digits)
            place = shown(passage.at(number.start, number.end))
            yield Hit(number.kind, place, masked, number.digits)
            if number.kind == privacy.IDENTITY and _under_age(number.digits, about.today):
                yield Hit("minor", place, masked, number.digits, "born")
    for each in document.attached:
        if each.text is None:
            yield Hit("unreadable", Place("file", title_shown(each.title)), "", each.digest)


def shown(place: Place) -> Place:
    """``place`` as it may be kept: an attachment's title without the numbers in it."""
    if place.part not in {"title", "line"}:
        return place
    name = "" if place.part == "title" else title_shown(place.name)
    return Place(place.part, name, place.number, start=place.start, length=place.length)


def title_shown(title: str) -> str:
    """An attachment's title without the personal numbers that stand in it."""
    parts, done = [], 0
    for each in privacy.found_in(title):
        parts += [title[done : each.start], "…"]
        done = each.end
    return "".join([*parts, title[done:]])


def _two_lines_joined(passage: Passage, number: privacy.Number) -> bool:
    """In an attachment each line may be a row: only a check digit can join two of them."""
    if passage.place.part != "line" or "\n" not in passage.text[number.start : number.end]:
        return False
    return number.kind != privacy.IDENTITY or len(number.digits) != 18


def _under_age(digits: str, today: date) -> bool:
    if len(digits) != 18:
        return False
    born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    full = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return 0 <= full < ADULT
