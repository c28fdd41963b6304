"""From a paper to a sealed file 盖章存档, in the worker: never in a transaction, and only once.

    paper ──► seal ──► note what it became ──► put the file in its place

*A crash before the note leaves nothing. After it, the next try finds the note: where the file was
placed it is taken as it is, otherwise the paper is sealed anew, and the note says so.*
"""

import hashlib
import logging
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import storage
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals import keys, queries, signing, workflow
from gongkai.foundation.seals.certificates import Sealer
from gongkai.foundation.seals.models import Certificate, Sealing
from gongkai.foundation.seals.signing import Sealed, Token, Unsealable, Words
from gongkai.foundation.seals.states import Origin

logger = logging.getLogger(__name__)


class Later(Exception):
    """The paper cannot be sealed just now; it waits, and the message says for what."""


def file(
    paper: bytes, *, of: str, subject: str, label: str, organisation: Organisation
) -> StoredFile:
    """The stored file of ``paper``, sealed under the certificate of ``organisation``.

    ``of`` names the paper for ever, ``subject`` and ``label`` the thing it belongs to. Where there
    is no certificate in force it is filed unsealed, and that is noted. ``Later`` while the key
    cannot be reached; ``OSError`` on a full disk, after which nothing is half there.
    """
    before = queries.sealing_of(of)
    if before and storage.check(before.digest):
        with storage.open(before.digest) as kept:
            return files.keep(kept, f"{of}.pdf")
    certificate, trouble = _certificate(organisation)
    at = clock.now().replace(microsecond=0)
    made = _sealed(paper, certificate, at) if certificate else Sealed(paper, trouble=trouble)
    workflow.note(
        of=of,
        subject=subject,
        label=label,
        organisation=organisation,
        digest=hashlib.sha256(made.data).hexdigest(),
        certificate=certificate,
        at=at,
        stamped=made.stamped,
        trouble=made.trouble,
    )
    if made.trouble:
        logger.warning("paper %s: %s", of, made.trouble)
    return files.keep(BytesIO(made.data), f"{of}.pdf")


def _certificate(organisation: Organisation) -> tuple[Certificate | None, str]:
    """The certificate in force, or why there is none; the first one is made when it is needed."""
    found = queries.standing(organisation)
    if found is None and not Certificate.objects.filter(organisation=organisation).exists():
        found = workflow.make(organisation=organisation, by=SYSTEM, first=True)
    if found is None:
        return None, _("没有在用的签章证书")
    if clock.now() >= found.not_after:
        return None, _("签章证书已经到期")
    return found, ""


def _sealed(paper: bytes, certificate: Certificate, at: datetime) -> Sealed:
    organisation = certificate.organisation
    token = _token(certificate) if certificate.origin == Origin.TOKEN else None
    try:
        key = "" if token else keys.find(organisation.slug, certificate.certificate)
        with translation.override("zh-hans"):
            words = Words(_("数字签章"), _("公开审核"), organisation.name)
        return signing.sealed(
            paper,
            Sealer(certificate.certificate, tuple(certificate.chain), key),
            at=at.astimezone(ZoneInfo(organisation.zone)),
            words=words,
            token=token,
            stamper=settings.SEAL_TSA,
        )
    except Unsealable as error:
        if error.reason == "token":
            raise Later(str(error)) from error
        raise Broken(f"a paper of ours cannot be sealed: {error}") from error


def _token(certificate: Certificate) -> Token:
    pin = ""
    if settings.SEAL_TOKEN_PIN_FILE:
        try:
            pin = Path(settings.SEAL_TOKEN_PIN_FILE).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Later(f"SEAL_TOKEN_PIN_FILE: {error}") from error
    if not settings.SEAL_TOKEN_MODULE:
        raise Later("SEAL_TOKEN_MODULE is not set")
    label = certificate.label
    return Token(settings.SEAL_TOKEN_MODULE, settings.SEAL_TOKEN_LABEL, pin, label)


def digests(papers: list[str]) -> list[str]:
    """The digests that these papers ever had a file by, for an erasure."""
    return list(Sealing.objects.filter(of__in=papers).values_list("digest", flat=True))
