"""Everything the page of an item shows: where it stands, its text, checks, plan, history."""

from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.review import rules as review_rules
from gongkai.surfaces.desk.dossier.course import Course
from gongkai.surfaces.desk.dossier.head import Head
from gongkai.surfaces.desk.dossier.text import Text


class Dossier(Head, Text, Course):
    """One item as its page and its small pages see it (案卷)."""


def visible(address: str, officer: Officer) -> Disclosure | None:
    """The item at ``address`` when the officer may look into it."""
    found = review_rules.visible(officer).filter(address=address)
    return found.select_related("organisation", "entry").first()
