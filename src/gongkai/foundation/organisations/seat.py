"""Who sits before the request: member, officer and reader, found when first asked for.

A view behind ``ANYONE`` that asks for none of them touches neither session nor database, so its
page may be cached and sets no cookie.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from gongkai.foundation.core.clock import civil_day, now
from gongkai.foundation.organisations import queries
from gongkai.foundation.organisations.audience import Reader
from gongkai.foundation.organisations.models import Member
from gongkai.foundation.organisations.queries import Officer


class Seated(HttpRequest):
    """A request that knows who asks (就座的请求); the type that views annotate."""

    @cached_property
    def member(self) -> Member | None:
        """Who is signed in and belongs to an organisation today; none for everybody else."""
        user = self.user
        return queries.member_of(user) if user.is_authenticated else None

    @cached_property
    def today(self) -> date:
        """The civil day of the member's organisation, otherwise of the installation."""
        member = self.member
        return civil_day(now(), member.organisation.zone if member else settings.TIME_ZONE)

    @cached_property
    def officer(self) -> Officer | None:
        """The member with the posts held today, perhaps none; none without a member."""
        return queries.officer_of(self.member, self.today) if self.member else None

    @cached_property
    def reader(self) -> Reader:
        """The keys with which the request reads."""
        return queries.reader_of(self.member, self.today)

    @cached_property
    def organisation_name(self) -> str:
        """For the page's frame; empty for whoever is not signed in."""
        return self.member.organisation.name if self._known and self.member else ""

    @cached_property
    def who(self) -> str:
        """For the page's bar: the posts, or the name of a member without one."""
        return self.officer.actor.label if self._known and self.officer else ""

    @property
    def _known(self) -> bool:
        """Whether a session came along. Frames ask this first, lest a public page become private
        by looking for a session that is not there.
        """
        return settings.SESSION_COOKIE_NAME in self.COOKIES

    @property
    def acting(self) -> Officer:
        """The officer, in a view whose door admits officers only."""
        assert self.officer is not None
        return self.officer


class Seats:
    """The middleware that makes every request :class:`Seated`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the request able to say who asks."""
        return self.get_response(seated(request))


def seated(request: HttpRequest) -> Seated:
    """The same request, able to say who asks.

    Django's lazy objects cannot be ``None``, and here "nobody" is an answer: so the class is
    exchanged for one that also has these properties.
    """
    kind = type(request)
    if kind not in _CLASSES:
        _CLASSES[kind] = _class_for(kind)
    request.__class__ = _CLASSES[kind]
    return cast("Seated", request)


_CLASSES: dict[type[HttpRequest], type[HttpRequest]] = {}


def _class_for(kind: type[HttpRequest]) -> type[HttpRequest]:
    return kind if issubclass(kind, Seated) else type(f"Seated{kind.__name__}", (kind, Seated), {})
