"""What the public pages show, as values: the item, the promise, the progress, the frame around."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.deadlines import Deadline
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.notices import addresses
from gongkai.foundation.notices.queries import mail_works
from gongkai.foundation.organisations.audience import ANONYMOUS, Reader
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.context import demonstration_notice, languages
from gongkai.foundation.ui.parts import Column, Frame, Link
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.catalogue.staffing import House, Telephone
from gongkai.procedure.feedback import (
    contacts,
    handling_rules,
    hanging,
    masking,
    pattern_rules,
    promises,
    queries,
    rules,
    wall_rules,
)
from gongkai.procedure.feedback.models import Answer, Case, Contact, Pattern, Turn
from gongkai.procedure.feedback.states import (
    PETITIONS,
    UNANSWERED,
    CaseKind,
    CaseState,
    Ground,
    Moment,
    Outcome,
    PatternState,
)
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
        record = _latest(cast(Seated, request).reader, address)
    return _title(record) if record else None


def promise(
    organisation: Organisation, kind: str = CaseKind.OPINION, ground: str = ""
) -> dict[str, Any]:
    """By when a voice sent now is answered, and the sum; no day where others must second it."""
    deadline = promises.promise(organisation, kind, today(organisation), ground)
    if deadline.suspended:
        return {"due": None, "sum": _owed_later(organisation, deadline)}
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
    asked = fields.get("asked", "")
    return {
        "about": about,
        "fields": fields,
        "shown": fields["show"] == "yes" and ground != Ground.PRIVACY,
        "ground": Ground(ground).label if ground else "",
        "masked": masked if masked != fields["say"] else "",
        "kind": CaseKind(fields["kind"]).label,
        "reach": " ".join(contacts.data_in(fields).values()),
        "promise": promised,
        "asked": post_named(about.organisation, asked) if asked else "",
        "contact_end": promises.contact_end(
            about.organisation, promised["due"] or today(about.organisation)
        ),
    }


def receipt(case: Case, about: About, code: str) -> dict[str, Any]:
    """The receipt page. The code in the QR code stands behind ``#``: no server ever sees it there,
    so it is in nobody's log.
    """
    deadline = promises.of(case)
    owed = not deadline.suspended
    return {
        "case": case,
        "about": about,
        "code": code,
        "due": deadline.due if owed else None,
        "sum": deadline.sentence(_) if owed else _owed_later(case.organisation, deadline),
        "qr": f"{settings.OFFICE_URL}{reverse('say:status')}#{code}",
        "may_attach": True,
        "most_files": rules.MOST_FILES,
    }


def progress(own: Case, code: str) -> dict[str, Any]:
    """What the voice sees of its case; where another case answers in its place, of that one too.

    Of others who are in the same case it sees nothing: neither their words nor how many they are.
    """
    case = own.head or own
    on = today(case.organisation)
    answered = case.state == CaseState.ANSWERED
    moment = rules.moment(own, case)
    answers = queries.answers_for(own)
    contact = queries.own_reach(own)
    return {
        "case": case,
        "own": own,
        "code": code,
        "kind": CaseKind(own.kind).label,
        "ground": Ground(own.ground).label if own.ground else "",
        "asked": post_named(own.organisation, own.asked.key) if own.asked else "",
        "elsewhere": _elsewhere(own),
        "separated": own.separated_on,
        "suggestions": [_suggested(each) for each in pattern_rules.about(own)],
        "state": _state(case),
        "received_on": clock.civil_day(own.received_at, own.organisation.zone),
        "answered": answered,
        "open": case.state in UNANSWERED,
        "overdue": rules.overdue(case, on),
        "today": on,
        "clock": _clock(case) if case.state in UNANSWERED else None,
        "notice": case.kind in PETITIONS and case.accepted_on is None,
        "dialogue": _dialogue(answers, Turn.objects.filter(case=own)),
        "files": queries.files(own),
        "topic": _topic(own),
        "may_reopen": answered and case.reopened < rules.REOPENED_AT_MOST,
        "follow_up": own.kind == CaseKind.QUESTION,
        "wall": _on_the_wall(own),
        "may_withdraw": not rules.withdraw_obstacles(own, code),
        "may_attach": not rules.attach_obstacles(own, case, code),
        "most_files": rules.MOST_FILES,
        "may_forget": contact is not None,
        "told": _told(own, code, contact),
        "moment": moment,
        "later": moment == Moment.LATER,
        "href": f"{settings.BOARD_URL}/i/{own.disclosure.address}" if own.disclosure else "",
    }


@dataclass(frozen=True)
class News:
    """How the sender hears of news (告知), as their page says it: where to, as far as they need it,
    whether it comes, and whether they may give another address.
    """

    mail: str
    by_mail: bool
    by_text: bool
    unreached: date | None
    may_reach: bool


def _told(own: Case, code: str, contact: Contact | None) -> News:
    may = mail_works() and not rules.reach_obstacles(own, code, contact)
    if contact is None:
        return News("", by_mail=False, by_text=False, unreached=None, may_reach=may)
    address = contacts.unseal(bytes(contact.sealed)).get("mail", "")
    return News(
        mail=addresses.hidden(address) if address else "",
        by_mail=contact.by_mail,
        by_text=contact.by_text,
        unreached=contact.unreached_on if contact.by_mail else None,
        may_reach=may,
    )


def _on_the_wall(own: Case) -> dict[str, str] | None:
    """Where the voice hangs, if it does; none for one that is not to be shown."""
    if not wall_rules.hangable(own):
        return None
    found = hanging.of(own)
    if found is not None and found.down_at is not None:
        return None
    hangs = found is not None and found.record is not None and not found.wording.off
    return {"href": f"{settings.BOARD_URL}/w/{found.address}" if found and hangs else ""}


def topics(organisation: Organisation) -> list[dict[str, Any]]:
    """The topics that may be seconded, newest first, with how many wanted to know: 1 query."""
    wanted = queries.seconds_wanted(organisation)
    return [
        {
            "key": queries.name_of(topic),
            "wording": topic.wording,
            "seconds": topic.seconds,
            "wanted": wanted,
            "promised": topic.case.promised,
            "listed_on": clock.civil_day(topic.listed_at, organisation.zone),
        }
        for topic in queries.listed_topics(organisation)[: queries.TOPICS]
        if topic.listed_at
    ]


def post_named(organisation: Organisation, key: str) -> str:
    """The post ``key`` in the reader's language, as the charter calls it."""
    found = [each for each in charter_of(organisation)[1].posts if each.key == key]
    return _either(found[0].name, found[0].name_en) if found else ""


