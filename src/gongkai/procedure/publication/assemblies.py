"""Meetings as a channel 会议公开: what was read out, to how many, with the minutes as evidence."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication import hanging, postings
from gongkai.procedure.publication import posting_rules as rules
from gongkai.procedure.publication.models import Assembly, Evidence, Posting
from gongkai.procedure.publication.posting_rules import Held
from gongkai.procedure.publication.postings import Proof
from gongkai.procedure.publication.states import EvidenceKind

SHARES: dict[str, Any] = {
    "1/2": pgettext_lazy("share", "半数"),
    "3/5": pgettext_lazy("share", "五分之三"),
    "2/3": pgettext_lazy("share", "三分之二"),
    "3/4": pgettext_lazy("share", "四分之三"),
    "4/5": pgettext_lazy("share", "五分之四"),
    "1/1": pgettext_lazy("share", "全部"),
}
"""How the charter's quorums are said."""


def read_out(
    *,
    held: Held,
    chosen: Sequence[Posting],
    officer: Officer,
    minutes: IO[bytes] | None = None,
    name: str = "",
) -> Assembly:
    """``chosen`` were read out at a meeting 登记宣读. All or none.

    With ``minutes`` each is confirmed, without them it is out on the word of ``officer`` until
    :func:`add_minutes`. Where fewer came than the charter asks for, the meeting is written down and
    nothing is out by it: each waits for another. ``Refused`` with every obstacle.
    """
    now = clock.now()
    if obstacles := rules.assembly_obstacles(officer, held, chosen, now):
        raise Refused(obstacles)
    file = files.keep(minutes, name, officer) if minutes else None
    quorum = charter_of(officer.organisation)[1].channel(held.channel).quorum
    return _read_out(held, quorum, chosen, officer, file, now)


@transaction.atomic
def _read_out(
    held: Held,
    quorum: str,
    chosen: Sequence[Posting],
    officer: Officer,
    file: StoredFile | None,
    now: datetime,
) -> Assembly:
    rows = hanging.held(chosen, lambda each: rules.put_up_obstacles(each, officer, held.at, now))
    assembly = Assembly.objects.create(
        organisation=officer.organisation,
        channel=held.channel,
        at=held.at,
        place=held.place,
        called=held.called,
        came=held.came,
        quorum=quorum,
        minutes=file,
        post=officer.post_names,
        noted_at=now,
    )
    for posting in rows:
        kind = EvidenceKind.MINUTES if file else EvidenceKind.NOTE
        said = said_of(assembly)
        proof = Proof(kind, assembly.key, held.at, held.place, said)
        postings.keep(posting, proof, officer.post_names, file)
        if assembly.quorate:
            postings.out(posting, file is not None, held.at, officer)
        else:
            postings.failed(posting, held.at, said, officer)
    return assembly


def add_minutes(*, assembly: Assembly, officer: Officer, minutes: IO[bytes], name: str) -> Assembly:
    """The minutes of a meeting that was noted without them 补会议记录: what was read is confirmed,
    unless too few had come.

    ``Refused`` when it has minutes already, or they are not theirs to add.
    """
    if obstacles := rules.minutes_obstacles(assembly, officer):
        raise Refused(obstacles)
    return _add_minutes(assembly, officer, files.keep(minutes, name, officer))


@transaction.atomic
def _add_minutes(assembly: Assembly, officer: Officer, file: StoredFile) -> Assembly:
    assembly = Assembly.objects.select_for_update().get(pk=assembly.pk)
    if obstacles := rules.minutes_obstacles(assembly, officer):
        raise Refused(obstacles)
    assembly.minutes = file
    assembly.save(update_fields=["minutes"])
    noted = Evidence.objects.filter(key=assembly.key, posting__channel=assembly.channel)
    for evidence in noted.filter(posting__organisation=assembly.organisation).order_by("posting"):
        evidence.kind, evidence.file = EvidenceKind.MINUTES, file
        evidence.noted_at = clock.now()
        evidence.save(update_fields=["kind", "file", "noted_at"])
        posting = postings.lock(evidence.posting)
        postings.note(posting)
        if assembly.quorate:
            postings.out(posting, True, posting.at or assembly.at, officer)
    return assembly


def said_of(assembly: Assembly) -> str:
    """How many came, in a sentence for the office, and whether that was enough."""
    told = {"called": assembly.called, "came": assembly.came}
    words = ngettext(
        "应到%(called)s人，实到%(came)s人。", "应到%(called)s人，实到%(came)s人。", assembly.called
    )
    words %= told
    if assembly.quorate:
        return words
    wanted = {"share": SHARES[assembly.quorum]}
    return words + _("不到实施办法要求的%(share)s，会上宣读的不算公开。") % wanted
