"""Everything that can be done with an item where it stands: a button each, or why not.

The obstacles come from the steps' own rules, with nothing added: the button, the page behind it
and the verb ask the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.archive import rules as archive
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.proposals.states import EDITABLE, DraftState
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.publication import rules as publishing
from gongkai.procedure.publication.models import Erasure
from gongkai.procedure.review import emergency_rules, prior_rules, turns
from gongkai.procedure.review import rules as review
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import Edition, Emergency, Review


@dataclass(frozen=True)
class Standing:
    """Where an item stands (所处情况): what the acts are chosen by."""

    disclosure: Disclosure
    charter: Charter
    draft: Draft | None
    review: Review | None
    edition: Edition | None
    emergency: Emergency | None
    erasure: Erasure | None
    opened: bool
    unarranged: bool
    filed: bool


WORDS = "…"
"""Stands for words that are written on the page behind the button: a rule that asks for them
is asked about everything else.
"""


def acts(at: Standing, officer: Officer, now: datetime) -> list[Act]:
    """The acts of the step the item stands in, then those that are always at hand.

    An erasure that waits for its second person comes before everything.
    """
    if at.erasure and at.erasure.confirmed_at:
        return []
    asked = _taking_back(at, officer) if at.erasure else []
    return [
        *asked,
        *_looking(at, officer),
        *_writing(at, officer),
        *_reviewing(at, officer),
        *_publishing(at, officer),
        *_archiving(at, officer),
        *([] if at.erasure else _taking_back(at, officer)),
    ]


def _writing(at: Standing, officer: Officer) -> list[Act]:
    draft = at.draft
    if draft is None or draft.state not in EDITABLE:
        return []
    address = [at.disclosure.address]
    obstacles = proposals.edit_obstacles(draft, officer)
    return [
        Act(_("修改"), reverse("desk:edit", args=address), obstacles),
        Act(_("检查"), reverse("desk:check", args=address), obstacles, quiet=True),
        Act(
            _("送审"), reverse("desk:submit", args=address), obstacles, _("送审前要作真实性承诺。")
        ),
        Act(
            _("放弃这份草稿"),
            reverse("desk:drop", args=address),
            proposals.drop_obstacles(draft, officer, WORDS),
            _("要写理由。"),
            quiet=True,
        ),
    ]


def _looking(at: Standing, officer: Officer) -> list[Act]:
    """What a second person decides on what was opened in an emergency."""
    if at.emergency is None or at.emergency.confirmed is not None:
        return []
    obstacles = emergency_rules.confirm_obstacles(at.emergency, officer)
    where = [at.disclosure.address]
    return [
        Act(_("补审通过"), reverse("desk:confirm-emergency", args=where), obstacles),
        Act(
            _("补审不通过"),
            reverse("desk:refuse-emergency", args=where),
            obstacles,
            _("要写理由，还没有公开的不再公开。"),
            quiet=True,
        ),
    ]


def _reviewing(at: Standing, officer: Officer) -> list[Act]:
    if at.draft is None or at.draft.state != DraftState.SUBMITTED or at.review is None:
        return []
    address, under = [at.disclosure.address], at.review
    return [
        Act(
            _next(under, at.charter),
            reverse("desk:pass", args=address),
            review.pass_obstacles(under, officer),
        ),
        Act(
            _("加盖审核章"),
            reverse("desk:seal", args=address),
            review.seal_obstacles(under, officer),
        ),
        Act(
            _("退回修改"),
            reverse("desk:return", args=address),
            review.return_obstacles(under, officer, WORDS),
            _("要写理由，%(post)s会收到。") % {"post": at.draft.proposer_post},
            quiet=True,
        ),
        *_beside(at, officer),
        Act(
            _("收回"),
            reverse("desk:recall", args=address),
            review.recall_obstacles(under, officer),
            _("收回以后可以接着改，要重新送审。"),
            quiet=True,
        ),
    ]


def _beside(at: Standing, officer: Officer) -> list[Act]:
    """What goes beside the stages: shown to whom it is open, for nobody waits for it."""
    assert at.review is not None
    address = [at.disclosure.address]
    found = _claiming(at.review, officer, address)
    if not review.may_ask_obstacles(at.review, officer):
        note = _("可以同时问几个岗位，各有期限。")
        found.append(Act(_("请会签"), reverse("desk:ask", args=address), (), note, quiet=True))
    if not review.may_remark_obstacles(at.review, officer):
        note = _("指着原文写，退回以后提出人在编辑时看得到。")
        found.append(Act(_("写批注"), reverse("desk:remark", args=address), (), note, quiet=True))
    if not prior_rules.may_ask_obstacles(at.review, officer):
        note = _("这是目录外事项，上级批准这一稿以后才能盖章。")
        found.append(Act(_("报上级批准"), reverse("desk:refer", args=address), (), note))
    if not emergency_rules.may_hasten_obstacles(at.review, officer):
        note = _("先封存公开，另一个人补审；读者看得到是紧急公开。")
        found.append(Act(_("紧急公开"), reverse("desk:hasten", args=address), (), note, quiet=True))
    return found


def _claiming(under: Review, officer: Officer, address: list[str]) -> list[Act]:
    """Taking the stage on where several may act, and giving it back."""
    if not turns.unclaim_obstacles(under, officer):
        return [Act(_("放开认领"), reverse("desk:unclaim", args=address), quiet=True)]
    acting = turns.capacity(under, officer)
    several = len(under.posts) > 1 or bool(acting and acting.by)
    if not several or turns.claim_obstacles(under, officer):
        return []
    note = _("由您来办，别人先不办。")
    return [Act(_("认领"), reverse("desk:claim", args=address), (), note, quiet=True)]


def _next(under: Review, charter: Charter) -> str:
    """The passing act with whoever comes next: 通过，交给党委副书记或纪委书记."""
    stages = under.charter.charter.stages
    if under.stage + 1 < len(stages):
        entry = charter.entry(under.draft.disclosure.entry.code)
        keys = under.charter.charter.stage_posts(stages[under.stage + 1], entry)
        wording = _("通过，交给%(posts)s")
    else:
        keys = under.charter.charter.seal.posts
        wording = _("通过，请%(posts)s盖章")
    named = _("或").join(under.charter.charter.post(key).name for key in keys)
    return wording % {"posts": named}


def _publishing(at: Standing, officer: Officer) -> list[Act]:
    if at.edition is None or not at.unarranged:
        return []
    return [
        Act(
            _("安排公开"),
            reverse("desk:schedule", args=[at.disclosure.address]),
            publishing.may_schedule_obstacles(at.edition, officer),
        )
    ]


def _archiving(at: Standing, officer: Officer) -> list[Act]:
    if not at.opened or at.filed:
        return []
    return [
        Act(
            _("归档"),
            reverse("desk:file", args=[at.disclosure.address]),
            archive.file_obstacles(at.disclosure, officer),
        )
    ]


def _taking_back(at: Standing, officer: Officer) -> list[Act]:
    if at.edition is None:
        # what leaked in a draft can be destroyed too; nobody else need hear of it yet
        return [act for act in (_erasing(at, officer),) if at.erasure or not act.obstacles]
    address = [at.disclosure.address]
    found = [
        Act(
            _("更正"),
            reverse("desk:correct", args=address),
            publishing.may_correct_obstacles(at.disclosure, officer),
            _("要写公开说明，会起草一个新的版本。"),
            quiet=True,
        ),
        Act(
            _("撤回"),
            reverse("desk:withdraw", args=address),
            publishing.may_withdraw_obstacles(at.disclosure, officer),
            _("要写公开的理由，登在撤回登记上。"),
            quiet=True,
        ),
    ]
    return [_erasing(at, officer), *found] if at.erasure else [*found, _erasing(at, officer)]


def _erasing(at: Standing, officer: Officer) -> Act:
    address = [at.disclosure.address]
    if at.erasure is None:
        return Act(
            _("申请清除"),
            reverse("desk:erase", args=address),
            publishing.may_ask_erasure_obstacles(at.disclosure, officer),
            _("只用于泄露的个人信息和法院等机关的决定，要两个人。"),
            quiet=True,
        )
    return Act(
        _("确认清除"),
        reverse("desk:confirm-erasure", args=address),
        publishing.confirm_erasure_obstacles(at.erasure, officer),
        _("确认以后不能恢复。"),
    )


def free(found: Sequence[Act]) -> list[Act]:
    """Those that can be done now, before those that cannot."""
    return sorted(found, key=lambda act: bool(act.obstacles))


def clear_obstacles(at: Standing, officer: Officer, finding: Finding) -> list[str]:
    """Why the officer may not let a finding stand, whatever the reason."""
    return review.clear_obstacles(at.review, officer, finding, WORDS) if at.review else []


def release_acts(at: Standing, officer: Officer) -> dict[int, list[Act]]:
    """Moving and cancelling each stage that is still planned, by release."""
    if at.edition is None:
        return {}
    found: dict[int, list[Act]] = {}
    for release in publication.standing(at.edition):
        if release.state != "planned":
            continue
        obstacles = publishing.cancel_obstacles(release, officer)
        where = [at.disclosure.address, release.pk]
        found[release.pk] = [
            Act(_("改时间"), reverse("desk:move", args=where), obstacles, quiet=True),
            Act(_("取消安排"), reverse("desk:cancel", args=where), obstacles, quiet=True),
        ]
    return found
