"""Reads about reviews, what they found, and the editions they made."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.charter import Charter, Stage
from gongkai.procedure.catalogue.queries import latest_version
from gongkai.procedure.proposals.models import Disclosure, Draft, Submission
from gongkai.procedure.proposals.queries import own
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import (
    ApprovalSheet,
    Clearance,
    Consultation,
    Edition,
    Emergency,
    ListedWord,
    Opinion,
    PriorApproval,
    Remark,
    Review,
)
from gongkai.procedure.review.states import Asked, Decision, PriorState, ReviewState

OPEN = (ReviewState.PENDING, ReviewState.PASSED)
"""States in which somebody still has to act."""


@dataclass(frozen=True)
class Checked:
    """A finding and, once somebody signed a reason to let it stand, that clearance."""

    finding: Finding
    clearance: Clearance | None


def rows() -> QuerySet[Review]:
    """Reviews with all that rules and pages ask of them."""
    return Review.objects.select_related(
        "draft__disclosure__organisation", "draft__disclosure__entry", "draft__proposer", "charter"
    )


def current(draft: Draft) -> Review | None:
    """The last round of review of ``draft``; none before the first."""
    return rows().filter(draft=draft).order_by("-round").first()


def open_review(disclosure: Disclosure) -> Review:
    """The review of ``disclosure`` that somebody has to act on. ``Refused`` when there is none."""
    found = rows().filter(draft__disclosure=disclosure, state__in=OPEN).first()
    if found is None:
        raise Refused([_("“%s”现在没有在审核。") % disclosure.title])
    return found


def under_review(organisation: Organisation) -> list[Review]:
    """What is under review, the one due first at the top: 1 query."""
    # The keys by themselves: SQLite does not know how few rows are in these states.
    open_ones = Review.objects.filter(state__in=OPEN).values("pk")
    found = rows().filter(own(organisation, "draft__disclosure"), pk__in=open_ones)
    return list(found.order_by("due_on", "pk"))


def waiting_for(officer: Officer, among: Iterable[Review] | None = None) -> list[Review]:
    """What waits for a post of ``officer``, or for one they stand in for, and that neither of the
    two wrote: 1 query, 2 where something waits for others.

    Chosen ``among`` the organisation's open reviews, of which there are as many as work in hand.
    """
    return [
        review
        for review in (under_review(officer.organisation) if among is None else among)
        if officer.member.key not in review.draft.authors
        and any(
            each.absent is None or each.absent.key not in review.draft.authors
            for each in officer.capacities(review.posts)
        )
    ]


def stage_of(review: Review, charter: Charter) -> Stage | None:
    """The stage that has to act now; none when only the seal is missing."""
    return charter.stages[review.stage] if review.stage < len(charter.stages) else None


USUAL_OPINION = gettext_noop("内容属实，同意公开。")
"""What a passing opinion says when nothing else was written; kept so, in Chinese."""


def opinions(review: Review) -> list[Opinion]:
    """What was decided in this round, in order."""
    return list(Opinion.objects.filter(review=review).select_related("member").order_by("pk"))


def opinion_said(text: str) -> str:
    """An opinion as its reader sees it: the usual wording in their language, all else verbatim."""
    return _(text) if text == USUAL_OPINION else text


def rounds(draft: Draft) -> list[Review]:
    """Every round of review of ``draft``, oldest first."""
    return list(rows().filter(draft=draft).order_by("round"))


def findings_of(review: Review) -> list[Checked]:
    """What the checks found in this round, and what has been cleared: 1 query."""
    cleared = {
        clearance.finding: clearance for clearance in Clearance.objects.filter(review=review)
    }
    found = [Finding.of_data(data) for data in review.findings]
    return [Checked(each, cleared.get(each.digest)) for each in found]


def open_findings(review: Review) -> list[Finding]:
    """The blocking findings nobody has cleared yet."""
    found = [each.finding for each in findings_of(review) if each.clearance is None]
    return [each for each in found if each.blocking]


def advice_of(review: Review) -> list[Finding]:
    """The advisory findings of this round, which hold nothing up."""
    found = [Finding.of_data(data) for data in review.findings]
    return [each for each in found if not each.blocking]


def word_list(organisation: Organisation) -> list[ListedWord]:
    """The organisation's word list, by kind and word: 1 query."""
    return list(ListedWord.objects.filter(organisation=organisation).order_by("kind", "word"))


def finding(review: Review, code: str) -> Finding:
    """The finding called ``code``, or by its digest. ``Refused`` with those there are."""
    found = [each.finding for each in findings_of(review)]
    for each in found:
        if code in (each.code, each.digest):
            return each
    names = _("、").join(each.code for each in found) or _("没有")
    raise Refused(
        [_("没有编号是“%(code)s”的发现。现有：%(names)s。") % {"code": code, "names": names}]
    )


def submission_of(review: Review) -> Submission:
    """What is under review in this round."""
    return Submission.objects.get(draft_id=review.draft_id, round=review.round)


def editions(disclosure: Disclosure) -> list[Edition]:
    """The editions of ``disclosure``, oldest first."""
    return list(Edition.objects.filter(disclosure=disclosure).order_by("number"))


def edition_data(edition: Edition) -> dict[str, Any]:
    """The sealed data. ``Broken`` when the bytes are not those that were sealed.

    Empty once the edition has been erased.
    """
    if edition.data is None:
        return {}
    data = bytes(edition.data)
    if canonical.digest(data) != edition.digest:
        raise Broken(f"the bytes of edition {edition.pk} are not those that were sealed")
    decoded = canonical.decode(data)
    assert isinstance(decoded, dict)
    return decoded


