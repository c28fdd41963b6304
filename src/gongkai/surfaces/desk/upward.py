"""A request to the superior 事前报批: as its item shows it below, and as it is read above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals.models import Submission
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.procedure.review import prior_rules, queries
from gongkai.procedure.review.models import PriorApproval
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import sheet
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.desk.dossier.text import Sheet
from gongkai.surfaces.desk.entries import titled


@dataclass(frozen=True)
class Request:
    """What was asked upward about a draft (一次报批), and what the officer may do about it."""

    prior: PriorApproval
    question: str
    text: str
    acts: Sequence[Act]


def requests(dossier: Dossier) -> Sequence[Request]:
    """What the superior was asked about the draft in hand: 1 query, none for the catalogue's."""
    if dossier.review is None:
        return []
    return [
        Request(each, masked(each.question), masked(each.text), _acts(each, dossier))
        for each in queries.priors(dossier.review)
    ]


def _acts(prior: PriorApproval, dossier: Dossier) -> list[Act]:
    if dossier.review is None or prior.review_id != dossier.review.pk:
        return []
    prior.review = dossier.review
    if prior_rules.recall_obstacles(prior, dossier.officer):
        return []
    where = [dossier.disclosure.address, prior.pk]
    return [Act(_("撤回报批"), reverse("desk:unrefer", args=where), quiet=True)]


# -- above -----------------------------------------------------------------------------------------


def submitted(prior: PriorApproval, submission: Submission) -> Sheet:
    """The text as it was submitted, with its files under the request's own address."""
    return Sheet(
        title=sheet.line(submission.title),
        body=sheet.flagged(submission.body, lambda _address, name: _file(prior, name)),
        document_number=submission.particulars.get("document_number", ""),
        files=[
            (masked(each["title"]), _file(prior, stored(each)), "", each["extension"], each["size"])
            for each in submission.attachments
        ],
    )


def stored(attachment: dict[str, Any]) -> str:
    """The name under which the superior fetches an attachment of a submission."""
    return f"{attachment['digest'][:16]}.{attachment['extension']}"


def particulars(prior: PriorApproval, submission: Submission) -> Sequence[tuple[str, str]]:
    """What else was submitted, in words; nothing once it is erased."""
    said, charter = submission.particulars, prior.review.charter.charter
    if not said:
        return ()
    entry = charter.entry(said["entry"])
    channels = _("、").join(named(charter.channel(key)) for key in said["channels"])
    return (
        (_("事项"), f"{entry.code} {titled(entry)}"),
        (_("文种"), str(DocumentKind(said["kind"]).label)),
        (_("公开形式"), named(charter.form(said["form"]))),
        (_("公开范围"), _("，").join(_step(charter, step) for step in said["plan"])),
        (_("公开渠道"), channels or _("没有")),
        *([(_("更正说明"), masked(said["note"]))] if said.get("note") else []),
    )


def _step(charter: Charter, step: dict[str, Any]) -> str:
    name = named(charter.scope(step["scope"]))
    if not step.get("opens"):
        return name
    at = marks.moment(clock.unstamp(step["opens"]), charter.organisation.zone)
    return _("%(scope)s（不早于%(at)s）") % {"scope": name, "at": at}


def _file(prior: PriorApproval, name: str) -> str:
    return reverse("desk:prior-file", args=[prior.pk, name])
