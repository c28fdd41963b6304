"""Asking as a reader asks."""

from django.conf import settings

from gongkai.foundation.core.clock import civil_day, now
from gongkai.foundation.organisations.audience import ANONYMOUS, Reader
from gongkai.surfaces.board import houses
from gongkai.surfaces.search import index
from gongkai.surfaces.search.asking import Answer, Asking
from gongkai.surfaces.search.choices import choices
from gongkai.surfaces.search.questions import question


def asking(reader: Reader = ANONYMOUS) -> Asking:
    """A reader before the index as it stands."""
    today = civil_day(now(), settings.TIME_ZONE)
    return Asking(index.reading(), reader, choices(houses.town()), today)


def answered(typed: str = "", reader: Reader = ANONYMOUS, **given: str) -> Answer:
    """What the reader finds."""
    known = choices(houses.town()).known
    return asking(reader).answer(question({"q": typed, **given}, known))


def subjects(typed: str = "", reader: Reader = ANONYMOUS, **given: str) -> list[str]:
    """The addresses of what the reader finds, in order."""
    return [hit.subject for hit in answered(typed, reader, **given).hits]


def members(*keys: str) -> Reader:
    """A reader with these keys beside the public's."""
    return Reader(frozenset({"public", *keys}))
