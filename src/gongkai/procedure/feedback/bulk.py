"""One act for many cases, on days on which hundreds come 成批办理.

Each case has its own transaction and its own obstacles: what can be done is done, and what was
refused is told with its reason.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.feedback import handling, patterns, queries, rules, workflow
from gongkai.procedure.feedback.models import Case

AT_ONCE = 200
"""Cases that are dealt with in one request."""


@dataclass(frozen=True)
class Report:
    """What became of it (办理结果): numbers that were done, and those refused with the reasons."""

    done: Sequence[str]
    refused: Sequence[tuple[str, Sequence[str]]]


def assign(numbers: Iterable[str], *, officer: Officer, post: Post) -> Report:
    """Give each of these cases to ``post``."""
    return _each(
        numbers, officer, lambda case: workflow.assign(case=case, officer=officer, post=post)
    )


def answer(
    numbers: Iterable[str], *, officer: Officer, text: str, outcome: str, passed_to: str = ""
) -> Report:
    """Answer each of these cases with one text; each waits for its own approval."""
    return _each(
        numbers,
        officer,
        lambda case: workflow.answer(
            case=case, officer=officer, text=text, outcome=outcome, passed_to=passed_to
        ),
    )


def approve(numbers: Iterable[str], *, officer: Officer) -> Report:
    """Let the answer of each of these cases go out, as the second person."""
    return _each(numbers, officer, lambda case: _approve(case, officer))


def merge(numbers: Iterable[str], *, officer: Officer, into: str) -> Report:
    """Make each of these cases a part of the one numbered ``into``."""
    others = [number for number in numbers if number != into.strip()]
    return _each(
        others, officer, lambda case: handling.merge(case=case, officer=officer, into=into)
    )


def suggest(numbers: Iterable[str], *, officer: Officer, text: str, item: str = "") -> Report:
    """Put one suggestion forward from all of these cases, or from none."""
    wanted = list(dict.fromkeys(numbers))[:AT_ONCE]
    found = list(rules.visible(officer).filter(number__in=wanted))
    told = [case.number for case in found]
    try:
        patterns.put_forward(officer=officer, cases=found, text=text, item=item)
    except Refused as refusal:
        return Report([], [(number, refusal.obstacles) for number in told])
    return Report(told, [])


def _approve(case: Case, officer: Officer) -> None:
    waiting = queries.draft_answer(case)
    if waiting is None:
        raise Refused([_("这一件没有等审定的答复。")])
    waiting.case = case
    workflow.approve(answer=waiting, officer=officer)


def _each(numbers: Iterable[str], officer: Officer, act: Callable[[Case], object]) -> Report:
    """Do ``act`` to each case that the officer may see, in the order of the numbers given."""
    wanted = list(dict.fromkeys(numbers))[:AT_ONCE]
    seen = {case.number: case for case in rules.visible(officer).filter(number__in=wanted)}
    done: list[str] = []
    refused: list[tuple[str, Sequence[str]]] = []
    for number in wanted:
        if number not in seen:
            continue
        try:
            act(seen[number])
        except Refused as refusal:
            refused.append((number, refusal.obstacles))
        else:
            done.append(number)
    return Report(done, refused)
