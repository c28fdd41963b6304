"""What waits on the way of an item: to write, to review, to open, to file."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.archive import queries as archive
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyKind
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import DraftState
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.review import emergency_rules, prior_rules
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import Review
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import limits, owed, queries, steps
from gongkai.surfaces.desk.inbox.task import Task
from gongkai.surfaces.desk.pointing import draft_href, inner_first, item_href


def erasures(officer: Officer) -> Iterator[Task]:
    """What a colleague asks to destroy, for the second person."""
    for erasure in publication.erasures_for(officer):
        said = {"post": erasure.asked_post, "reason": erasure.reason}
        yield Task(
            step=steps.PUBLISH,
            title=masked(erasure.disclosure.title),
            say=_("%(post)s申请清除，要您确认：%(reason)s") % said,
            act=_("看申请"),
            href=item_href(erasure.disclosure.address),
            now=True,
        )


def emergencies(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What was opened in an emergency: to look at, or to take back."""
    rule = charter.emergency
    looks = rule is not None and bool(officer.capacities(rule.confirm))
    if not looks and not officer.may(Right.WITHDRAW):
        return
    for each in publication.emergencies_in_hand(officer.organisation):
        said = {"post": each.post, "decider": each.decided_as, "reason": masked(each.reason)}
        if each.confirmed is None and not emergency_rules.confirm_obstacles(each, officer):
            say, act = _("%(post)s紧急公开，等您补审：%(reason)s") % said, _("补审")
        elif each.confirmed is False and officer.may(Right.WITHDRAW):
            said["reason"] = masked(each.text)
            say, act = (
                _("紧急公开的，%(decider)s补审没有通过：%(reason)s") % said,
                _("撤回或者更正"),
            )
        else:
            continue
        yield Task(
            step=steps.PUBLISH,
            title=masked(each.edition.disclosure.title),
            say=say,
            act=act,
            href=item_href(each.edition.disclosure.address),
            due=each.due_on,
            now=True,
        )


