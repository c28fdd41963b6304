"""Postings 张贴: a row for each channel of a release, and what carriers tell of it.

A part of the verbs of publication, and verbs of its own for carriers: the website, screens, the
television, briefs. What people say of a posting is in ``hanging``. Readers learn from a public
record, beside the item's own, on which channel it is since when; a posting opens such a record when
it goes out and when it comes down, however often a carrier speaks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.charter import MEETING, Charter
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import queries
from gongkai.procedure.publication.models import Evidence, Posting, Release
from gongkai.procedure.publication.posting_rules import (
    PASSING,
    WEBSITE,
    channels_of,
    comes_down,
    passes,
)
from gongkai.procedure.publication.states import (
    OUT,
    PROVING,
    TICKED,
    WAITING,
    EvidenceKind,
    PostingState,
    ReleaseState,
)

KIND = "posting"
"""The kind of the public record that says where an item hangs."""
TICKS_KEPT = 60
"""Evidence of machines that is kept for one posting: so much shows it, more would only fill."""


@dataclass(frozen=True)
class Proof:
    """What a carrier hands in as evidence 佐证. ``key`` is its own for this posting: the same key
    counts once, so a carrier that speaks often takes one for a day and a place.
    """

    kind: EvidenceKind
    key: str
    at: datetime
    place: str = ""
    said: str = ""


# -- in the verbs of publication -------------------------------------------------------------------


def plan(release: Release, sealed: Mapping[str, Any], charter: Charter, now: datetime) -> None:
    """Plan a posting for each channel by which ``release`` goes out; one statement 安排张贴."""
    organisation = release.disclosure.organisation
    first = _first_opened(release) or now
    Posting.objects.bulk_create(
        Posting(
            release=release,
            organisation=organisation,
            channel=channel.key,
            planned_at=now,
            comes_down=comes_down(channel.key, sealed, charter, first, organisation.zone),
        )
        for channel in channels_of(release, sealed, charter)
    )


def replaced(releases: Collection[int], now: datetime) -> None:
    """These openings gave way to a correction: what hangs of them comes down, what does not yet
    need not go out. Their pages stay, as earlier versions.
    """
    theirs = Posting.objects.filter(release__in=releases)
    theirs.filter(state__in=WAITING).exclude(channel=WEBSITE).update(
        state=PostingState.TAKEN_DOWN,
        at=now,
        comes_down=None,
        said=_("没有发出，就换成了更正的版本"),
    )
    _coming_down(theirs).filter(state__in=OUT).update(comes_down=now)


def taken_back(disclosure: Disclosure, now: datetime) -> None:
    """The item was withdrawn or erased: all of it comes down at once. Where nobody has said that it
    hangs, somebody looks all the same.
    """
    theirs = Posting.objects.filter(release__disclosure=disclosure)
    _coming_down(theirs).exclude(state=PostingState.TAKEN_DOWN).update(comes_down=now)
    passing = theirs.filter(state__in=WAITING, comes_down=None).exclude(channel=WEBSITE)
    passing.update(state=PostingState.TAKEN_DOWN, at=now, said=_("没有发出，就收回了"))


def lapse(now: datetime) -> int:
    """What should have hung and was not noted as put up before its time was over. Returns how many.

    One statement. What was taken back stays in the list of what must come down.
    """
    over = Posting.objects.filter(state__in=WAITING, comes_down__lte=now)
    stood = over.filter(release__state__in=(ReleaseState.OPEN, ReleaseState.REPLACED))
    with repeatable():
        return stood.update(
            state=PostingState.TAKEN_DOWN, at=now, comes_down=None, said=_("到期也没有登记贴出")
        )


def destroy_words(disclosure: Disclosure) -> None:
    """Part of an erasure: what was said and where, since both may repeat the text."""
    Evidence.objects.filter(posting__release__disclosure=disclosure).update(said="", place="")
    Posting.objects.filter(release__disclosure=disclosure).update(said="")


# -- the website, told by the keeper ---------------------------------------------------------------


def note_pages(below: int, now: datetime) -> int:
    """The pages of all records below the log index ``below`` stand: their postings are delivered.
    One statement, and none longer than the pages that were awaited. Returns how many.
    """
    standing = PublicRecord.objects.filter(pk=OuterRef("release__record"), seq__lt=below)
    # By the organisations their index begins with, and row by row: from the log's side it would be
    # read as far as it goes.
    awaited = Posting.objects.filter(
        organisation__in=Organisation.objects.values("pk"),
        channel=WEBSITE,
        state=PostingState.PLANNED,
    )
    with repeatable():
        return awaited.filter(Exists(standing)).update(
            state=PostingState.DELIVERED, at=now, since=now
        )


def note_removed(records: Sequence[int], now: datetime) -> int:
    """The pages of these records are gone: so are their postings on the website."""
    theirs = Posting.objects.filter(channel=WEBSITE, release__record__in=records)
    return theirs.exclude(state=PostingState.TAKEN_DOWN).update(
        state=PostingState.TAKEN_DOWN, at=now
    )


# -- told by carriers ------------------------------------------------------------------------------


def deliver(release_id: int, channel: str, proof: Proof) -> Posting | None:
    """A carrier has brought ``release_id`` out, as ``proof`` shows 发出.

    Delivered, or confirmed where the proof shows the thing itself. None when its edition does not
    go to ``channel``. The same key again changes nothing and locks nothing; of a machine's evidence
    ``TICKS_KEPT`` are kept. Proof of a time after the thing was taken down brings it back: then it
    has to come down once more.
    """
    posting = find(release_id, channel)
    if posting is None or _known(posting, proof.key) or _enough(posting, proof):
        return posting
    with transaction.atomic():
        posting = lock(posting)
        if _known(posting, proof.key):
            return posting
        keep(posting, proof)
        return out(posting, proof.kind in PROVING, proof.at)


@transaction.atomic
def fail(release_id: int, channel: str, at: datetime, reason: str) -> Posting | None:
    """A carrier could not bring it out 没有发成; ``reason`` is a sentence for the office.

    What is out already stays so: then a carrier has trouble of its own.
    """
    posting = find(release_id, channel)
    if posting is None:
        return None
    posting = lock(posting)
    if posting.state in WAITING and (posting.state, posting.said) != (PostingState.FAILED, reason):
        failed(posting, at, reason)
    return posting


@transaction.atomic
def take_down(release_id: int, channel: str, at: datetime, said: str = "") -> Posting | None:
    """A carrier shows it no more 取下. Told twice, the first time counts."""
    posting = find(release_id, channel)
    if posting is None:
        return None
    posting = lock(posting)
    return posting if posting.state == PostingState.TAKEN_DOWN else down(posting, at, said)


# -- shared with what people say -------------------------------------------------------------------


def find(release_id: int, channel: str) -> Posting | None:
    """The posting of this release on ``channel``; or of another stage of the same edition, since a
    carrier knows what it shows and not by which stage that goes to its channel.
    """
    edition = Release.objects.filter(pk=release_id).values("edition")
    found = Posting.objects.filter(channel=channel, release__edition__in=edition)
    rows = list(found.select_related("release", "organisation").order_by("pk"))
    return next((each for each in rows if each.release_id == release_id), rows[0] if rows else None)


def lock(posting: Posting) -> Posting:
    """The posting, held until the transaction ends."""
    rows = Posting.objects.select_for_update(of=("self",))
    return rows.select_related("release__disclosure", "organisation").get(pk=posting.pk)


def keep(posting: Posting, proof: Proof, post: str = "", file: StoredFile | None = None) -> None:
    """Keep what ``proof`` says, by ``post``, with ``file``."""
    Evidence.objects.create(
        posting=posting,
        kind=proof.kind,
        key=proof.key,
        at=proof.at,
        place=proof.place[:200],
        said=proof.said[:500],
        post=post,
        file=file,
        noted_at=clock.now(),
    )
    if proof.kind in TICKED:
        posting.ticks = F("ticks") + 1
        posting.save(update_fields=["ticks"])
        posting.refresh_from_db(fields=["ticks"])
    else:
        note(posting)


def note(posting: Posting) -> None:
    """Something was written down of it that belongs into its 件."""
    posting.noted_at = clock.now()
    posting.save(update_fields=["noted_at"])


def out(
    posting: Posting, proven: bool, at: datetime, officer: Officer | None = None, said: str = ""
) -> Posting:
    """It is out; ``proven`` when something shows it. Written down when that is news."""
    if posting.state == PostingState.TAKEN_DOWN and posting.at and at <= posting.at:
        return posting
    state = PostingState.CONFIRMED if proven else PostingState.DELIVERED
    was_out = posting.state in OUT
    if posting.state == state or (was_out and not proven):
        return posting
    posting.state, posting.at = state, at
    posting.since = posting.since if was_out else at
    if posting.release.state != ReleaseState.OPEN and not passes(posting.channel):
        posting.comes_down = posting.comes_down or at
    _save(posting, officer, said)
    if was_out:
        _tell("posting.confirm", posting, officer)
    else:
        _tell("posting.deliver", posting, officer, _told(posting.release))
    return posting


def failed(posting: Posting, at: datetime, reason: str, officer: Officer | None = None) -> Posting:
    """It could not go out."""
    posting.state, posting.at = PostingState.FAILED, at
    _save(posting, officer, reason)
    _tell("posting.fail", posting, officer)
    return posting


def down(posting: Posting, at: datetime, said: str = "", officer: Officer | None = None) -> Posting:
    """It came down, or was not there when somebody looked. Readers learn of it when it had hung."""
    had_hung = posting.state in OUT
    posting.state, posting.at = PostingState.TAKEN_DOWN, at
    _save(posting, officer, said)
    _tell("posting.down", posting, officer, _told(posting.release) if had_hung else None)
    return posting


def _save(posting: Posting, officer: Officer | None, said: str) -> None:
    posting.said, posting.post = said[:500], officer.post_names if officer else ""
    posting.noted_at = clock.now()
    told = ["state", "at", "since", "comes_down", "said", "post", "noted_at"]
    posting.save(update_fields=told)


def _tell(
    verb: str, posting: Posting, officer: Officer | None, opens: ledger.Opening | None = None
) -> None:
    """Write the act, and what readers are told with it."""
    disclosure = posting.release.disclosure
    facts = {"channel": posting.channel, "edition": posting.release.edition.number}
    facts |= {"post": posting.post} if posting.post else {}
    ledger.record(
        verb=verb,
        actor=officer.actor if officer else ledger.SYSTEM,
        organisation=disclosure.organisation.slug,
        subject=disclosure.address,
        label=disclosure.title,
        facts={**facts, "text": posting.said} if posting.said else facts,
        opens=opens,
    )


def _told(release: Release) -> ledger.Opening | None:
    """What those who can read the item are told: where it hangs, since when, and until when it did.

    Nothing of what was taken back: its tombstone says enough.
    """
    if release.state not in (ReleaseState.OPEN, ReleaseState.REPLACED):
        return None
    sealed = queries.content(release.edition)
    charter = queries.sealed_charter(release.disclosure.organisation, sealed["charter"])
    hung = Posting.objects.filter(release=release, since__isnull=False).exclude(channel=WEBSITE)
    times = {each.channel: _times(each) for each in hung}
    body = {
        "format": "gongkai-posting/1",
        "edition": release.edition.number,
        "channels": [
            {
                "channel": channel.key,
                "name": channel.name,
                "name_en": channel.name_en,
                **times[channel.key],
            }
            for channel in charter.channels
            if channel.key in times
        ],
    }
    return ledger.Opening(KIND, release.disclosure.address, release.audience, body)


def _times(posting: Posting) -> dict[str, str]:
    """Since when it has been out, and until when it was."""
    assert posting.since is not None
    over = posting.at if posting.state == PostingState.TAKEN_DOWN else None
    return {
        "since": clock.stamp(posting.since),
        "until": clock.stamp(over) if over else "",
    }


def _coming_down(postings: QuerySet[Posting]) -> QuerySet[Posting]:
    """Those of things that stay on show: what was read out or printed does not come down."""
    said = Q(channel__endswith=MEETING) | Q(channel__in=PASSING)
    return postings.exclude(said).exclude(channel=WEBSITE)


def _known(posting: Posting, key: str) -> bool:
    return Evidence.objects.filter(posting=posting, key=key).exists()


def _enough(posting: Posting, proof: Proof) -> bool:
    """Whether a machine's evidence would neither be kept nor change anything."""
    changes = posting.state not in (PostingState.CONFIRMED, PostingState.TAKEN_DOWN)
    return proof.kind in TICKED and posting.ticks >= TICKS_KEPT and not changes


def _first_opened(release: Release) -> datetime | None:
    """When the item of a correction first opened to the public: a sheet that is exchanged hangs no
    longer for it.
    """
    if release.edition.number == 1 or not is_public(release.audience):
        return None
    opened = Release.objects.filter(disclosure=release.disclosure, opened_at__isnull=False)
    rows = opened.exclude(pk=release.pk).order_by("opened_at").values_list("audience", "opened_at")
    return next((at for audience, at in rows if is_public(audience)), None)
