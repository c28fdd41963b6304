"""What waits of voices: to look at, to answer, to pass for the wall."""

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.feedback import held, pattern_rules
from gongkai.procedure.feedback import queries as feedback
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseState, Ground
from gongkai.surfaces.desk import steps
from gongkai.surfaces.desk.inbox.task import Task
from gongkai.surfaces.desk.pointing import voice


def cases(officer: Officer) -> Iterator[Task]:
    """Voices to hand out, to answer, to look at the answer of."""
    for case in feedback.waiting_for(officer):
        if getattr(case, "for_wall", 0):
            yield _to_pass(case)
            continue
        yield Task(
            step=steps.FEEDBACK,
            title=voice(case),
            say=_case_say(case),
            act=_CASE_ACTS[case.state](),
            href=reverse("desk:case", args=[case.number]),
            due=case.promised,
            now=case.urgent or case.ground == Ground.PRIVACY,
        )


def _to_pass(case: Case) -> Task:
    """A wording for the wall that waits for the second person."""
    return Task(
        step=steps.FEEDBACK,
        title=voice(case),
        say=_("%(number)s号有一稿等您审定，审定以后上墙或者不上墙。") % {"number": case.number},
        act=_("看上墙稿"),
        href=reverse("desk:case-wall", args=[case.number]),
    )


def held_back(officer: Officer) -> Iterator[Task]:
    """Voices that a supervisor reads before they become cases; one row, however many."""
    waiting = list(held.waiting_for(officer)[: HELD + 1])
    if not waiting:
        return
    many = f"{HELD}+" if len(waiting) > HELD else str(len(waiting))
    yield Task(
        step=steps.FEEDBACK,
        title=_("先看的意见"),
        say=_("%(n)s件意见里有拦截词，等您看过才成为办件。") % {"n": many},
        act=_("去看"),
        href=reverse("desk:blocked"),
        due=waiting[0].look_by,
    )


def suggested(officer: Officer) -> Iterator[Task]:
    """What several voices suggest, for whoever may take it up; the oldest first. For the page of
    what waits alone: the count that stands on every page does not ask for them.
    """
    for pattern in pattern_rules.waiting_for(officer):
        item = pattern.disclosure
        yield Task(
            step=steps.FEEDBACK,
            title=_("建议更正《%(title)s》") % {"title": item.title}
            if item
            else _("建议给公开目录增加一项"),
            say=_("%(post)s从意见里提出：%(text)s") % {"post": pattern.post, "text": pattern.text},
            act=_("看建议"),
            href=reverse("desk:suggestion", args=[pattern.pk]),
            quiet=True,
        )


HELD = 99
"""Voices that are counted; of more it is said that there are more."""


_CASE_ACTS: dict[str, Callable[[], str]] = {
    CaseState.RECEIVED: lambda: _("分办"),
    CaseState.ASSIGNED: lambda: _("写答复"),
    CaseState.DRAFTED: lambda: _("看答复"),
}


def _case_say(case: Case) -> str:
    said = {
        "number": case.number,
        "about": case.disclosure.title if case.disclosure else "",
        "post": case.post.name if case.post else "",
    }
    match case.state:
        case CaseState.RECEIVED:
            told = _("%(number)s号，等您分给一个岗位办。") % said
        case CaseState.ASSIGNED:
            told = _("%(number)s号，分给了%(post)s，等您答复。") % said
        case _:
            told = _("%(number)s号，%(post)s写了答复，等您审定。") % said
    told += _("说的是《%(about)s》。") % said if case.disclosure else ""
    return told + (_("寄给他的信退回来了，有电话请打电话。") if _unreached(case) else "")


def _unreached(case: Case) -> bool:
    """Whether a letter to its sender came back, as the list of what waits has marked it."""
    return bool(getattr(case, "unreached", False))
