"""Who may ask the superior for its prior approval, who sees the request there, who decides on it.

A request belongs to two bodies. The one below sees it on its item; the posts above that decide see
what was submitted, and nothing else of the item: no draft, finding, opinion or history.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Capacity, Officer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.review import queries, rules, turns
from gongkai.procedure.review.models import PriorApproval, Review
from gongkai.procedure.review.states import PriorState


def may_ask_obstacles(review: Review, officer: Officer) -> list[str]:
    """Why ``officer`` may not ask the superior: authors may, and whose turn it is."""
    obstacles = rules.may_ask_obstacles(review, officer)
    if not queries.outside(review):
        return [*obstacles, _("这一项在公开目录里，不用报上级批准。")]
    found = queries.prior_of(review)
    if found is None:
        return obstacles + rules.superior_obstacles(review)
    if found.state == PriorState.APPROVED:
        return [*obstacles, _("%(post)s已经批准这一稿，不用再报。") % {"post": found.answered_as}]
    return obstacles + rules.prior_obstacles(review)


def ask_obstacles(review: Review, officer: Officer, question: str) -> list[str]:
    """Why ``officer`` may not ask the superior with these words."""
    return may_ask_obstacles(review, officer) + _length_obstacles(question)


def recall_obstacles(request: PriorApproval, officer: Officer) -> list[str]:
    """Why ``officer`` may not take ``request`` back: who might ask may."""
    return _over_obstacles(request) or rules.may_ask_obstacles(request.review, officer)


def approve_obstacles(request: PriorApproval, officer: Officer, text: str = "") -> list[str]:
    """Why ``officer`` may not approve ``request``."""
    obstacles = _over_obstacles(request) + _length_obstacles(text)
    acting = deciding(request, officer)
    if acting is None:
        _version, charter = charter_of(request.superior)
        posts = _("或").join(charter.post(key).name for key in charter.prior_posts)
        told = {"superior": request.superior.name, "posts": posts}
        return [*obstacles, _("这件事由%(superior)s的%(posts)s批准。") % told]
    involved = [officer.member, *([acting.absent] if acting.absent else [])]
    if any(member.key in request.review.draft.authors for member in involved):
        obstacles.append(_("提出人不能审核自己提出的内容，换一个岗位也不行。"))
    return obstacles


def refuse_obstacles(request: PriorApproval, officer: Officer, text: str) -> list[str]:
    """Why ``officer`` may not refuse ``request`` for this reason."""
    obstacles = approve_obstacles(request, officer, text)
    return obstacles if text.strip() else [*obstacles, _("请写明为什么不同意公开。")]


def deciding(request: PriorApproval, officer: Officer) -> Capacity | None:
    """As what ``officer`` decides on ``request``; none when it is not for them."""
    if officer.organisation.pk != request.superior_id:
        return None
    _version, charter = charter_of(officer.organisation)
    return next(iter(officer.capacities(charter.prior_posts)), None)


def visible(officer: Officer, charter: Charter | None = None) -> QuerySet[PriorApproval]:
    """The requests from below that ``officer`` may look into; not those taken back."""
    charter = charter or charter_of(officer.organisation)[1]
    if not officer.capacities(charter.prior_posts):
        return queries.requests().none()
    sent = queries.requests().filter(superior=officer.organisation)
    return sent.exclude(state=PriorState.RECALLED)


def waiting_for(officer: Officer, charter: Charter) -> list[PriorApproval]:
    """What waits for the decision of ``officer``, due first at the top: 1 query, or none."""
    found = visible(officer, charter).filter(state=PriorState.WAITING)
    return list(found.order_by("due_on", "pk"))


def _over_obstacles(request: PriorApproval) -> list[str]:
    if request.state == PriorState.WAITING:
        return []
    told = {"state": request.get_state_display()}
    return [_("这次报批已经结束（%(state)s）。请看最新的情况。") % told]


def _length_obstacles(text: str) -> list[str]:
    if len(text) <= turns.WORDS_LIMIT:
        return []
    return [_("意见太长，请不超过%d个字。") % turns.WORDS_LIMIT]
