"""Who may open in an emergency, and who decides on it afterwards."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Capacity, Officer
from gongkai.foundation.organisations.rules import sentence_obstacles
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.review.models import Emergency, Review
from gongkai.procedure.review.rules import finding_obstacles, prior_obstacles
from gongkai.procedure.review.turns import (
    either,
    length_obstacles,
    over_obstacles,
    reason_obstacles,
)


def emergency_obstacles(review: Review, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not have ``review`` sealed and opened at once, for ``reason``."""
    obstacles = may_hasten_obstacles(review, officer)
    return obstacles + sentence_obstacles(reason, _("请写明为什么等不到逐级审核。"))


def may_hasten_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why not, whatever the reason. The charter names who may; a deputy never does."""
    if over := over_obstacles(review):
        return over
    charter: Charter = review.charter.charter
    if charter.emergency is None:
        return [_("实施办法没有规定紧急公开。请按级审核。")]
    own = officer.organisation.pk == review.draft.disclosure.organisation_id
    if not own or not any(map(officer.holds, charter.emergency.posts)):
        return [_("紧急公开要由%s决定，不能代行。") % either(charter, charter.emergency.posts)]
    obstacles = []
    if officer.member.key in review.draft.authors and not charter.emergency.proposer:
        obstacles.append(_("提出人不能自己紧急公开。请另一个岗位决定。"))
    if not _others(review, officer):
        posts = either(charter, charter.emergency.confirm)
        obstacles.append(_("没有另外一个人能补审。请先登记由谁担任%s。") % posts)
    obstacles += finding_obstacles(review, _("紧急公开也不能放过"))
    return obstacles + prior_obstacles(review)


def confirm_obstacles(emergency: Emergency, officer: Officer, text: str = "") -> list[str]:
    """Why ``officer`` may not decide afterwards on what was opened in an emergency."""
    if emergency.confirmed is not None:
        return [_("这次紧急公开已经由%s补审。") % emergency.decided_as]
    review = emergency.edition.review
    acting = confirming(emergency, officer)
    if acting is None:
        return [_("紧急公开由%s补审。") % either(review.charter.charter, _confirmers(review))]
    involved = {officer.member.key, *([acting.absent.key] if acting.absent else [])}
    obstacles = length_obstacles(text)
    if emergency.member.key in involved:
        obstacles.append(_("紧急公开要两个人：决定的人不能补审，也不能由人代他补审。"))
    if involved & set(review.draft.authors):
        obstacles.append(_("提出人不能审核自己提出的内容，换一个岗位也不行。"))
    return obstacles


def refuse_obstacles(emergency: Emergency, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not decide against it for ``reason``."""
    obstacles = confirm_obstacles(emergency, officer, reason)
    return obstacles + reason_obstacles(reason, _("请写明为什么补审不能通过。"))


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
