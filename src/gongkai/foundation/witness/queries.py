"""Reads about witnesses: whose turn it is, what is wrong, what the files are to say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.translog.cosignature import Cosigner, Witness
from gongkai.foundation.witness.models import Asked, TrustedWitness, WatchedLog
from gongkai.foundation.witness.states import GRAVE, Trouble

KEY = "witness.key"
PATIENCE = timedelta(hours=24)
"""How long a neighbour may be silent before somebody should ask why."""


@dataclass(frozen=True)
class Complaint:
    """What somebody has to look into (要查的事): about whom, in one sentence, and how badly."""

    name: str
    say: str
    grave: bool


def cosigner() -> Cosigner:
    """The key by which this installation cosigns."""
    return Cosigner.parse(settings.HOME.secret(KEY))


def witness() -> Witness:
    """The public half of that key; needs no passphrase."""
    return Witness.parse(settings.HOME.public_key(KEY))


def watched() -> QuerySet[WatchedLog]:
    """The logs that this installation witnesses."""
    return WatchedLog.objects.filter(removed_at=None).order_by("origin")


def trusted() -> QuerySet[TrustedWitness]:
    """The witnesses that this log trusts."""
    return TrustedWitness.objects.filter(removed_at=None).order_by("name")


def due(now: datetime) -> "Q":
    """Those whose turn has come. A clock that went back makes nobody wait for it."""
    rhythm = timedelta(minutes=settings.WITNESS_MINUTES)
    return Q(queued_at=None) | Q(queued_at__lte=now - rhythm) | Q(queued_at__gt=now)


def complaints(now: datetime, patience: timedelta = PATIENCE) -> list[Complaint]:
    """What is wrong with neighbours, the grave first; 2 queries.

    What is not grave is told once it has lasted for ``patience``.
    """
    rows: list[Asked] = [*trusted(), *watched()]
    found = [each for row in rows for each in _complaints(row, now - patience)]
    return sorted(found, key=lambda each: not each.grave)


def _complaints(row: Asked, since: datetime) -> Iterator[Complaint]:
    name, ours = str(row), isinstance(row, TrustedWitness)
    if row.evidence:
        if ours:
            wording = _(
                "联署人%(name)s出示的检查点与本站的日志对不上：%(why)s。不是它撒谎，就是本站的日志"
                "或者密钥出了事。请停下来查清，证据用gongkai witness list看。"
            )
        else:
            wording = _(
                "受见证的日志%(name)s对不上：%(why)s。请告诉对方和它的上级，证据用"
                "gongkai witness list看。"
            )
        trouble = Trouble(row.trouble) if row.trouble in GRAVE else Trouble.FORKED
        yield Complaint(name, wording % {"name": name, "why": trouble.label}, grave=True)
    if row.trouble and row.trouble not in GRAVE and row.troubled_at and row.troubled_at <= since:
        told = {"name": name, "why": Trouble(row.trouble).label, "at": row.troubled_at}
        if ours:
            wording = _("联署人%(name)s从%(at)s起没有联署：%(why)s。公开照常，请问问对方。")
        else:
            wording = _("受见证的日志%(name)s从%(at)s起没有联署成：%(why)s。请问问对方。")
        told["at"] = f"{row.troubled_at:%Y-%m-%d %H:%M} UTC"
        yield Complaint(name, wording % told, grave=False)
