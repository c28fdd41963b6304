"""Who may review, clear, recall and seal, and when. Reads, never writes.

The proposer never reviews, by whatever post (four eyes); a stage is decided by who holds one of
its posts on the day; nobody decides two stages unless the charter names the same post for both.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.review import queries
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.models import Opinion, Review
from gongkai.procedure.review.states import MOVES, Decision, ReviewState, WordKind

WORDS_LIMIT = 1000
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
        _("%(finding)s。请填上，或者删去，再送审。") % {"finding": finding.label}
        for finding in findings
        if finding.blocking and KINDS[finding.kind].mended
    ]


def pass_obstacles(review: Review, officer: Officer, text: str = "") -> list[str]:
    """Why ``officer`` may not pass the present stage of ``review``."""
    if review.state == ReviewState.PASSED:
        return [_("各级审核都已通过，现在等盖章。请%s盖章。") % _posts(review)]
    obstacles = _turn_obstacles(review, officer) + _length_obstacles(text)
    if review.state == ReviewState.PENDING and _is_last(review):
        obstacles += _finding_obstacles(review, _("还不能通过"))
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
    return _turn_obstacles(review, officer) + _finding_obstacles(review, _("还不能盖章"))


def acting_post(review: Review, officer: Officer) -> Post | None:
    """The post by which ``officer`` acts on ``review`` now; none when it is not their turn."""
    return next((post for post in officer.posts if post.key in review.posts), None)


def turn(review: Review) -> str:
    """Whose turn it is, for a sentence: the stage, and the posts of which any may act."""
    stage = queries.stage_of(review, review.charter.charter)
    name = stage.name if stage else _("盖章")
    return _("“%(stage)s”（%(posts)s）") % {"stage": name, "posts": _posts(review)}


def _posts(review: Review) -> str:
    charter = review.charter.charter
    return _("或").join(charter.post(key).name for key in review.posts)


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
    post = acting_post(review, officer)
    if post is None:
        obstacles.append(_("现在轮到%s，不轮到您。") % (turn(review) + _vacancies(review)))
    elif _acted_otherwise(review, officer, post):
        message = _("您已经以别的岗位审过前面一级，同一个人不能审两级。请另一位%s审。")
        obstacles.append(message % _posts(review))
    return obstacles


def _over_obstacles(review: Review) -> list[str]:
    if MOVES.get(ReviewState(review.state)):
        return []
    message = _("这一轮审核已经结束（%s）。请看最新的情况。")
    return [message % review.get_state_display()]


def _acted_otherwise(review: Review, officer: Officer, post: Post) -> bool:
    """Whether ``officer`` passed an earlier stage by a post that this stage does not name.

    Where the charter names one post for both stages, or for the last one and the seal, it means
    one person to act twice.
    """
    passed = Opinion.objects.filter(
        review=review, member=officer.member, decision=Decision.PASS, stage__lt=review.stage
    )
    return passed.exclude(post_key__in=review.posts).exclude(post_key=post.key).exists()


def _vacancies(review: Review) -> str:
    """Said beside the turn when none of its posts has a holder."""
    organisation = review.draft.disclosure.organisation
    vacant = {
        post.key
        for post in organisations.vacant_posts(organisation, organisations.today(organisation))
    }
    if not set(review.posts) <= vacant:
        return ""
    who = organisations.administrators(organisation)
    return _("，但现在没有人担任，请%s先登记由谁担任") % who


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
