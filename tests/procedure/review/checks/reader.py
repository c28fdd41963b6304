"""A text read and checked as the workflow does it, without a database."""

from datetime import date

from gongkai.procedure.catalogue.vetting import Checks
from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.reading import document
from gongkai.procedure.review.checks.running import findings

TODAY = date(2026, 11, 26)


def told(body="", lines=(), attached=(), **about):
    """What the checks find, as findings."""
    read = document(lines, body, attached)
    return findings(read, About(today=about.pop("today", TODAY), **about), Checks().blocking())


def labels(body="", **about):
    """The same in words."""
    return [each.label for each in told(body, **about)]


def kinds(body="", **about):
    """The kinds alone."""
    return [each.kind for each in told(body, **about)]
