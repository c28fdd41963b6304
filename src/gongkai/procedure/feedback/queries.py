"""Reads about voices and answers."""

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.utils.crypto import salted_hmac

from gongkai.foundation.core.identifiers import RECEIPT_LENGTH, normalised
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer, posts
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import contacts, receipts
from gongkai.procedure.feedback.models import (
    Answer,
    Case,
    CaseFile,
    Contact,
    Helper,
    Note,
    Survey,
    Topic,
    Turn,
    Wording,
)
from gongkai.procedure.feedback.states import UNANSWERED, CaseKind, CaseState
from gongkai.procedure.proposals.models import Disclosure


def by_receipt(typed: str) -> Case | None:
    """The case whose receipt code was typed, in any spelling; none for a wrong code.

    Whatever was typed, one hash is made and one row is looked for: nobody learns from the time it
    takes whether a code is malformed or only unknown.
    """
    cases = Case.objects.select_related(
        "organisation", "disclosure", "post", "asked", "head__organisation", "head__post"
    )
    found = cases.filter(receipt=receipts.hashed(typed)).first()
    return found if len(normalised(typed)) == RECEIPT_LENGTH else None


def answers(case: Case) -> list[Answer]:
    """Every answer ever written, oldest first."""
    return list(Answer.objects.filter(case=case).order_by("pk"))


def settled_answers(case: Case) -> list[Answer]:
    """The answers that reached the voice, oldest first."""
    return [answer for answer in answers(case) if answer.settled_at]


def answers_for(own: Case) -> list[Answer]:
    """The answers that the voice of ``own`` may read: its own, and those of the case that answers
    in its place since; what others of that case were told before is not for it.
    """
    found = settled_answers(own)
    if own.head is not None:
        later = settled_answers(own.head)
        found += [each for each in later if each.settled_at and each.settled_at > own.received_at]
    return found


def draft_answer(case: Case) -> Answer | None:
    """The answer that waits for a second person; none when none waits."""
    if case.state != CaseState.DRAFTED:
        return None
    return Answer.objects.filter(case=case, settled_at=None, returned_reason="").latest("pk")


def cases_of(disclosure: Disclosure) -> QuerySet[Case]:
    """Every voice about an item, oldest first."""
    return Case.objects.filter(disclosure=disclosure).select_related("post").order_by("pk")


def unanswered(disclosure: Disclosure) -> list[Case]:
    """The voices about an item that still wait for an answer."""
    return list(cases_of(disclosure).filter(state__in=UNANSWERED))


def begun_from(disclosure: Disclosure) -> list[Case]:
    """The topics that the item was begun from and that still wait for an answer."""
    topics = Topic.objects.filter(became=disclosure, case__state__in=UNANSWERED)
    return [each.case for each in topics.select_related("case__post").order_by("pk")]


def cases(organisation: Organisation) -> QuerySet[Case]:
    """Every voice of an organisation, the one due first at the top; answered ones last."""
    found = Case.objects.filter(organisation=organisation)
    return found.select_related("post", "disclosure").order_by("promised_on", "pk")


def how_many(found: QuerySet[Case]) -> int:
    """How many there are of ``found``, in its order and no more than anybody has in hand.

    The order leads SQLite to the cases in hand; without it a count reads every case there ever was.
    """
    return found[:MOST_IN_HAND].count()


MOST_IN_HAND = 1_000_000


_UNREACHED = Exists(Contact.objects.filter(case=OuterRef("pk"), unreached_on__isnull=False))


def waiting_for(officer: Officer) -> list[Case]:
    """The cases in which the next act is this officer's, due first at the top; one query.

    Those whose wording for the wall waits are marked ``for_wall``; a case may be there twice. Of
    those marked ``unreached`` a letter to the sender came back.
    """
    theirs = Q(state=CaseState.ASSIGNED, post__in=[post.pk for post in officer.posts])
    if officer.may(Right.ASSIGN):  # also what a post had that a later charter left out
        theirs |= Q(state=CaseState.RECEIVED) | Q(state=CaseState.ASSIGNED, post__retired=True)
    if officer.may(Right.APPROVE):
        written = Answer.objects.filter(member=officer.member, settled_at=None, returned_reason="")
        theirs |= Q(state=CaseState.DRAFTED) & ~Q(pk__in=written.values("case"))
    found = cases(officer.organisation).filter(theirs, state__in=UNANSWERED)
    found = found.annotate(for_wall=Value(0, IntegerField()), unreached=_UNREACHED)
    if not officer.may(Right.APPROVE):
        return list(found)
    return list(found.order_by().union(_to_pass(officer), all=True).order_by("promised_on", "id"))


def _to_pass(officer: Officer) -> QuerySet[Case]:
    """The cases of which a wording for the wall waits for this officer, marked ``for_wall``."""
    proposed = Wording.objects.filter(passed_at=None, returned_reason="")
    others = proposed.exclude(member=officer.member)
    found = cases(officer.organisation).order_by().filter(pk__in=others.values("case"))
    return found.annotate(for_wall=Value(1, IntegerField()), unreached=_UNREACHED)


def given_to(officer: Officer) -> QuerySet[Case]:
    """The cases of the posts that ``officer`` holds."""
    own = cases(officer.organisation)
    return own.filter(post__in=[post.pk for post in officer.posts])


