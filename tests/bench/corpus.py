"""A township that has published for years: the same public records for the same seed.

The texts are sentences of the demonstration, their figures changed. Their lengths spread around
those of the demonstration: half of the bodies have fewer than 510 characters, one in fifty more
than 3,500. The records are written as rows, since what is measured begins behind them; nothing is
kept.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from random import Random

from django.core.management import call_command
from django.db import transaction
from tests import cast

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import AudienceKey, PublicRecord
from gongkai.foundation.ledger.workflow import PUBLIC, SALT_LENGTH, commitment
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of

SEED = 20261123
FIRST = datetime(2023, 1, 3, 1, 0, tzinfo=UTC)
APART = timedelta(hours=5)
MEDIAN_LENGTH, SPREAD, LONGEST = 450, 1.0, 8000
ANSWERED = 4
"""One item in so many has an answer."""


def fill(count: int) -> Organisation:
    """Found a township and expose ``count`` items with their answers. No page is rendered."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    organisation = cast.township()
    records = list(_records(organisation, count, Random(SEED)))
    with transaction.atomic():
        rows = PublicRecord.objects.bulk_create(records, batch_size=400)
        AudienceKey.objects.bulk_create(
            (AudienceKey(record=row, key=PUBLIC) for row in rows), batch_size=400
        )
    expose()
    return organisation


def expose() -> None:
    """What the keeper does to the log, until nothing waits."""
    lease = Lease()
    assert lease.acquire()
    while log.order(lease):
        pass
    log.write_tiles()
    log.sign(lease)
    log.expose(lease)
    lease.release()


def title(chance: Random) -> str:
    """关于……的决定: ten to forty characters."""
    about = _sentence(chance).rstrip("。").split("，")[0]
    return f"关于{about[:30]}的{chance.choice(('决定', '通知', '公示', '情况通报'))}"


def body(chance: Random) -> str:
    """Paragraphs of two to five sentences."""
    wanted = min(LONGEST, chance.lognormvariate(0, SPREAD) * MEDIAN_LENGTH)
    paragraphs, length = [], 0
    while length < wanted:
        paragraph = "".join(_sentence(chance) for _ in range(chance.randint(2, 5)))
        paragraphs.append(f"<p>{paragraph}</p>")
        length += len(paragraph)
    return "".join(paragraphs)


def _records(organisation: Organisation, count: int, chance: Random) -> Iterator[PublicRecord]:
    version, charter = charter_of(organisation)
    for number in range(1, count + 1):
        at = FIRST + number * APART
        address = "".join(chance.choices(ALPHABET, k=10))
        release = _release(organisation, charter, version.digest, address, number, at, chance)
        yield release
        if number % ANSWERED == 0:
            yield _answer(organisation, address, number, at, chance)


def _release(
    organisation: Organisation,
    charter: Charter,
    digest: str,
    address: str,
    number: int,
    at: datetime,
    chance: Random,
) -> PublicRecord:
    entry = chance.choice(charter.entries)
    edition = canonical.encode(
        {
            "format": "gongkai-edition/1",
            "organisation": organisation.slug,
            "organisation_name": organisation.name,
            "address": address,
            "number": 1,
            "entry": {"code": entry.code, "title": entry.title},
            "category": entry.category,
            "box": entry.box,
            "kind": "document",
            "document_number": f"青委发〔{at.year}〕{number}号",
            "form": "daily",
            "title": title(chance),
            "body": body(chance),
            "attachments": [],
            "plan": [{"scope": scope, "keys": [], "opens": ""} for scope in ("A3", "A1")],
            "channels": [],
            "proposer": {"name": "组织干事", "post": "组织干事"},
            "statement": {"text": "以上内容真实。", "at": clock.stamp(at)},
            "seal": {
                "number": f"青委公审〔{at.year}〕第{number}号",
                "post": "党委书记",
                "at": clock.stamp(at),
            },
            "charter": digest,
            "corrects": "",
            "note": "",
        }
    )
    scopes = [charter.scope(code) for code in ("A3", "A1")]
    shown = {
        "format": "gongkai-release/1",
        "edition": edition.decode(),
        "scope": "A1",
        "order": 1,
        "stages": [
            {
                "scope": scope.code,
                "name": scope.name,
                "name_en": scope.name_en,
                "opened_at": clock.stamp(at),
            }
            for scope in scopes
        ],
        "number": f"青溪-{entry.category}-{at.year}-{number}",
        "opened_at": clock.stamp(at),
        "note": "",
    }
    return _record("release", organisation, address, shown, canonical.digest(edition), at, chance)


def _answer(
    organisation: Organisation, address: str, number: int, at: datetime, chance: Random
) -> PublicRecord:
    shown = {
        "format": "gongkai-answer/1",
        "case": f"{at.year}-{number}",
        "kind": "opinion",
        "received_at": clock.stamp(at),
        "promised_on": at.date().isoformat(),
        "text": _sentence(chance),
        "answer": "".join(_sentence(chance) for _ in range(3)),
        "outcome": "explained",
        "post": "党政办主任",
        "answered_at": clock.stamp(at),
        "round": 1,
        "item": address,
        "title": title(chance),
    }
    digest = canonical.digest(canonical.encode(shown))
    return _record("answer", organisation, address, shown, digest, at, chance)


def _record(
    kind: str,
    organisation: Organisation,
    subject: str,
    shown: dict[str, object],
    digest: str,
    at: datetime,
    chance: Random,
) -> PublicRecord:
    """The row that ``ledger.record`` would have made, with its final log entry."""
    salt, slug = chance.randbytes(SALT_LENGTH), organisation.slug
    committed = commitment(
        salt, subject=subject, version=1, organisation=slug, audience=[PUBLIC], digest=digest
    )
    return PublicRecord(
        kind=kind,
        subject=subject,
        version=1,
        organisation=slug,
        audience=[PUBLIC],
        body=canonical.encode(shown).decode(),
        digest=digest,
        at=at,
        salt=salt,
        entry=canonical.encode({"commitment": committed, "kind": kind, "time": clock.stamp(at)}),
    )


def _sentence(chance: Random) -> str:
    return re.sub("[0-9]", lambda _: str(chance.randint(1, 9)), chance.choice(SENTENCES))


def _sentences() -> list[str]:
    """The sentences of the demonstration, without those that wait for a date."""
    folder = files("gongkai.config.demonstration")
    texts = [each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".txt")]
    found = {one for text in texts for one in re.findall(r"[^。\n]{8,}。", text)}
    return sorted(one for one in found if "{" not in one)


SENTENCES = _sentences()
