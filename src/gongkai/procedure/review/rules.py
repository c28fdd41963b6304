"""Who may review, clear, recall and seal, and when. Reads, never writes.

The proposer never reviews, by whatever post (four eyes); a stage is decided by who holds one of
its posts on the day, or stands in for its absent holder; nobody decides two stages unless the
charter names the same post for both. A deputy may do no more than whom they stand for.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.review import anchoring, queries
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.models import Consultation, Remark, Review
from gongkai.procedure.review.states import Advice, Asked, PriorState, ReviewState
from gongkai.procedure.review.turns import (
    length_obstacles,
    over_obstacles,
    posts_of,
    reason_obstacles,
    turn,
    turn_obstacles,
)

QUOTE_LIMIT = 200


def submit_obstacles(findings: Iterable[Finding]) -> list[str]:
    """Why a draft in which the checks found this may not be submitted: what only the writer can
    mend, and no reviewer could answer for.
    """
    return [
        _("%(finding)s。%(advice)s改好再送审。")
        % {"finding": finding.label, "advice": KINDS[finding.kind].advice}
        for finding in findings
        if finding.blocking and KINDS[finding.kind].mended
    ]


def pass_obstacles(review: Review, officer: Officer, text: str = "") -> list[str]:
    """Why ``officer`` may not pass the present stage of ``review``."""
    if review.state == ReviewState.PASSED:
        return [_("各级审核都已通过，现在等盖章。请%s盖章。") % posts_of(review)]
    obstacles = turn_obstacles(review, officer) + length_obstacles(text)
    if review.state == ReviewState.PENDING and _is_last(review):
        obstacles += finding_obstacles(review, _("还不能通过")) + _waiting_obstacles(review)
        obstacles += prior_obstacles(review)
    return obstacles


def return_obstacles(review: Review, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not send ``review`` back with ``reason``."""
    obstacles = turn_obstacles(review, officer) + length_obstacles(reason)
    return obstacles + reason_obstacles(reason, _("请写明为什么退回、要改什么。"))


def clear_obstacles(review: Review, officer: Officer, finding: Finding, reason: str) -> list[str]:
    """Why ``officer`` may not let ``finding`` stand for ``reason``."""
    obstacles = turn_obstacles(review, officer) + length_obstacles(reason)
    known = {each.finding.digest: each.clearance for each in queries.findings_of(review)}
    if finding.digest not in known:
        obstacles.append(_("这一轮审核里没有这项发现。请看最新的情况。"))
    elif known[finding.digest] is not None:
        obstacles.append(_("这项发现已经有人核对过了。"))
    elif not finding.blocking:
        obstacles.append(_("这项只是提示，不挡审核，不用写理由。"))
    return obstacles + reason_obstacles(reason, _("请写明为什么可以保留。"))


def recall_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not take ``review`` back to go on writing."""
    obstacles = over_obstacles(review)
    if officer.member.key not in review.draft.authors:
        message = _("只有提出人可以收回。请%s收回，或在审核时退回。")
        obstacles.append(message % review.draft.proposer_post)
    return obstacles


def seal_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not fix the review seal now."""
    if review.state == ReviewState.PENDING:
        message = _("审核还没有全部通过，不能盖章。现在轮到%s。")
        return [message % turn(review)]
    obstacles = turn_obstacles(review, officer)
    obstacles += finding_obstacles(review, _("还不能盖章"))
    return obstacles + _waiting_obstacles(review) + prior_obstacles(review)


# -- other posts' opinions -------------------------------------------------------------------------


def visible(officer: Officer) -> QuerySet[Disclosure]:
    """The disclosures that ``officer`` may look into at the desk: those that proposals show, and
    those on which a post of theirs was asked.
    """
    posts = [*officer.posts, *(each.post for each in officer.deputising)]
    asked = Consultation.objects.filter(post__in=[post.pk for post in posts])
    return Disclosure.objects.filter(
        Q(pk__in=proposals.visible(officer).values("pk"))
        | Q(pk__in=asked.values("review__draft__disclosure"))
    )


