"""Whose turn a round of review is, and why it is not somebody else's."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Capacity, Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.review import queries
from gongkai.procedure.review.models import AUTHOR, Review
from gongkai.procedure.review.states import MOVES, ReviewState

WORDS_LIMIT = 1000


def claim_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not take the present stage on."""
    obstacles = turn_obstacles(review, officer)
    if not obstacles and review.claimed(clock.now()):
        return [_("您已经认领了这一级。")]
    return obstacles


def unclaim_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not give it back: only who has it may."""
    if not review.claimed(clock.now()) or review.claimed_by_id != officer.member.pk:
        return [_("您没有认领这一级。")]
    return over_obstacles(review)


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
    return _("“%(stage)s”（%(posts)s）") % {"stage": name, "posts": posts_of(review)}


def posts_of(review: Review) -> str:
    """The posts of which any may act now, for a sentence."""
    return either(review.charter.charter, review.posts)


def either(charter: Charter, posts: Iterable[str]) -> str:
    """The names of these posts, of which any will do."""
    return _("或").join(charter.post(key).name for key in posts)


def turn_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why it is not for ``officer`` to act on ``review`` now."""
    if over := over_obstacles(review):
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
        return [message % posts_of(review)]
    if acting.absent is None:
        return []
    if acting.absent.key in review.draft.authors:
        message = _("您代行的%s是提出人，不能审核，代行的人也不能。请另一个岗位审。")
        return [message % acting.post.name]
    if review.parts.get(acting.absent.pk, acting.post.key) != acting.post.key:
        message = _("您代行的%s已经以别的岗位审过前面一级，代行的人也不能再审一级。")
        return [message % acting.post.name]
    return []


def over_obstacles(review: Review) -> list[str]:
    """That ``review`` is over; nothing while it is not."""
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


def reason_obstacles(text: str, message: str) -> list[str]:
    """``message`` where no reason is written."""
    return [] if text.strip() else [message]


def length_obstacles(text: str) -> list[str]:
    """That ``text`` is too long for an opinion."""
    if len(text) <= WORDS_LIMIT:
        return []
    return [_("意见太长，请不超过%d个字。") % WORDS_LIMIT]
