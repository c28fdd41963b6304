"""Lines of the catalogue in the reader's language."""

from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.surfaces.board.words import named


def titled(rule: EntryRule) -> str:
    """What is to be published."""
    return rule.title_en if marks.english() and rule.title_en else rule.title


def content(rule: EntryRule) -> str:
    """What it has to say."""
    return rule.content_en if marks.english() and rule.content_en else rule.content


def cycle(rule: EntryRule) -> str:
    """How often, or by when."""
    return rule.cycle_en if marks.english() and rule.cycle_en else rule.cycle


def department(charter: Charter, rule: EntryRule) -> str:
    """Who answers for it."""
    return named(charter.department(rule.department))
