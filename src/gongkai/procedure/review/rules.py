"""Who may review, clear, recall and seal, and when. Reads, never writes.

The proposer never reviews, by whatever post (four eyes); a stage is decided by who holds one of
its posts on the day, or stands in for its absent holder; nobody decides two stages unless the
charter names the same post for both. A deputy may do no more than whom they stand for.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Capacity, Officer
from gongkai.foundation.organisations.rules import sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.review import anchoring, queries
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.models import AUTHOR, Consultation, Emergency, Remark, Review
from gongkai.procedure.review.states import MOVES, Advice, Asked, PriorState, ReviewState, WordKind

WORDS_LIMIT = 1000
QUOTE_LIMIT = 200
WORD_LIMIT, INSTEAD_LIMIT = 40, 100
MOST_WORDS = 5000
"""How many rows a word list may have: more would slow every check down."""
NEEDING = (WordKind.LEADER, WordKind.MISTYPED)
"""Rows of the word list that say nothing without what should stand instead."""


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
        return [_("各级审核都已通过，现在等盖章。请%s盖章。") % _posts(review)]
    obstacles = _turn_obstacles(review, officer) + _length_obstacles(text)
    if review.state == ReviewState.PENDING and _is_last(review):
        obstacles += _finding_obstacles(review, _("还不能通过")) + _waiting_obstacles(review)
        obstacles += prior_obstacles(review)
    return obstacles


def return_obstacles(review: Review, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not send ``review`` back with ``reason``."""
    obstacles = _turn_obstacles(review, officer) + _length_obstacles(reason)
    return obstacles + _reason_obstacles(reason, _("请写明为什么退回、要改什么。"))


def clear_obstacles(review: Review, officer: Officer, finding: Finding, reason: str) -> list[str]:
    """Why ``officer`` may not let ``finding`` stand for ``reason``."""
    obstacles = _turn_obstacles(review, officer) + _length_obstacles(reason)
    known = {each.finding.digest: each.clearance for each in queries.findings_of(review)}
    if finding.digest not in known:
        obstacles.append(_("这一轮审核里没有这项发现。请看最新的情况。"))
    elif known[finding.digest] is not None:
        obstacles.append(_("这项发现已经有人核对过了。"))
    elif not finding.blocking:
        obstacles.append(_("这项只是提示，不挡审核，不用写理由。"))
    return obstacles + _reason_obstacles(reason, _("请写明为什么可以保留。"))


def recall_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not take ``review`` back to go on writing."""
    obstacles = _over_obstacles(review)
    if officer.member.key not in review.draft.authors:
        message = _("只有提出人可以收回。请%s收回，或在审核时退回。")
        obstacles.append(message % review.draft.proposer_post)
    return obstacles


def seal_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not fix the review seal now."""
    if review.state == ReviewState.PENDING:
        message = _("审核还没有全部通过，不能盖章。现在轮到%s。")
        return [message % turn(review)]
    obstacles = _turn_obstacles(review, officer)
    obstacles += _finding_obstacles(review, _("还不能盖章"))
    return obstacles + _waiting_obstacles(review) + prior_obstacles(review)


# -- in an emergency -------------------------------------------------------------------------------