def helped_by(officer: Officer) -> QuerySet[Case]:
    """The cases that a post of ``officer`` was asked to help with."""
    theirs = Helper.objects.filter(post__in=[post.pk for post in officer.posts])
    return cases(officer.organisation).filter(pk__in=theirs.values("case"))


def answered_by(officer: Officer) -> QuerySet[Case]:
    """The cases that ``officer`` wrote an answer to, in whatever post."""
    written = Answer.objects.filter(member=officer.member)
    return cases(officer.organisation).filter(pk__in=written.values("case"))


def contact_of(case: Case) -> dict[str, str]:
    """The decrypted contact data; empty when none was given or it has been destroyed."""
    contact = reach(case)
    return contacts.unseal(bytes(contact.sealed)) if contact else {}


def reach(case: Case) -> Contact | None:
    """How to reach whoever gave ``case``: none once another body has it."""
    return Contact.objects.filter(case=case).first()


def own_reach(own: Case) -> Contact | None:
    """The same for the voice itself: where another body has the case, its data is there."""
    kept_by = own.head_id if own.state == CaseState.HANDED else own.pk
    return Contact.objects.filter(case=kept_by).first()


def subject_of(case: Case) -> str:
    """Under which name the ledger keeps the case: its item, or the case itself."""
    if case.disclosure is not None:
        return case.disclosure.address
    return f"case:{case.organisation.slug}:{case.number}"


# -- what belongs to a case ------------------------------------------------------------------------


def turns(case: Case) -> list[Turn]:
    """What the voice said after answers, here or before it was handed over; oldest first.

    Of those who are merged into it nobody else reads the words, and the wall has none of them.
    """
    handed = Case.objects.filter(head=case, state=CaseState.HANDED)
    return list(Turn.objects.filter(Q(case=case) | Q(case__in=handed)).order_by("pk"))


def turns_of_parts(case: Case) -> list[Turn]:
    """What those said after answers whose cases are merged into this one: for the office."""
    return list(Turn.objects.filter(case__in=parts(case)).select_related("case").order_by("pk"))


def notes(case: Case) -> list[Note]:
    """What the office wrote down for itself, oldest first."""
    return list(Note.objects.filter(case=case).order_by("pk"))


def helpers(case: Case) -> list[Post]:
    """The posts that help with it, in the order of the charter."""
    return list(
        Post.objects.filter(pk__in=Helper.objects.filter(case=case).values("post")).order_by(
            "place"
        )
    )


def files(case: Case) -> list[CaseFile]:
    """The files that came with it, without those whose bytes were erased."""
    found = CaseFile.objects.filter(case=case, file__erased_at=None).order_by("pk")
    return list(found.select_related("file").defer("file__text"))


def surveys(case: Case) -> list[Survey]:
    """What the voice said of its answers, oldest first."""
    return list(Survey.objects.filter(case=case).order_by("pk"))


def parts(case: Case) -> QuerySet[Case]:
    """The cases that are merged into this one, oldest first."""
    return Case.objects.filter(head=case, state=CaseState.MERGED).order_by("pk")


def origin(case: Case) -> Case | None:
    """The case of another body that was handed over as this one; none when it began here."""
    found = Case.objects.filter(head=case, state=CaseState.HANDED)
    return found.select_related("organisation").order_by("pk").first()


def askable(organisation: Organisation) -> list[Post]:
    """The posts that may be questioned: those the charter names, else those that answer."""
    named = charter_of(organisation)[1].voices.questioned
    return [
        post
        for post in posts(organisation)
        if (post.key in named if named else Right.ANSWER.value in post.rights)
    ]


# -- the wall -------------------------------------------------------------------------------------


def waiting_wording(case: Case) -> Wording | None:
    """What was proposed for the wall and waits for a second person; none when nothing does."""
    found = Wording.objects.select_related("item")
    return found.filter(case=case, passed_at=None, returned_reason="").first()


def last_wording(case: Case) -> Wording | None:
    """What was proposed last for the wall, whatever became of it; none when nothing ever was."""
    return Wording.objects.select_related("item").filter(case=case).order_by("-pk").first()


# -- topics ----------------------------------------------------------------------------------------


def seconds_wanted(organisation: Organisation) -> int:
    """How many others must second a topic before an answer is owed; 0 when it is owed at once."""
    return charter_of(organisation)[1].voices.topic_seconds


def topic(case: Case) -> Topic | None:
    """What others made of a topic; none for a case of another kind."""
    if case.kind != CaseKind.TOPIC:
        return None
    found = Topic.objects.select_related("became").filter(case=case).first()
    return found or Topic(case=case)


def listed_topics(organisation: Organisation) -> QuerySet[Topic]:
    """The topics that may be seconded now, the newest first."""
    found = Topic.objects.filter(
        listed_at__isnull=False, case__organisation=organisation, case__state__in=UNANSWERED
    )
    return found.select_related("case").order_by("-listed_at", "-pk")


TOPICS = 100
"""Topics that others are shown: the newest."""


def topic_named(organisation: Organisation, name: str) -> Topic | None:
    """The topic that was chosen on the page of topics; none when it is not there any more."""
    shown = listed_topics(organisation)[:TOPICS]
    return next((topic for topic in shown if name_of(topic) == name), None)


def name_of(topic: Topic) -> str:
    """How a page names the topic: nothing that tells how many there were before it."""
    return salted_hmac("gongkai.topic", str(topic.pk), algorithm="sha256").hexdigest()[:16]
