"""What the public pages show, as values: the item, the promise, the progress, the frame around."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.deadlines import Deadline
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import ANONYMOUS, Reader
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.context import demonstration_notice, languages
from gongkai.foundation.ui.parts import Column, Frame, Link
from gongkai.procedure.catalogue.charter import House, Telephone
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import masking, queries, rules
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseKind, CaseState, Ground, Outcome
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.audience import readable_records


@dataclass(frozen=True)
class About:
    """What a voice is about: an item, or anything."""

    organisation: Organisation
    disclosure: Disclosure | None = None
    title: str = ""

    @property
    def address(self) -> str:
        """The item's permanent address; empty without an item."""
        return self.disclosure.address if self.disclosure else ""

    @property
    def href(self) -> str:
        """Where the item can be read."""
        return f"{settings.BOARD_URL}/i/{self.address}" if self.disclosure else ""


def readable_title(request: HttpRequest, address: str) -> str | None:
    """The title of the item at ``address``, if the public or the signed-in member may read it.

    The session is looked at only when one came along and the public may not read the item.
    """
    record = _latest(ANONYMOUS, address)
    if record is None and settings.SESSION_COOKIE_NAME in request.COOKIES:
        record = _latest(request.reader, address)  # type: ignore[attr-defined]
    if record is None:
        return None
    edition = canonical.decode(record.body.encode("utf-8"))["edition"]
    return str(canonical.decode(edition.encode("utf-8"))["title"])


def promise(
    organisation: Organisation, kind: str = CaseKind.OPINION, ground: str = ""
) -> dict[str, Any]:
    """By when a voice sent now is answered, and the sum."""
    deadline = queries.promise(organisation, kind, today(organisation), ground)
    return {"due": deadline.due, "sum": deadline.sentence(_)}


def responsible(about: About) -> str:
    """The department that answers for the item, in the reader's language; empty without an item
    or where the charter no longer has its line.
    """
    if about.disclosure is None:
        return ""
    charter, code = charter_of(about.organisation)[1], about.disclosure.entry.code
    named = {rule.department for rule in charter.entries if rule.code == code}
    found = [each for each in charter.departments if each.name in named]
    return _either(found[0].name, found[0].name_en) if found else ""


def confirmation(about: About, fields: dict[str, str]) -> dict[str, Any]:
    """The confirmation page: the words, how the wall would mask them, what is promised."""
    masked = masking.masked(fields["say"])
    ground = fields.get("ground", "")
    promised = promise(about.organisation, fields["kind"], ground)
    return {
        "about": about,
        "fields": fields,
        "shown": fields["show"] == "yes" and ground != Ground.PRIVACY,
        "ground": Ground(ground).label if ground else "",
        "masked": masked if masked != fields["say"] else "",
        "kind": CaseKind(fields["kind"]).label,
        "promise": promised,
        "contact_end": queries.contact_end(about.organisation, promised["due"]),
    }


def receipt(case: Case, about: About) -> dict[str, Any]:
    """The receipt page."""
    deadline = _deadline(case)
    return {"case": case, "about": about, "due": deadline.due, "sum": deadline.sentence(_)}


def progress(case: Case, code: str) -> dict[str, Any]:
    """What the voice sees of its case."""
    on = today(case.organisation)
    return {
        "case": case,
        "code": code,
        "kind": CaseKind(case.kind).label,
        "ground": Ground(case.ground).label if case.ground else "",
        "state": _state(case),
        "received_on": clock.civil_day(case.received_at, case.organisation.zone),
        "answered": case.state == CaseState.ANSWERED,
        "overdue": rules.overdue(case, on),
        "today": on,
        "answers": [
            {
                "text": answer.text,
                "outcome": Outcome(answer.outcome).label,
                "changed": answer.outcome in (Outcome.CORRECTED, Outcome.REMOVED),
                "post": answer.post,
                "at": answer.settled_at,
            }
            for answer in queries.settled_answers(case)
        ],
        "may_reopen": case.state == CaseState.ANSWERED and not case.reopened,
        "href": f"{settings.BOARD_URL}/i/{case.disclosure.address}" if case.disclosure else "",
    }


def surroundings(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """Frame, organisation's name, and how else to reach it."""
    house = charter_of(organisation)[1].organisation
    return {
        "organisation": _named(house),
        "frame": _frame(request, house),
        "telephones": [_called(telephone) for telephone in house.telephones],
        "address": _either(house.address, house.address_en),
        "today": today(organisation),
    }


def _state(case: Case) -> str:
    """Where the case stands, in a sentence for the one who spoke."""
    post = {"post": case.post.name if case.post else ""}
    match case.state:
        case CaseState.RECEIVED:
            return _("已经收到，正在确定由谁来办。")
        case CaseState.ASSIGNED:
            return _("%(post)s正在办。") % post
        case CaseState.DRAFTED:
            return _("%(post)s已经写好答复，等人审定。") % post
        case _:
            return _("%(post)s已经答复。") % post


def _deadline(case: Case) -> Deadline:
    received: date = clock.civil_day(case.received_at, case.organisation.zone)
    return queries.promise(case.organisation, case.kind, received, case.ground)


def _latest(reader: Reader, address: str) -> PublicRecord | None:
    records = readable_records(reader).filter(kind="release", subject=address)
    return records.order_by("-version").first()


def _frame(request: HttpRequest, house: House) -> Frame:
    home = f"{settings.BOARD_URL}/"
    numbers = [_("%(name)s：%(number)s") % _called(telephone) for telephone in house.telephones]
    lines = [line for line in (_either(house.address, house.address_en), *numbers) if line]
    return Frame(
        organisation=_named(house),
        home=home,
        nav=(Link(_("首页"), home), Link(_("回音壁"), f"{settings.BOARD_URL}/wall")),
        languages=languages(request),
        notice=demonstration_notice(),
        columns=(Column(_named(house), lines=lines),),
    )


def _called(telephone: Telephone) -> dict[str, str]:
    return {
        "name": _either(telephone.name, telephone.name_en),
        "number": telephone.number,
        "hours": _either(telephone.hours, telephone.hours_en),
    }


def _named(house: House) -> str:
    return _either(house.name, house.name_en)


def _either(chinese: str, english: str) -> str:
    """What the charter says in the reader's language, else in Chinese."""
    return english if marks.english() and english else chinese
