"""The verbs of seals: put a certificate into use, let another follow, revoke one, note a paper.

Making keys and reading files is done before the transaction. Every change is a public record, so
that the certificates, each with its day, stand in the log for everybody.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.workflow import Actor, Opening
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import installation
from gongkai.foundation.seals import certificates, keys, queries, rules
from gongkai.foundation.seals.certificates import Sealer
from gongkai.foundation.seals.models import Authority, Certificate, Sealing
from gongkai.foundation.seals.states import Origin

FORMAT = "gongkai-certificate/1"
FIRST, FOLLOWED, REVOKED = "first", "followed", "revoked"
VERBS = {
    FIRST: "certificate.first",
    FOLLOWED: "certificate.followed",
    REVOKED: "certificate.revoked",
}


def make(*, organisation: Organisation, by: Actor, first: bool, reason: str = "") -> Certificate:
    """Put a certificate made here into use 制发证书; ``first`` where none stands, else it follows.

    ``Refused`` where that is not how things stand.
    """
    if wrong := rules.change_obstacles(queries.standing(organisation), first=first):
        raise Refused(wrong)
    now, above = clock.now(), _authority()
    key = certificates.new_key()
    made = certificates.leaf(organisation.name, key, above, now)
    sealer = Sealer(made, (above.certificate,), key)
    return _use(organisation, sealer, Origin.MADE, by=by, first=first, reason=reason)


def bring(
    *, organisation: Organisation, sealer: Sealer, label: str, by: Actor, reason: str = ""
) -> Certificate:
    """Put a certificate into use that was made elsewhere 导入证书; it follows the one before.

    ``label`` names its key in the token where that stays there. ``Refused`` when it is out of
    force, or was in use before.
    """
    facts = sealer.facts
    now = clock.now()
    if wrong := rules.in_force_obstacles(
        facts.not_valid_before_utc, facts.not_valid_after_utc, now
    ):
        raise Refused(wrong)
    mark = certificates.fingerprint(sealer.certificate)
    if Certificate.objects.filter(fingerprint=mark).exists():
        raise Refused([_("这张证书已经登记过，不能再导入一次。")])
    origin = Origin.TOKEN if label else Origin.IMPORTED
    first = queries.standing(organisation) is None
    return _use(organisation, sealer, origin, by=by, first=first, reason=reason, label=label)


def _use(
    organisation: Organisation,
    sealer: Sealer,
    origin: Origin,
    *,
    by: Actor,
    first: bool,
    reason: str,
    label: str = "",
) -> Certificate:
    """Key, then row, then the key's place. *A crash before the row leaves an unused key, which the
    next one replaces; after it, both keys stand, and the row says which is meant.*
    """
    before = queries.standing(organisation)
    if before is not None and before.origin != Origin.TOKEN:
        keys.settle(organisation.slug, before.certificate)
    if sealer.key:
        keys.prepare(organisation.slug, sealer.key)
    facts = sealer.facts
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if wrong := rules.change_obstacles(queries.standing(organisation), first=first):
            raise Refused(wrong)
        now = clock.now()
        Certificate.objects.filter(organisation=organisation, until=None).update(until=now)
        made = Certificate.objects.create(
            organisation=organisation,
            origin=origin,
            fingerprint=certificates.fingerprint(sealer.certificate),
            certificate=sealer.certificate,
            chain=list(sealer.chain),
            label=label,
            not_before=facts.not_valid_before_utc,
            not_after=facts.not_valid_after_utc,
            since=now,
        )
        _announce(made, FIRST if first else FOLLOWED, by, reason)
        if sealer.key:
            transaction.on_commit(partial(keys.settle, organisation.slug, sealer.certificate))
        else:
            transaction.on_commit(partial(keys.destroy, organisation.slug))
    return made


@transaction.atomic
def revoke(*, certificate: Certificate, since: datetime, reason: str, by: Actor) -> Certificate:
    """Declare that what ``certificate`` sealed from ``since`` on is not to be believed 作废证书.

    It seals no more, and its key is destroyed. ``Refused`` without a reason, or for a time to come.
    """
    found = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if wrong := rules.revoke_obstacles(found, since, reason):
        raise Refused(wrong)
    if found.until is None:
        found.until = clock.now()
        transaction.on_commit(partial(keys.destroy, found.organisation.slug))
    found.revoked_from, found.reason = since, reason.strip()
    found.save(update_fields=["until", "revoked_from", "reason"])
    _announce(found, REVOKED, by, found.reason)
    return found


@transaction.atomic
def note(
    *,
    of: str,
    subject: str,
    label: str,
    organisation: Organisation,
    digest: str,
    certificate: Certificate | None,
    at: datetime,
    stamped: bool,
    trouble: str,
) -> Sealing:
    """Note that the paper ``of`` was sealed, before its file is put in its place 盖签章.

    The office log keeps the digest, so that nobody can add a sealed paper later. Without a
    certificate nothing was sealed, and nothing is logged.
    """
    made, _new = Sealing.objects.update_or_create(
        of=of,
        defaults={
            "digest": digest,
            "certificate": certificate,
            "at": at,
            "stamped": stamped,
            "trouble": trouble,
        },
    )
    if certificate is not None:
        ledger.record(
            verb="seal.paper",
            actor=ledger.SYSTEM,
            organisation=organisation.slug,
            subject=subject,
            label=label,
            facts={
                "certificate": certificate.fingerprint,
                "digest": digest,
                "paper": of,
                "stamped": stamped,
            },
        )
    return made


def _authority() -> Sealer:
    """The installation's authority with its key; a new one where key or certificate is missing."""
    key, row = keys.authority(), queries.authority()
    if key and row and certificates.belongs(key, row.certificate):
        return Sealer(row.certificate, (), key)
    top = installation()
    name = top.name if top else "Gongkai"
    key = certificates.new_key()
    now = clock.now()
    made = certificates.authority(name, key, now)
    keys.keep_authority(key)
    Authority.objects.create(
        fingerprint=certificates.fingerprint(made), certificate=made, made_at=now
    )
    return Sealer(made, (), key)


def _announce(certificate: Certificate, change: str, by: Actor, reason: str) -> None:
    """Write the change into both logs; a public record tells everybody."""
    slug = certificate.organisation.slug
    about = queries.subject(slug)
    told: dict[str, Any] = {
        "fingerprint": certificate.fingerprint,
        "from": _stamp(certificate.revoked_from if change == REVOKED else certificate.since),
        "origin": certificate.origin,
    }
    ledger.record(
        verb=VERBS[change],
        actor=by,
        organisation=slug,
        subject=about,
        label=_("签章证书"),
        facts={**told, "text": reason},
        opens=Opening(
            queries.KIND,
            about,
            {"public"},
            {
                **told,
                "certificate": certificate.certificate,
                "chain": list(certificate.chain),
                "change": change,
                "format": FORMAT,
                "name": certificate.organisation.name,
                "not_after": _stamp(certificate.not_after),
                "not_before": _stamp(certificate.not_before),
                "post": by.label,
                "reason": reason,
            },
        ),
    )


def _stamp(at: datetime | None) -> str:
    return clock.stamp(at) if at else ""