def emergency_obstacles(review: Review, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not have ``review`` sealed and opened at once, for ``reason``."""
    obstacles = may_hasten_obstacles(review, officer)
    return obstacles + sentence_obstacles(reason, _("请写明为什么等不到逐级审核。"))


def may_hasten_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why not, whatever the reason. The charter names who may; a deputy never does."""
    if over := _over_obstacles(review):
        return over
    charter: Charter = review.charter.charter
    if charter.emergency is None:
        return [_("实施办法没有规定紧急公开。请按级审核。")]
    own = officer.organisation.pk == review.draft.disclosure.organisation_id
    if not own or not any(map(officer.holds, charter.emergency.posts)):
        return [_("紧急公开要由%s决定，不能代行。") % _or(charter, charter.emergency.posts)]
    obstacles = []
    if officer.member.key in review.draft.authors and not charter.emergency.proposer:
        obstacles.append(_("提出人不能自己紧急公开。请另一个岗位决定。"))
    if not _others(review, officer):
        posts = _or(charter, charter.emergency.confirm)
        obstacles.append(_("没有另外一个人能补审。请先登记由谁担任%s。") % posts)
    obstacles += _finding_obstacles(review, _("紧急公开也不能放过"))
    return obstacles + prior_obstacles(review)


def confirm_obstacles(emergency: Emergency, officer: Officer, text: str = "") -> list[str]:
    """Why ``officer`` may not decide afterwards on what was opened in an emergency."""
    if emergency.confirmed is not None:
        return [_("这次紧急公开已经由%s补审。") % emergency.decided_as]
    review = emergency.edition.review
    acting = confirming(emergency, officer)
    if acting is None:
        return [_("紧急公开由%s补审。") % _or(review.charter.charter, _confirmers(review))]
    involved = {officer.member.key, *([acting.absent.key] if acting.absent else [])}
    obstacles = _length_obstacles(text)
    if emergency.member.key in involved:
        obstacles.append(_("紧急公开要两个人：决定的人不能补审，也不能由人代他补审。"))
    if involved & set(review.draft.authors):
        obstacles.append(_("提出人不能审核自己提出的内容，换一个岗位也不行。"))
    return obstacles


def refuse_obstacles(emergency: Emergency, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not decide against it for ``reason``."""
    obstacles = confirm_obstacles(emergency, officer, reason)
    return obstacles + _reason_obstacles(reason, _("请写明为什么补审不能通过。"))


def confirming(emergency: Emergency, officer: Officer) -> Capacity | None:
    """As what ``officer`` would decide afterwards; none when it is not for them."""
    review = emergency.edition.review
    if officer.organisation.pk != review.draft.disclosure.organisation_id:
        return None
    return next(iter(officer.capacities(_confirmers(review))), None)


def _confirmers(review: Review) -> tuple[str, ...]:
    """The posts of which one looks at it afterwards; none without an emergency path."""
    charter: Charter = review.charter.charter
    return charter.emergency.confirm if charter.emergency else ()


def _others(review: Review, officer: Officer) -> bool:
    """Whether somebody else who wrote nothing in it could decide afterwards."""
    out = {officer.member.key, *review.draft.authors}
    organisation = review.draft.disclosure.organisation
    holders = organisations.tenures_on(organisations.today(organisation)).filter(
        post__organisation=organisation, post__key__in=_confirmers(review), post__retired=False
    )
    return holders.exclude(member__key__in=out).exists()


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
        return _over_obstacles(review)
    return _turn_obstacles(review, officer)


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
    return obstacles + _length_obstacles(question)


def advise_obstacles(asked: Consultation, officer: Officer, advice: str, text: str) -> list[str]:
    """Why ``officer`` may not answer ``asked`` so."""
    obstacles = _over_obstacles(asked.review) + _length_obstacles(text)
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
        obstacles += _reason_obstacles(text, _("请写明哪里要改，或者为什么不同意。"))
    return obstacles


def drop_obstacles(asked: Consultation, officer: Officer) -> list[str]:
    """Why ``officer`` may not say that ``asked`` is not waited for any longer."""
    obstacles = _over_obstacles(asked.review)
    if asked.state != Asked.WAITING:
        obstacles.append(_("“%(post)s”的会签已经结束。") % {"post": asked.post.name})
    if asked.asked_by_id == officer.member.pk or obstacles:
        return obstacles
    return _turn_obstacles(asked.review, officer)


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
        return _over_obstacles(review)
    return _turn_obstacles(review, officer)


def remark_obstacles(
    review: Review, officer: Officer, block: int, quote: str, text: str
) -> list[str]:
    """Why ``officer`` may not write ``text`` at ``quote`` in that block of the body."""
    obstacles = may_remark_obstacles(review, officer) + _length_obstacles(text)
    obstacles += _reason_obstacles(text, _("请写明这里要怎么改。"))
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
    return _over_obstacles(remark.review)


# -- taking a stage on -----------------------------------------------------------------------------


def claim_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not take the present stage on."""
    obstacles = _turn_obstacles(review, officer)
    if not obstacles and review.claimed(clock.now()):
        return [_("您已经认领了这一级。")]
    return obstacles


def unclaim_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not give it back: only who has it may."""
    if not review.claimed(clock.now()) or review.claimed_by_id != officer.member.pk:
        return [_("您没有认领这一级。")]
    return _over_obstacles(review)


# -- whose turn it is ------------------------------------------------------------------------------


def capacity(review: Review, officer: Officer) -> Capacity | None:
    """As what ``officer`` acts on ``review`` now; none when it is not their turn.

    Whoever has acted in this round goes on by the same post: a member has one part in it.
    """
    able = officer.capacities(review.posts)
    part = review.parts.get(officer.member.pk, "") if able else ""
    if part in review.posts:
        able = officer.capacities([part]) or able
    return able[0] if able else None


def turn(review: Review) -> str:
    """Whose turn it is, for a sentence: the stage, and the posts of which any may act."""
    stage = queries.stage_of(review, review.charter.charter)
    name = stage.name if stage else _("盖章")
    return _("“%(stage)s”（%(posts)s）") % {"stage": name, "posts": _posts(review)}


def _posts(review: Review) -> str:
    return _or(review.charter.charter, review.posts)


def _or(charter: Charter, posts: Iterable[str]) -> str:
    return _("或").join(charter.post(key).name for key in posts)


def _turn_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why it is not for ``officer`` to act on ``review`` now."""
    if over := _over_obstacles(review):
        return over
    organisation = review.draft.disclosure.organisation
    if officer.organisation.pk != organisation.pk:
        return [_("这是%s的事。请用该单位岗位的账号登录。") % organisation.name]
    obstacles = []
    if officer.member.key in review.draft.authors:
        obstacles.append(_("提出人不能审核自己提出的内容，换一个岗位也不行。"))
    acting = capacity(review, officer)
    now = clock.now()
    if acting is None:
        obstacles.append(_("现在轮到%s，不轮到您。") % (turn(review) + _who_is_there(review)))
    else:
        obstacles += _hand_obstacles(review, officer, acting)
    if not obstacles and review.claimed(now) and review.claimed_by_id != officer.member.pk:
        assert review.claimed_until is not None
        zone = organisation.zone
        said = {"post": review.claimed_as, "until": marks.moment(review.claimed_until, zone)}
        obstacles.append(_("%(post)s已经认领，到%(until)s以前由他办。") % said)
    return obstacles


def _hand_obstacles(review: Review, officer: Officer, acting: Capacity) -> list[str]:
    """Why ``officer`` may not act so in this round, for what they or the absent did in it."""
    part = review.parts.get(officer.member.pk, acting.post.key)
    if part not in (acting.post.key, AUTHOR):
        message = _("您已经以别的岗位审过前面一级，同一个人不能审两级。请另一位%s审。")
        return [message % _posts(review)]
    if acting.absent is None:
        return []
    if acting.absent.key in review.draft.authors:
        message = _("您代行的%s是提出人，不能审核，代行的人也不能。请另一个岗位审。")
        return [message % acting.post.name]
    if review.parts.get(acting.absent.pk, acting.post.key) != acting.post.key:
        message = _("您代行的%s已经以别的岗位审过前面一级，代行的人也不能再审一级。")
        return [message % acting.post.name]
    return []


def _over_obstacles(review: Review) -> list[str]:
    if MOVES.get(ReviewState(review.state)):
        return []
    message = _("这一轮审核已经结束（%s）。请看最新的情况。")
    return [message % review.get_state_display()]


def _who_is_there(review: Review) -> str:
    """Said beside the turn when none of its posts has a holder, or a holder is away."""
    organisation = review.draft.disclosure.organisation
    today = organisations.today(organisation)
    vacant = {post.key for post in organisations.vacant_posts(organisation, today)}
    if set(review.posts) <= vacant:
        who = organisations.administrators(organisation)
        return _("，但现在没有人担任，请%s先登记由谁担任") % who
    away = organisations.absences_on(today).filter(
        tenure__post__organisation=organisation, tenure__post__key__in=review.posts
    )
    return "".join(
        _("，%(post)s外出期间由%(deputy)s代行")
        % {"post": each.tenure.post.name, "deputy": each.deputy.name}
        for each in away.order_by("since", "pk")
    )


def _is_last(review: Review) -> bool:
    charter: Charter = review.charter.charter
    return review.stage == len(charter.stages) - 1


def _finding_obstacles(review: Review, lead: str) -> list[str]:
    return [
        _("%(lead)s：%(finding)s没有处理。请退回修改，或核对后写明可以保留的理由。")
        % {"lead": lead, "finding": finding.label}
        for finding in queries.open_findings(review)
    ]


def words_obstacles(organisation: Organisation, officer: Officer) -> list[str]:
    """Why ``officer`` may not change the word list of ``organisation``."""
    if officer.organisation.pk == organisation.pk and officer.may(Right.ADMINISTER):
        return []
    return [_("词表由%s维护。") % organisations.administrators(organisation)]


def length_obstacles(rows: int) -> list[str]:
    """Why the word list cannot have so many ``rows``."""
    if rows <= MOST_WORDS:
        return []
    return [_("词表最多%d条。请先去掉用不着的。") % MOST_WORDS]


def word_obstacles(row: Listed) -> list[str]:
    """Why ``row`` cannot stand on the word list."""
    obstacles = []
    if row.kind not in WordKind.values:
        kinds = _("、").join(str(label) for label in WordKind.labels)
        obstacles.append(
            _("“%(word)s”的种类要从这些里选：%(kinds)s。") % {"word": row.word, "kinds": kinds}
        )
    if not 2 <= len(row.word) <= WORD_LIMIT:
        wording = _("“%(word)s”：词要有2到%(limit)s个字。")
        obstacles.append(wording % {"word": row.word[:WORD_LIMIT], "limit": WORD_LIMIT})
    if len(row.instead) > INSTEAD_LIMIT:
        wording = _("“%(word)s”：建议的写法不超过%(limit)s个字。")
        obstacles.append(wording % {"word": row.word, "limit": INSTEAD_LIMIT})
    if row.kind in NEEDING and not row.instead:
        wording = _("“%s”：请写明职务，或者正确的写法。")
        obstacles.append(wording % row.word)
    if row.instead == row.word:
        obstacles.append(_("“%s”：正确的写法和它一样。") % row.word)
    return obstacles


def _reason_obstacles(text: str, message: str) -> list[str]:
    return [] if text.strip() else [message]


def _length_obstacles(text: str) -> list[str]:
    if len(text) <= WORDS_LIMIT:
        return []
    return [_("意见太长，请不超过%d个字。") % WORDS_LIMIT]
