"""Tags that only the desk's pages need; ``{% load desk %}``."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _
from markupsafe import Markup

from gongkai.foundation.core.deadlines import Deadline
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import jinja
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals.models import Draft
from gongkai.surfaces.desk import beside, owed, pointing, steps

register = template.Library()
register.filter("voice", pointing.voice)
register.filter("period", owed.period)
register.filter("personal", masked)


@register.filter
def stepname(key: str) -> str:
    """One of the five steps as people call it."""
    return str(steps.NAMES.get(key, key))


@register.filter
def sentence(limit: Deadline) -> str:
    """The sum of a deadline in words."""
    return limit.sentence(_)


@register.simple_tag
def dashed(label: str, obstacles: list[str], id: str = "") -> Markup:
    """An act that cannot be done now, with the reasons, where its form would stand."""
    return jinja.component("act", Act(label, obstacles=obstacles), id)


@register.simple_tag
def commented(draft: Draft, officer: Officer) -> Sequence[beside.Shown]:
    """The comments in a draft, for the page on which it is written: 1 query."""
    return beside.remarks(draft, officer)
