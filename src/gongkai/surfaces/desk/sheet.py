"""The text as a sheet: as readers will see it, with personal numbers masked and flagged."""

import re
from collections.abc import Callable, Iterable
from html import escape

from django.urls import reverse
from markupsafe import Markup

from gongkai.procedure.proposals.sanitise import placed
from gongkai.surfaces.desk import marked

Place = Callable[[str, str], str]
"""Where a picture is shown: of an item's address and its name."""


def flagged(body: str, place: Place | None = None, *, numbered: bool = False) -> Markup:
    """``body`` with each personal number masked and marked; the numbers are not there. Pictures
    stand where the desk shows those of an item, or at their ``place``; blocks are ``numbered``
    where remarks are to point at them.
    """
    shown = marked.body(body, numbered=numbered)
    return Markup(placed(shown, place) if place else at_desk(shown))


def unsure(shown: str, words: Iterable[str]) -> Markup:
    """A sheet with the ``words`` marked that a machine was not sure of; for looking at only."""
    wanted = sorted({escape(each, quote=False) for each in words if each}, key=len, reverse=True)
    if not wanted:
        return Markup(shown)
    pattern = "|".join(map(re.escape, wanted))
    return Markup(re.sub(pattern, lambda found: f'<mark class="unsure">{found[0]}</mark>', shown))


def at_desk(body: str) -> str:
    """A cleaned ``body`` with its pictures under the desk's own addresses."""
    return placed(body, lambda address, name: reverse("desk:picture", args=[address, name]))


def plain(body: str) -> str:
    """``body`` with each personal number masked and not marked, for comparing two of them."""
    return re.sub(r"</?mark[^>]*>", "", flagged(body))


def line(text: str) -> Markup:
    """One line of text, the same way."""
    return marked.line(text)
