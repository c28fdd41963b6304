"""Reads about certificates and sealed papers."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals import certificates
from gongkai.foundation.seals.examining import Known
from gongkai.foundation.seals.models import Authority, Certificate, Sealing

KIND = "certificate"
"""The public records that say which certificates seal."""


def subject(slug: str) -> str:
    """What the records about an organisation's certificates are about."""
    return f"certificate:{slug}"


def standing(organisation: Organisation) -> Certificate | None:
    """The certificate that seals the papers of ``organisation`` now; none before the first, and
    after one was revoked.
    """
    return Certificate.objects.filter(organisation=organisation, until=None).first()


def every() -> "QuerySet[Certificate]":
    """Every certificate there ever was, the oldest first."""
    return Certificate.objects.select_related("organisation").order_by("pk")


def by_mark(organisation: Organisation, mark: str) -> list[Certificate]:
    """The organisation's certificates whose fingerprint begins with ``mark``, blanks left out."""
    begins = "".join(mark.split()).lower()
    own = Certificate.objects.filter(organisation=organisation, fingerprint__startswith=begins)
    return list(own.order_by("pk"))


def authority() -> Authority | None:
    """The installation's authority; the last one where there were several."""
    return Authority.objects.order_by("-pk").first()


def known() -> Known:
    """What every certificate of this installation is known by: 2 queries."""
    rows = Certificate.objects.values_list("fingerprint", "chain")
    sealing = {mark for mark, _chain in rows}
    above = {certificates.fingerprint(each) for _mark, chain in rows for each in chain}
    return Known(frozenset(sealing), frozenset(above))


def running_out(by: datetime) -> list[Certificate]:
    """The certificates in use that end before ``by``."""
    return list(every().filter(until=None, not_after__lt=by))


def sealing_of(of: str) -> Sealing | None:
    """What became of the paper called ``of``."""
    return Sealing.objects.filter(of=of).select_related("certificate").first()


def filed(digest: str) -> Sealing | None:
    """The sealed paper of these very bytes; none that we know of."""
    found = Sealing.objects.filter(digest=digest, certificate__isnull=False)
    return found.select_related("certificate").first()


def sealings(papers: Collection[str]) -> dict[str, Sealing]:
    """What became of each of these papers: 1 query."""
    found = Sealing.objects.filter(of__in=papers).select_related("certificate")
    return {each.of: each for each in found}
