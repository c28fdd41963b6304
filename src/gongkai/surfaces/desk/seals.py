"""The register of seals 用印登记: each use of the seal, on what, and under which approval."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.foundation.core.identifiers import verification_code
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.queries import Wanted, acts
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals import queries as papers
from gongkai.foundation.seals.models import Sealing
from gongkai.foundation.ui import marks
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.desk.auditing import Echo, safe
from gongkai.surfaces.desk.pointing import item_href

VERB = "review.seal"
PAGE, EXPORTED_AT_ONCE = 50, 500


@dataclass(frozen=True)
class Use:
    """One use of the seal (一次用印). ``approvals`` are the posts that passed, in their order, and
    that the rest was an emergency; ``certificate`` is the fingerprint under which the sheet was
    sealed, empty before that.
    """

    number: str
    at: datetime
    post: str
    title: str
    edition: int
    code: str
    approvals: tuple[str, ...]
    href: str
    sheet: str
    certificate: str


def page(organisation: Organisation, after: Act | None) -> tuple[list[Use], Act | None]:
    """The uses after ``after``, newest first, and where the next page begins: 4 queries."""
    found = list(acts(_wanted(organisation), after)[: PAGE + 1])
    shown = found[:PAGE]
    return _uses(shown), shown[-1] if len(found) > PAGE else None


def lines(organisation: Organisation) -> Iterator[str]:
    """The whole register as the lines of a CSV file, in portions."""
    writer = csv.writer(Echo())
    heads = [
        _("用印编号"),
        pgettext("heading", "时间"),
        _("盖章岗位"),
        _("盖在哪一件上"),
        _("版本"),
    ]
    more = [_("核对码"), _("依据的审核"), _("签章证书指纹")]
    yield "\ufeff" + writer.writerow([*heads, *more])
    after: Act | None = None
    while portion := list(acts(_wanted(organisation), after)[:EXPORTED_AT_ONCE]):
        for use in _uses(portion):
            at = marks.moment(use.at, organisation.zone)
            cells = [use.number, at, use.post, use.title, str(use.edition), use.code]
            approved = _("、").join(use.approvals)
            yield writer.writerow([safe(cell) for cell in (*cells, approved, use.certificate)])
        after = portion[-1]


def _wanted(organisation: Organisation) -> Wanted:
    return Wanted(organisation.slug, verb=VERB)


def _uses(shown: Sequence[Act]) -> list[Use]:
    digests = [act.facts["digest"] for act in shown]
    rows = Edition.objects.filter(digest__in=digests).defer("data")
    editions = {each.digest: each for each in rows}
    approvals = review.approvals([each.review_id for each in editions.values()])
    sealed = papers.sealings([review.paper(each) for each in editions.values()])
    return [_use(act, editions.get(act.facts["digest"]), approvals, sealed) for act in shown]


def _use(
    act: Act,
    edition: Edition | None,
    approvals: Mapping[int, Sequence[str]],
    sealed: Mapping[str, Sealing],
) -> Use:
    sealing = sealed.get(review.paper(edition)) if edition else None
    stands = edition is not None and edition.erased_at is None
    where = [act.subject, act.facts["number"]]
    approved = list(approvals.get(edition.review_id, ())) if edition else []
    if act.facts.get("emergency"):
        approved.append(_("紧急公开"))
    return Use(
        number=act.facts["seal"],
        at=act.at,
        post=act.facts["post"],
        title=masked(act.subject_label) or _("（已清除）"),
        edition=act.facts["number"],
        code=verification_code(act.facts["digest"]),
        approvals=tuple(approved),
        href=item_href(act.subject),
        sheet=reverse("desk:approval", args=where) if stands else "",
        certificate=sealing.certificate.fingerprint if sealing and sealing.certificate else "",
    )