def may_ask_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may ask no other post: authors may, and whose turn it is."""
    if officer.member.key in review.draft.authors:
        return over_obstacles(review)
    return turn_obstacles(review, officer)


def ask_obstacles(
    review: Review, officer: Officer, posts: Iterable[Post], question: str
) -> list[str]:
    """Why ``officer`` may not ask ``posts`` for their opinion on ``review``."""
    obstacles, asked = may_ask_obstacles(review, officer), list(posts)
    if not asked:
        obstacles.append(_("请选至少一个岗位。"))
    already = {each.post_id for each in queries.consultations(review)}
    organisation = review.draft.disclosure.organisation
    today = organisations.today(organisation)
    for post in asked:
        holder = organisations.holder(post, today)
        if post.organisation_id != organisation.pk or post.retired:
            wording = _("“%(post)s”不是本单位现行的岗位。请另选。")
        elif post.pk in already:
            wording = _("这一轮已经请“%(post)s”会签过了。")
        elif holder is None:
            wording = _("“%(post)s”现在没有人担任，没有人能会签。请另选。")
        elif holder.key in review.draft.authors:
            wording = _("“%(post)s”由提出人担任，不用会签。请另选。")
        else:
            continue
        obstacles.append(wording % {"post": post.name})
    return obstacles + length_obstacles(question)


def advise_obstacles(asked: Consultation, officer: Officer, advice: str, text: str) -> list[str]:
    """Why ``officer`` may not answer ``asked`` so."""
    obstacles = over_obstacles(asked.review) + length_obstacles(text)
    acting = next(iter(officer.capacities([asked.post.key])), None)
    if acting is None or officer.organisation.pk != asked.post.organisation_id:
        return [*obstacles, _("这是请“%(post)s”会签的。") % {"post": asked.post.name}]
    writers = [officer.member, *([acting.absent] if acting.absent else [])]
    if any(member.key in asked.review.draft.authors for member in writers):
        obstacles.append(_("提出人不能审核自己提出的内容，换一个岗位也不行。"))
    if asked.state != Asked.WAITING:
        obstacles.append(_("“%(post)s”的会签已经结束。") % {"post": asked.post.name})
    if advice not in Advice.values:
        obstacles.append(_("请选一种意见。"))
    if advice != Advice.AGREE:
        obstacles += reason_obstacles(text, _("请写明哪里要改，或者为什么不同意。"))
    return obstacles


def drop_obstacles(asked: Consultation, officer: Officer) -> list[str]:
    """Why ``officer`` may not say that ``asked`` is not waited for any longer."""
    obstacles = over_obstacles(asked.review)
    if asked.state != Asked.WAITING:
        obstacles.append(_("“%(post)s”的会签已经结束。") % {"post": asked.post.name})
    if asked.asked_by_id == officer.member.pk or obstacles:
        return obstacles
    return turn_obstacles(asked.review, officer)


def _waiting_obstacles(review: Review) -> list[str]:
    """The posts whose opinion is still waited for, where the charter lets the last stage wait."""
    if not review.asked or not review.charter.charter.consulting.wait:
        return []
    return [
        _("还在等%(post)s会签（%(day)s前）。等齐了再办；不再等的，先写明不再等。")
        % {"post": each.post.name, "day": marks.day(each.due_on)}
        for each in queries.consultations(review)
        if each.state == Asked.WAITING
    ]


# -- the superior's approval -----------------------------------------------------------------------


def prior_obstacles(review: Review) -> list[str]:
    """Why the superior's approval is missing, for what is outside the catalogue (domain rules: the
    catalogue is set by the superior body; matters outside it need its prior approval).
    """
    if not queries.outside(review):
        return []
    found = queries.prior_of(review)
    if found is None:
        return superior_obstacles(review) or [
            _("“%(entry)s”是目录外事项，上级批准这一稿以后才能盖章。请先报上级批准。")
            % {"entry": review.draft.disclosure.entry}
        ]
    if found.state == PriorState.WAITING:
        told = {"superior": found.superior.name, "day": marks.day(found.due_on)}
        return [_("还在等%(superior)s批准（%(day)s前）。批准以后再办。") % told]
    if found.state == PriorState.REFUSED:
        told = {"post": found.answered_as, "reason": found.text}
        return [_("%(post)s不同意公开：“%(reason)s”请退回修改，重新送审以后再报。") % told]
    return []


def superior_obstacles(review: Review) -> list[str]:
    """Why there is nobody here to be asked, and what to do then."""
    if queries.superior_of(review.draft.disclosure.organisation):
        return []
    return [
        _(
            "“%(entry)s”是目录外事项，要上级批准，但上级不在这个系统里。请取得上级的书面批复，"
            "然后修改公开目录：把批复的文号和日期写进这一项的依据，去掉“目录外”，"
            "由另一个人审定；再收回这一稿，重新送审。"
        )
        % {"entry": review.draft.disclosure.entry}
    ]


# -- comments in the text --------------------------------------------------------------------------


def may_remark_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may write no comment in the text: who reviews now may, and who is asked."""
    if queries.consulted(officer, [review]):
        return over_obstacles(review)
    return turn_obstacles(review, officer)


def remark_obstacles(
    review: Review, officer: Officer, block: int, quote: str, text: str
) -> list[str]:
    """Why ``officer`` may not write ``text`` at ``quote`` in that block of the body."""
    obstacles = may_remark_obstacles(review, officer) + length_obstacles(text)
    obstacles += reason_obstacles(text, _("请写明这里要怎么改。"))
    found = anchoring.texts(review.draft.body)
    if not 1 <= block <= len(found):
        obstacles.append(_("正文没有第%(n)s段。请从列出的段落里选。") % {"n": block})
    elif quote and quote not in found[block - 1]:
        wording = _("第%(n)s段里没有“%(quote)s”。请照原文写，或者空着，指整段。")
        obstacles.append(wording % {"n": block, "quote": quote[:40]})
    if len(quote) > QUOTE_LIMIT:
        obstacles.append(_("引的原文最多%s个字。") % QUOTE_LIMIT)
    return obstacles


def resolve_obstacles(remark: Remark, officer: Officer) -> list[str]:
    """Why ``officer`` may not mark ``remark`` as dealt with: who may change the draft may."""
    obstacles = proposals.edit_obstacles(remark.review.draft, officer)
    if remark.resolved_at is not None:
        obstacles.append(_("这条批注已经由%(post)s标为已改。") % {"post": remark.resolved_as})
    return obstacles


def unsay_obstacles(remark: Remark, officer: Officer) -> list[str]:
    """Why ``officer`` may not take back ``remark``: one's own, until the round is over."""
    if remark.member_id != officer.member.pk:
        return [_("这条批注是%(post)s写的，只能由本人去掉。") % {"post": remark.post}]
    return over_obstacles(remark.review)


# -- what the last stage and the seal wait for -----------------------------------------------------


def _is_last(review: Review) -> bool:
    charter: Charter = review.charter.charter
    return review.stage == len(charter.stages) - 1


def finding_obstacles(review: Review, lead: str) -> list[str]:
    """Why not, ``lead`` in front: the findings of the checks that nobody has cleared."""
    return [
        _("%(lead)s：%(finding)s没有处理。请退回修改，或核对后写明可以保留的理由。")
        % {"lead": lead, "finding": finding.label}
        for finding in queries.open_findings(review)
    ]