def surroundings(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """Frame, organisation's name, and how else to reach it.

    ``receiving`` is its slug where the charter has leaders receive visitors, who can book a time.
    """
    charter = charter_of(organisation)[1]
    house = charter.organisation
    return {
        "organisation": _named(house),
        "frame": _frame(request, house),
        "telephones": [_called(telephone) for telephone in house.telephones],
        "address": _either(house.address, house.address_en),
        "receiving": organisation.slug if charter.reception else "",
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
        case CaseState.WITHDRAWN:
            return _("您已经撤回，不再办了。")
        case _:
            return _("%(post)s已经答复。") % post


def _elsewhere(own: Case) -> str:
    """That another case answers in this one's place, and where; empty when none does."""
    if own.head is None:
        return ""
    said = {"number": own.head.number, "body": own.head.organisation.name}
    if own.state == CaseState.HANDED:
        return _("已经转交%(body)s办，那边的编号是%(number)s。期限接着算，查询码照用。") % said
    return _("和第%(number)s号是同一件事，一起办、一起答复。查询码照用。") % said


@dataclass(frozen=True)
class Clock:
    """A case's clock as its sender sees it (期限): the day and the sum, why it stands still, what
    gave it more time.
    """

    due: date | None
    sum: str
    waits: str = ""
    extended: str = ""


def _clock(case: Case) -> Clock:
    deadline, stopped = promises.of(case), promises.stopped(case)
    extended = ""
    if case.extension:
        extended = _("延长了期限，理由是：%(why)s") % {"why": case.extended_why}
    if stopped:
        named = handling_rules.stop(case, stopped.reason)
        said = {
            "reason": _either(named.name, named.name_en) if named else stopped.reason,
            "text": stopped.text,
            "day": marks.day(stopped.stopped_on),
        }
        waits = _("%(day)s起暂停计时：%(reason)s。%(text)s") % said
        if stopped.ends_on:
            waits += _("最晚%(day)s接着计时。") % {"day": marks.day(stopped.ends_on)}
        return Clock(None, deadline.sentence(_), waits, extended)
    if deadline.suspended:
        return Clock(None, _owed_later(case.organisation, deadline), extended=extended)
    return Clock(deadline.due, deadline.sentence(_), extended=extended)


def _owed_later(organisation: Organisation, deadline: Deadline) -> str:
    """The honest sentence for a topic that too few have seconded so far."""
    said = {"wanted": queries.seconds_wanted(organisation), "days": deadline.length}
    return (
        _("满%(wanted)s人附议，%(days)s个工作日内答复。没有满以前也会有人看，但不答应哪一天答复。")
        % said
    )


def _dialogue(answers: Iterable[Answer], turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """What was said after the voice's first words, by both sides, in the order of time."""
    said: list[dict[str, Any]] = [
        {
            "answer": True,
            "text": answer.text,
            "outcome": Outcome(answer.outcome).label,
            "passed": rules.passed_on(answer) if answer.passed_to else "",
            "changed": answer.outcome in (Outcome.CORRECTED, Outcome.REMOVED),
            "post": answer.post,
            "at": answer.settled_at,
        }
        for answer in answers
    ]
    said += [{"answer": False, "text": turn.text, "at": turn.at} for turn in turns]
    return sorted(said, key=lambda each: each["at"])


def _topic(own: Case) -> dict[str, Any] | None:
    """How many have seconded a topic, and what was begun from it, as far as the public may know."""
    answering = own.head if own.state == CaseState.HANDED and own.head else own
    topic = queries.topic(answering)
    if topic is None:
        return None
    became, title = topic.became, None
    if became is not None:
        record = _latest(ANONYMOUS, became.address)
        title = _title(record) if record else ""
    return {
        "seconds": topic.seconds,
        "wanted": queries.seconds_wanted(answering.organisation),
        "listed": topic.listed_at is not None,
        "begun": became is not None,
        "title": title,
        "href": f"{settings.BOARD_URL}/i/{became.address}" if became and title else "",
    }


def _suggested(pattern: Pattern) -> dict[str, str]:
    """What came of a suggestion, as far as the public may know, with the way to it."""
    item, done = pattern.disclosure, pattern_rules.done(pattern)
    record = _latest(ANONYMOUS, item.address) if item else None
    told = {
        "what": _("更正《%(title)s》") % {"title": _title(record)}
        if record
        else _("更正有关的公开件")
        if item
        else _("给公开目录增加一项"),
        "text": pattern.text.rstrip("。."),
        "why": pattern.answer,
    }
    href = f"{settings.BOARD_URL}/i/{item.address}" if item and record else ""
    if not item and done:
        href = f"{settings.BOARD_URL}/catalogue/{pattern.code}"
    if done:
        said = _("根据您和别人的意见，已经%(what)s：%(text)s") % told
    elif pattern.state == PatternState.TAKEN:
        said = _("根据您和别人的意见，正在%(what)s：%(text)s。审定以后公开。") % told
    elif pattern.state == PatternState.DECLINED:
        said = _("根据您和别人的意见，曾建议%(what)s：%(text)s。没有采纳，理由是：%(why)s") % told
    else:
        said = _("根据您和别人的意见，已建议%(what)s：%(text)s。等人接手。") % told
    return {"said": said, "href": href if done else ""}


def _title(record: PublicRecord) -> str:
    edition = canonical.decode(record.body.encode("utf-8"))["edition"]
    return str(canonical.decode(edition.encode("utf-8"))["title"])


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
        nav=(Link(_("首页"), home), Link(_("互动反馈栏"), f"{settings.BOARD_URL}/wall")),
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
