"""What holds for every paper of the office: one writes, another has the last word.

Whoever fixes the review seal has the last word here as well, and nobody on what they wrote.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive.models import OfficePaper
from gongkai.procedure.archive.states import DROPPED, PROPOSED, UNFINISHED
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import decides


@dataclass(frozen=True)
class Sayings:
    """How the rules are said of one kind of paper (说法); ``decided`` names the ``posts``."""

    fixed: Any
    dropped: Any
    proposed: Any
    unproposed: Any
    decided: Any
    own: Any


def over_obstacles(paper: OfficePaper, say: Sayings) -> list[str]:
    """Why nothing more is done with ``paper``; nothing while it waits for somebody."""
    if paper.state in UNFINISHED:
        return []
    return [str(say.dropped if paper.state == DROPPED else say.fixed)]


def write_obstacles(paper: OfficePaper, officer: Officer, say: Sayings) -> list[str]:
    """Why ``officer`` may not go on writing ``paper``."""
    if obstacles := drop_obstacles(paper, officer, say):
        return obstacles
    return [str(say.proposed)] if paper.state == PROPOSED else []


def drop_obstacles(paper: OfficePaper, officer: Officer, say: Sayings) -> list[str]:
    """Why ``officer`` may not give ``paper`` up."""
    return over_obstacles(paper, say) or not_theirs(officer, paper.organisation, Right.PUBLISH)


def unproposed_obstacles(paper: OfficePaper, say: Sayings) -> list[str]:
    """Why nobody can have the last word on ``paper`` now: it is over, or was not handed over."""
    if over := over_obstacles(paper, say):
        return over
    return [] if paper.state == PROPOSED else [str(say.unproposed)]


def decide_obstacles(
    paper: OfficePaper, officer: Officer, charter: Charter, say: Sayings
) -> list[str]:
    """Why ``officer`` has not the last word on ``paper``, at whatever time."""
    obstacles = []
    if officer.organisation != paper.organisation or not decides(officer, charter):
        posts = _("、").join(charter.post(key).name for key in charter.seal.posts)
        obstacles.append(str(say.decided) % {"posts": posts})
    if officer.member.key in paper.authors:
        obstacles.append(str(say.own))
    return obstacles


def return_obstacles(
    paper: OfficePaper, officer: Officer, charter: Charter, say: Sayings, text: str | None
) -> list[str]:
    """Why ``officer`` may not send ``paper`` back to be changed, for the reason ``text``."""
    if obstacles := unproposed_obstacles(paper, say):
        return obstacles
    obstacles = decide_obstacles(paper, officer, charter, say)
    if text is not None:
        obstacles += sentence_obstacles(text, _("请写明为什么退回、要改什么。"))
    return obstacles