def drafts(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What the officer has begun to write, or got back."""
    found = queries.drafts_to_finish(officer)
    returned = queries.reasons_of_return(found)
    for draft in found:
        opinion = returned.get(draft.pk) if draft.state == DraftState.RETURNED else None
        yield Task(
            step=steps.PROPOSE,
            title=masked(draft.title),
            say=_returned(opinion.post, opinion.text) if opinion else _unfinished(draft),
            act=_("照意见改") if opinion else _("接着写"),
            href=item_href(draft.disclosure.address),
            due=None if draft.corrects else limits.to_publish(draft.disclosure, charter).due,
            badge=inner_first(draft.plan, charter),
        )


def due(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What falls due of the entries of the officer's departments: proposed for them."""
    known = {rule.code: rule for rule in charter.entries}
    for duty in owed.proposed(officer, charter):
        writes = officer.may(Right.PROPOSE) and duty.kind in owed.ASKS
        yield Task(
            step=steps.PROPOSE,
            title=owed.titled(known.get(duty.entry.code), duty),
            say=_owed_say(duty),
            act=_("起草") if writes else _("查看"),
            href=draft_href(duty) if writes else reverse("desk:duty", args=[duty.pk]),
            due=duty.due_on,
        )


def _owed_say(duty: Duty) -> str:
    said = {"entry": duty.entry.code, "department": duty.entry.department}
    if duty.kind == DutyKind.REVIEW:
        return _("目录%(entry)s，%(department)s：要看看公开的内容还对不对。") % said
    if duty.kind == DutyKind.CHANGE:
        return _("目录%(entry)s，%(department)s：有变化，要更新公开的内容。") % said
    return _("目录%(entry)s，%(department)s：到期要公开，还没有人起草。") % said


def _returned(post: str, reason: str) -> str:
    return _("%(post)s退回修改：%(reason)s") % {"post": post, "reason": reason}


def _unfinished(draft: Draft) -> str:
    if draft.corrects:
        return _("更正稿还没有送审。")
    return _("草稿还没有送审。")


def reviews(officer: Officer, among: Sequence[Review]) -> Iterator[Task]:
    """Rounds of review in which it is the officer's turn."""
    for each in review.waiting_for(officer, among):
        charter = each.charter.charter
        stage = review.stage_of(each, charter)
        yield Task(
            step=steps.REVIEW,
            title=masked(each.draft.title),
            say=_review_say(each, charter, officer) + _claimed(each, officer),
            act=_("审核") if stage else _("盖章"),
            href=item_href(each.draft.disclosure.address),
            due=each.due_on,
            badge=inner_first(each.draft.plan, charter),
        )


def _review_say(each: Review, charter: Charter, officer: Officer) -> str:
    acting = officer.capacities(each.posts)[0]
    said = {
        "absent": acting.post.name,
        "post": each.draft.proposer_post,
        "day": marks.day(civil_day(each.began_at, charter.organisation.zone), year=False),
        "stage": "",
    }
    if stage := review.stage_of(each, charter):
        said["stage"] = stage.name
        if acting.by:
            return _("%(post)s%(day)s送审，等您代%(absent)s办“%(stage)s”。") % said
        return _("%(post)s%(day)s送审，等您办“%(stage)s”。") % said
    if acting.by:
        return _("%(post)s%(day)s送审，各级都已通过，等您代%(absent)s盖章。") % said
    return _("%(post)s%(day)s送审，各级都已通过，等您盖章。") % said


def _claimed(each: Review, officer: Officer) -> str:
    """Who has taken it on, behind the rest; one's own taking on is said too."""
    if not each.claimed(clock.now()):
        return ""
    if each.claimed_by_id == officer.member.pk:
        return _("您已认领。")
    return _("%(post)s已认领。") % {"post": each.claimed_as}


def consulted(officer: Officer, among: Sequence[Review]) -> Iterator[Task]:
    """Rounds in which a post of the officer's is asked for its opinion."""
    for each in review.consulted(officer, among):
        said = {"asked": each.asked_as, "post": each.post.name, "question": masked(each.question)}
        yield Task(
            step=steps.REVIEW,
            title=masked(each.review.draft.title),
            say=_("%(asked)s请%(post)s会签。%(question)s") % said,
            act=_("会签"),
            href=item_href(each.review.draft.disclosure.address),
            due=each.due_on,
        )


def upward(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What bodies below ask approval for, before they seal it."""
    for each in prior_rules.waiting_for(officer, charter):
        draft = each.review.draft
        said = {"of": draft.disclosure.organisation.name, "post": each.asked_as}
        yield Task(
            step=steps.REVIEW,
            title=masked(draft.title),
            say=_("%(of)s%(post)s报来目录外事项，等您批准。%(question)s")
            % {**said, "question": masked(each.question)},
            act=_("看送审稿"),
            href=reverse("desk:prior", args=[each.pk]),
            due=each.due_on,
        )


def editions(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What is sealed and not wholly arranged."""
    for edition in publication.waiting_for(officer):
        corrects = edition.number > 1
        said = {"number": edition.seal_number}
        yield Task(
            step=steps.PUBLISH,
            title=masked(edition.disclosure.title),
            say=_("已盖章封存（%(number)s），还有公开的步骤没有安排。") % said,
            act=_("安排公开"),
            href=reverse("desk:schedule", args=[edition.disclosure.address]),
            due=None if corrects else limits.to_publish(edition.disclosure, charter).due,
        )


def planned(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What will open by itself. One whose time is past stands among what is overdue."""
    if not officer.may(Right.PUBLISH):
        return
    names = {scope.code: named(scope) for scope in charter.scopes}
    now, zone = clock.now(), charter.organisation.zone
    for release in queries.planned(officer.organisation):
        said = {
            "scope": names.get(release.scope, release.scope),
            "at": marks.moment(release.opens_at, zone, year=False),
        }
        late = release.opens_at < now - LATE
        yield Task(
            step=steps.PUBLISH,
            title=masked(release.disclosure.title),
            say=(
                _("“%(scope)s”该在%(at)s公开，还没有公开。请看看后台程序是不是停了。") % said
                if late
                else _("%(at)s%(scope)s。") % said
            ),
            act=_("查看"),
            href=item_href(release.disclosure.address),
            due=civil_day(release.opens_at, zone),
            now=late,
            quiet=not late,
        )


LATE = timedelta(minutes=10)
"""An opening that is so late does not come by itself any more: somebody should look."""


def filings(officer: Officer) -> Iterator[Task]:
    """What can go into the archive."""
    for disclosure in archive.waiting_for(officer):
        yield Task(
            step=steps.ARCHIVE,
            title=masked(disclosure.title),
            say=_("都已公开，意见都已答复，可以归档。"),
            act=_("归档"),
            href=item_href(disclosure.address),
        )