def sheets_to_make() -> QuerySet[ApprovalSheet]:
    """The approval sheets that the worker still has to make, the oldest first."""
    waiting = ApprovalSheet.objects.filter(file=None, trouble="", edition__erased_at=None)
    return waiting.select_related("edition__disclosure__organisation").order_by("pk")


def paper(edition: Edition) -> str:
    """How the sheet of ``edition`` is called among all papers that are sealed."""
    return f"sheet-{edition.pk}"


def sheet_of(edition: Edition) -> ApprovalSheet | None:
    """The approval sheet of ``edition``; none of those sealed before there were any."""
    return ApprovalSheet.objects.filter(edition=edition).select_related("file").first()


def approvals(reviews: Collection[int]) -> dict[int, list[str]]:
    """The posts that passed each of these rounds, in their order: 1 query."""
    found: dict[int, list[str]] = {}
    passed = Opinion.objects.filter(review__in=reviews, decision=Decision.PASS).order_by("pk")
    for review, post in passed.values_list("review", "post"):
        found.setdefault(review, []).append(post)
    return found


# -- in an emergency -------------------------------------------------------------------------------


def emergencies() -> QuerySet[Emergency]:
    """What was opened in an emergency, with all that rules and pages ask of it."""
    return Emergency.objects.select_related(
        "member",
        "decided_by",
        "edition__disclosure__organisation",
        "edition__review__charter",
        "edition__review__draft__disclosure__organisation",
    ).defer("edition__data", "edition__review__draft__body")


def emergency_of(edition: Edition) -> Emergency | None:
    """How ``edition`` was opened in an emergency; none when its review was over before."""
    return emergencies().filter(edition=edition).first()


def emergencies_in(organisation: Organisation) -> QuerySet[Emergency]:
    """Those of ``organisation``, the newest first."""
    found = emergencies().filter(own(organisation, "edition__disclosure"))
    return found.order_by("-at", "-pk")


# -- other posts' opinions -------------------------------------------------------------------------


def consultations(review: Review) -> list[Consultation]:
    """Whom this round asked beside its stages, as they were asked: 1 query."""
    found = Consultation.objects.filter(review=review).select_related("post", "member")
    return list(found.order_by("pk"))


def consultation(review: Review, pk: int) -> Consultation:
    """The question ``pk`` of this round. ``Refused`` when there is none."""
    for each in consultations(review):
        if each.pk == pk:
            each.review = review
            return each
    raise Refused([_("没有请它会签，可能刚有人改过。请看最新的情况。")])


def consulted(officer: Officer, among: Iterable[Review]) -> list[Consultation]:
    """What waits for the opinion of ``officer`` ``among`` these reviews, the one due first at the
    top: 1 query, none where nobody asked them.
    """
    asking = {
        review.pk: review
        for review in among
        if officer.capacities(review.asked) and officer.member.key not in review.draft.authors
    }
    if not asking:
        return []
    found = Consultation.objects.filter(review__in=asking, state=Asked.WAITING)
    waiting = list(found.select_related("post").order_by("due_on", "pk"))
    for each in waiting:
        each.review = asking[each.review_id]
    return [each for each in waiting if officer.capacities([each.post.key])]


# -- the superior's approval -----------------------------------------------------------------------


def outside(review: Review) -> bool:
    """Whether what is under review is outside the catalogue: no query."""
    charter: Charter = review.charter.charter
    return charter.entry(review.draft.disclosure.entry.code).outside


def priors(review: Review) -> list[PriorApproval]:
    """What was asked of the superior about this draft, in any round, as it was asked: 1 query,
    none for what is in the catalogue.
    """
    if not outside(review):
        return []
    found = PriorApproval.objects.filter(review__draft=review.draft_id)
    return list(found.select_related("superior", "member", "review").order_by("pk"))


def prior_of(review: Review) -> PriorApproval | None:
    """The request that holds for the very words of this round; none when there is none."""
    said = [each for each in priors(review) if each.state != PriorState.RECALLED]
    if not said:
        return None
    now = matter(submission_of(review))
    return next((each for each in reversed(said) if each.digest == now), None)


def matter(submission: Submission) -> str:
    """The digest of all that ``submission`` says."""
    said = {
        "title": submission.title,
        "body": submission.body,
        "attachments": submission.attachments,
        "particulars": submission.particulars,
    }
    return canonical.digest(canonical.encode(said))


def superior_of(organisation: Organisation) -> tuple[Organisation, Charter] | None:
    """The body above that can be asked inside this installation, with its charter."""
    above = organisation.parent
    version = latest_version(above) if above else None
    return (above, version.charter) if above and version else None


def requests() -> QuerySet[PriorApproval]:
    """Requests to superiors, with all that rules and pages ask of them."""
    return PriorApproval.objects.select_related(
        "superior",
        "review__charter",
        "review__draft__disclosure__organisation",
        "review__draft__disclosure__entry",
    ).defer("review__draft__body")


# -- comments in the text --------------------------------------------------------------------------


def remarks(draft: Draft) -> list[Remark]:
    """Every comment on ``draft``, round by round, in the order of the text: 1 query."""
    found = Remark.objects.filter(review__draft=draft).select_related("review")
    return list(found.order_by("-review__round", "block", "pk"))


def remark(draft: Draft, pk: int) -> Remark:
    """The comment ``pk`` on ``draft``. ``Refused`` when there is none."""
    found = Remark.objects.filter(review__draft=draft, pk=pk).select_related("review").first()
    if found is None:
        raise Refused([_("没有这条批注，可能刚有人改过。请看最新的情况。")])
    return found
