"""Doors: who may use a view. Every view declares one; a view without a door opens to nobody.

::

    @door(OFFICER)
    def inbox(request: Seated) -> HttpResponse: ...

    @door(RIGHT(Right.PUBLISH))
    def schedule(request: Seated, address: str) -> HttpResponse: ...

A door only knows the person. Whether they may touch *this* item is its step's ``rules``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Door:
    """Who may enter (准入). ``name`` stands in the table of routes."""

    name: str
    test: Callable[[Seated], bool] = field(repr=False, compare=False)

    def admits(self, request: HttpRequest) -> bool:
        """Whether the one who asks may enter."""
        return self.test(cast("Seated", request))


def _rights(request: Seated) -> frozenset[str]:
    return request.officer.rights if request.officer else frozenset()


def RIGHT(right: Right) -> Door:
    """Whoever holds a post with ``right`` today."""
    return Door(f"right:{right.value}", lambda request: right.value in _rights(request))


def ONE_OF(*rights: Right) -> Door:
    """Whoever holds a post with at least one of these ``rights`` today."""
    wanted = {right.value for right in rights}
    name = "right:" + "|".join(sorted(wanted))
    return Door(name, lambda request: not wanted.isdisjoint(_rights(request)))


ANYONE = Door("anyone", lambda request: True)
SIGNED_IN = Door("signed in", lambda request: request.user.is_authenticated)
MEMBER = Door("member", lambda request: request.member is not None)
OFFICER = Door("officer", lambda request: bool(request.officer and request.officer.posts))
ADMINISTRATOR = RIGHT(Right.ADMINISTER)


def door(opens: Door) -> Callable[[View], View]:
    """Declare who may use the view below."""

    def declare(view: View) -> View:
        view.door = opens  # type: ignore[attr-defined]  # read by the middleware
        return view

    return declare
