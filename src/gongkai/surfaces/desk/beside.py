"""What stands beside the stages of a review: other posts' opinions, and comments in the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.review import anchoring, queries, rules
from gongkai.procedure.review.models import Consultation, Remark
from gongkai.procedure.review.states import Advice
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.dossier import Dossier


@dataclass(frozen=True)
class Opinion:
    """A post that was asked, with what it said (会签), and what the officer may do about it."""

    asked: Consultation
    question: str
    text: str
    acts: Sequence[Act]


@dataclass(frozen=True)
class Shown:
    """A comment on the page (一条批注). ``href`` leads to its block where that still stands."""

    remark: Remark
    where: str
    href: str
    quote: str
    text: str
    resolvable: bool
    own: bool


def opinions(dossier: Dossier) -> Sequence[Opinion]:
    """Whom the last round asked beside its stages: 1 query."""
    if dossier.review is None:
        return []
    found = queries.consultations(dossier.review)
    for each in found:
        each.review = dossier.review
    return [
        Opinion(each, masked(each.question), masked(each.text), _acts(each, dossier))
        for each in found
    ]


def _acts(asked: Consultation, dossier: Dossier) -> list[Act]:
    where = [dossier.disclosure.address, asked.pk]
    found = []
    if not rules.advise_obstacles(asked, dossier.officer, Advice.AGREE, WORDS):
        found.append(Act(_("写会签意见"), reverse("desk:advise", args=where)))
    if not rules.drop_obstacles(asked, dossier.officer):
        found.append(Act(_("不再等"), reverse("desk:unask", args=where), quiet=True))
    return found


def remarks(draft: Draft | None, officer: Officer) -> Sequence[Shown]:
    """Every comment on ``draft``, those not yet dealt with first: 1 query."""
    if draft is None:
        return []
    texts = anchoring.texts(draft.body)
    found = [_shown(each, texts, draft, officer) for each in queries.remarks(draft)]
    return sorted(found, key=lambda each: each.remark.resolved_at is not None)


def _shown(remark: Remark, texts: Sequence[str], draft: Draft, officer: Officer) -> Shown:
    remark.review.draft = draft
    at = anchoring.found_at(remark.block, remark.quote, remark.opening, texts)
    if at is None:
        where = _("原来的第%(n)s段，原文已经改了") % {"n": remark.block}
    else:
        where = _("第%(n)s段") % {"n": at}
    return Shown(
        remark=remark,
        where=where,
        href=f"#p{at}" if at else "",
        quote=masked(remark.quote or remark.opening),
        text=masked(remark.text),
        resolvable=not rules.resolve_obstacles(remark, officer),
        own=not rules.unsay_obstacles(remark, officer),
    )
