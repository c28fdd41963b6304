"""Filters that only the page of the wall needs; ``{% load paper %}``."""

from django import template

from gongkai.surfaces.board import words
from gongkai.surfaces.channels.paper.checklist import WHY
from gongkai.surfaces.channels.paper.hung import Hung

register = template.Library()
register.filter("named", words.named)


@register.filter
def why(each: Hung) -> str:
    """Why a sheet comes down, in words."""
    return str(WHY.get(each.why, ""))
