"""Who may file, and what must be over before. Reads, never writes."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.archive import queries
from gongkai.procedure.catalogue.periods import NOTICE
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.queries import begun_from, unanswered
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.proposals.queries import draft_in_hand
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review.queries import emergency_of


def file_obstacles(disclosure: Disclosure, officer: Officer) -> list[str]:
    """Why ``officer`` may not file ``disclosure``: every thing that is still open, by name."""
    obstacles = not_theirs(officer, disclosure.organisation, Right.FILE)
    if filed := queries.filing_of(disclosure):
        return [*obstacles, _("已经归档，档号%(number)s。") % {"number": filed.file_number}]
    if publication.erasure_of(disclosure):
        return [*obstacles, _("这一件已经清除或者正在申请清除，不能归档。")]
    return [
        *obstacles,
        *_open_releases(disclosure),
        *_open_periods(disclosure),
        *_open_drafts(disclosure),
        *_open_emergency(disclosure),
        *(_open_case(case) for case in unanswered(disclosure)),
        *(_open_case(case) for case in begun_from(disclosure)),
    ]


def _open_releases(disclosure: Disclosure) -> list[str]:
    releases = list(publication.releases(disclosure))
    waiting = [each for each in releases if each.state == ReleaseState.PLANNED]
    if waiting:
        wording = _("还有一步没有公开，定在%(at)s。请等它公开，或者取消安排。")
        return [wording % {"at": marks.moment(release.opens_at)} for release in waiting]
    latest = publication.latest_edition(disclosure)
    opened = {release.edition.pk for release in releases if release.state in publication.OPENED}
    if latest is None or not opened:
        return [_("还没有公开，不能归档。")]
    if latest.pk not in opened and not publication.withdrawal_of(disclosure):
        return [_("更正后的版本还没有公开。请先安排公开。")]
    return []


def _open_periods(disclosure: Disclosure) -> list[str]:
    """A 公示 or a call for comment stands for its whole length before it is filed."""
    standing = queries.standing(disclosure.organisation, disclosure).get(disclosure.pk)
    if standing is None:
        return []
    said = {"last": marks.day(standing.period.last)}
    if standing.kind == NOTICE:
        return [_("公示期到%(last)s为止。请从第二天起再归档。") % said]
    return [_("征求意见到%(last)s为止。请从第二天起再归档。") % said]


def _open_emergency(disclosure: Disclosure) -> list[str]:
    """What was opened before its review was over is filed once a second person has looked at it."""
    latest = publication.latest_edition(disclosure)
    emergency = emergency_of(latest) if latest else None
    if emergency is None or emergency.confirmed or publication.withdrawal_of(disclosure):
        return []
    if emergency.confirmed is None:
        said = {"day": marks.day(emergency.due_on)}
        return [_("这是紧急公开的，还没有补审（%(day)s前）。请先补审。") % said]
    return [_("补审没有通过。请先撤回，或者更正。")]


def _open_drafts(disclosure: Disclosure) -> list[str]:
    if draft_in_hand(disclosure) is None:
        return []
    return [_("有一份更正还在办。请先办完，或者放弃那一份。")]


def _open_case(case: Case) -> str:
    said = {"number": case.number, "post": case.post.name if case.post else ""}
    if case.post is None:
        return _("意见%(number)s还没有分办。") % said
    return _("意见%(number)s还没有答复，由%(post)s在办。") % said
