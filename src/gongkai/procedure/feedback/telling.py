"""The verbs of what whoever gave a voice is told 告知: note, write, stop, learn that it came back.

A verb that moves a case notes in its own transaction that there is something to tell: one row,
however long the letter takes. The worker then puts the letter into the one queue and lets the row
go, both in one transaction: *killed before, it does so again; after, the letter is in the queue,
once.* What waits goes with the contact data, in the queue as well.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM, Actor
from gongkai.foundation.notices import jobs as mail
from gongkai.foundation.notices import links
from gongkai.foundation.notices import queries as queue
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.states import PERMANENT, Carrier
from gongkai.foundation.organisations.queries import today
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import acts, contacts, promises, rules, tidings
from gongkai.procedure.feedback.acts import READER
from gongkai.procedure.feedback.models import Case, Contact, Tiding
from gongkai.procedure.feedback.states import CaseState, Happened, Moment

ORIGIN = "voices"
DAY = timedelta(days=1)
FIRST_LETTERS = 5
"""Letters that say that a voice came, to one address within a day: who gave it may not own it."""
TOLD = Q(by_mail=True, unreached_on=None) | Q(by_text=True)
"""Who can be told something."""


# -- within the verbs that move a case -------------------------------------------------------------


def keep(case: Case, contact: Mapping[str, str]) -> None:
    """Keep how to reach whoever gave ``case``, and whether they wish to be told; the first letter
    says that it came.
    """
    data, wish = contacts.data_in(contact), contacts.wish_in(contact)
    if not data:
        return
    told = wish.by_mail or wish.by_text
    mark = contacts.mark(data["mail"]) if wish.by_mail else ""
    lately = _lately(mark)
    Contact.objects.create(
        case=case,
        sealed=contacts.seal(data),
        destroy_on=promises.contact_end(case.organisation, case.promised or case.started_on),
        by_mail=wish.by_mail,
        by_text=wish.by_text,
        language=wish.language,
        handle=links.new_handle() if told else None,
        mark=mark,
    )
    if told and lately < FIRST_LETTERS:
        note(case, Happened.RECEIVED, case.promised)


def _lately(mark: str) -> int:
    """How many voices of the last day name the address with this mark."""
    since = clock.now() - DAY
    found = Contact.objects.filter(mark=mark, case__received_at__gte=since)
    return found.count() if mark else 0


def note(case: Case, what: Happened, day: date | None = None, number: str = "") -> list[int]:
    """There is something to tell whoever gave ``case``, or one that is merged into it: 1 query, one
    more where somebody wishes to know. Returns the contacts.

    ``number`` is the one they know the case by, where it has another since.
    """
    found = list(
        Contact.objects.filter(TOLD, case__in=_own(case)).values_list("pk", "case__number")
    )
    Tiding.objects.bulk_create(
        Tiding(contact_id=pk, what=what, day=day, number=number or known) for pk, known in found
    )
    return [pk for pk, _known in found]


def answered(case: Case, at: datetime) -> None:
    """Tell of an answer, and ask four weeks later whether it was really done."""
    if told := note(case, Happened.ANSWERED):
        Contact.objects.filter(pk__in=told).update(ask_at=at + rules.FOUR_WEEKS)


def reopened(case: Case) -> None:
    """Ask nothing before the next answer."""
    Contact.objects.filter(case__in=_own(case), ask_at__isnull=False).update(ask_at=None)


def _own(case: Case) -> QuerySet[Case]:
    """The case, and those merged into it: by their own indexes, since one condition over both
    tables would look at every contact there is.
    """
    return Case.objects.filter(Q(pk=case.pk) | Q(head=case, state=CaseState.MERGED))


def forget(contact: Contact) -> None:
    """What waits to go out by ``contact`` does not go out any more."""
    if contact.handle:
        Tiding.objects.filter(contact=contact.pk).delete()
        notices.take_back(queue.about(ORIGIN, contact.handle))


# -- what whoever spoke decides --------------------------------------------------------------------


@transaction.atomic
def reach(*, case: Case, receipt: str, address: str, language: str) -> Contact:
    """Write to ``address`` from now on when something happens 另给邮箱. ``Refused`` when closed.

    Links of earlier letters lead nowhere after it, and what comes back of those says nothing.
    """
    own, _head = acts.locked_for(case)
    found = contact_of(own)
    if obstacles := rules.reach_obstacles(own, receipt, found):
        raise Refused(obstacles)
    day = own.promised or today(own.organisation)
    contact = found or Contact(case=own, destroy_on=promises.contact_end(own.organisation, day))
    forget(contact)
    data = contacts.unseal(bytes(contact.sealed)) if found else {}
    contact.sealed = contacts.seal({**data, "mail": address})
    contact.by_mail, contact.unreached_on, contact.language = True, None, language
    contact.handle, contact.mark = links.new_handle(), contacts.mark(address)
    contact.save()
    _record("contact.tell", contact, READER, _ways(contact))
    return contact


@transaction.atomic
def hush(*, case: Case, receipt: str) -> bool:
    """Tell nothing more; says whether anything was told till now 不再告知."""
    if obstacles := rules.receipt_obstacles(case, receipt):
        raise Refused(obstacles)
    contact = contact_of(case)
    return contact is not None and _hushed(contact)


@transaction.atomic
def hush_by_link(*, word: str) -> None:
    """The same, by the link in a letter; a forged one and one of before change nothing 退订."""
    if contact := _by_handle(tidings.handle_in(word)):
        _hushed(contact)


def contact_of(own: Case) -> Contact | None:
    """How to reach whoever spoke in ``own``, held; where another body has the case, it is there."""
    kept_by = own.head_id if own.state == CaseState.HANDED else own.pk
    rows = Contact.objects.select_for_update(of=("self",))
    found = rows.select_related("case__organisation", "case__disclosure")
    return found.filter(case=kept_by).first()


def _hushed(contact: Contact) -> bool:
    if not (contact.by_mail or contact.by_text):
        return False
    forget(contact)
    contact.by_mail = contact.by_text = False
    contact.ask_at = None
    contact.save(update_fields=["by_mail", "by_text", "ask_at"])
    _record("contact.tell", contact, READER, "")
    return True


# -- in the worker, and by the tick ----------------------------------------------------------------


def waiting() -> QuerySet[Tiding]:
    """What is to be told, the oldest first."""
    found = Tiding.objects.select_related("contact__case__organisation")
    return found.order_by("pk")


def write(found: Sequence[Tiding]) -> int:
    """Put the letters of ``found`` into the queue; returns how many.

    What another worker took, and whose contact data went or changed meanwhile, is left out.
    """
    made = [(each, *_written(each)) for each in found]
    with transaction.atomic():
        rows = Tiding.objects.select_for_update(of=("self",)).select_related("contact")
        here = {each.pk: each for each in rows.filter(pk__in=[each.pk for each in found])}
        Tiding.objects.filter(pk__in=list(here)).delete()
        mails, texts = [], []
        for tiding, letter, text in made:
            now = here.get(tiding.pk)
            if now is None or now.contact.handle != tiding.contact.handle:
                continue
            about = str(tiding.contact.handle)
            if letter:
                mails.append(notices.accept(letter, ORIGIN, about).pk)
            if text:
                texts.append(notices.accept_text(*text, ORIGIN, about).pk)
        if mails:
            mail.send_many.enqueue(mails)
        for pk in texts:
            mail.send.using(priority=mail.LOW).enqueue(pk)
    return len(mails) + len(texts)


def _written(tiding: Tiding) -> tuple[EmailMessage | None, tuple[str, str] | None]:
    """The letter and the short message of it, as far as they are asked for."""
    contact, case = tiding.contact, tiding.contact.case
    data = contacts.unseal(bytes(contact.sealed))
    told = tidings.Told(
        what=tiding.what,
        number=tiding.number,
        now=case.number,
        kind=case.kind,
        day=tiding.day,
        body=case.organisation.name,
        house=charter_of(case.organisation)[1].organisation,
        language=contact.language,
        handle=contact.handle or "",
        key=str(tiding.pk),
    )
    by_mail = contact.by_mail and contact.unreached_on is None
    # Anybody can name any number on the web, and a message costs: the first waits for the office.
    by_text = contact.by_text and (tiding.what != Happened.RECEIVED or case.entered_by)
    return (
        tidings.letter(told, data["mail"]) if by_mail else None,
        (data["tel"], tidings.message(told)) if by_text else None,
    )


def to_ask(now: datetime) -> QuerySet[Contact]:
    """Whom it is time to ask whether it was really done."""
    found = Contact.objects.filter(ask_at__lte=now).order_by("ask_at", "pk")
    return found.select_related("case")


@transaction.atomic
def ask(*, contact: Contact) -> bool:
    """Ask again after four weeks, unless they have said it; says whether 回访. *Once only.*"""
    if not Contact.objects.filter(pk=contact.pk, ask_at=contact.ask_at).update(ask_at=None):
        return False
    own = Case.objects.select_related("organisation", "head").get(pk=contact.case_id)
    if rules.moment(own, own.head or own) != Moment.LATER:
        return False
    if not Contact.objects.filter(TOLD, pk=contact.pk).exists():
        return False
    Tiding.objects.create(contact=contact, what=Happened.SURVEY, number=own.number)
    return True


@transaction.atomic
def settle(*, letter: Letter) -> None:
    """A letter of ours was given up: for good, or because the server was away too long 没有寄到."""
    if contact := _by_handle(letter.about):
        if letter.trouble in PERMANENT:
            _unreached(contact, letter.carrier)
        else:
            _record("contact.missed", contact, SYSTEM, letter.carrier)
    notices.take_back(Letter.objects.filter(pk=letter.pk))


@transaction.atomic
def returned(*, word: str, for_good: bool) -> bool:
    """A mail server sent a letter back; says whether the link in it was ours 退信."""
    handle = tidings.handle_in(word)
    if contact := _by_handle(handle):
        if for_good:
            _unreached(contact, Carrier.MAIL)
        else:
            _record("contact.missed", contact, SYSTEM, Carrier.MAIL)
    return bool(handle)


def _unreached(contact: Contact, by: str) -> None:
    """Nothing more goes there; for mail the day is kept, and said to the clerk and on the page."""
    if by == Carrier.TEXT:
        reached = contact.by_text
        contact.by_text = False
    else:
        reached = contact.unreached_on is None
        contact.unreached_on = contact.unreached_on or today(contact.case.organisation)
    if reached:
        contact.save(update_fields=["by_text", "unreached_on"])
        _record("contact.unreached", contact, SYSTEM, by)


def _by_handle(handle: str) -> Contact | None:
    if not handle:
        return None
    rows = Contact.objects.select_for_update(of=("self",))
    found = rows.select_related("case__organisation", "case__disclosure")
    return found.filter(handle=handle).first()


def _ways(contact: Contact) -> str:
    ways = {Carrier.MAIL: contact.by_mail, Carrier.TEXT: contact.by_text}
    return " ".join(way.value for way, on in ways.items() if on)


def _record(verb: str, contact: Contact, by: Actor, ways: str) -> None:
    acts.record(verb, contact.case, by, {"by": ways})
