"""A township and its villages that have published for years: the same records for the same seed.

The texts are sentences of the demonstration, their figures changed. Their lengths spread around
those of the demonstration: half of the bodies have fewer than 510 characters, one in fifty more
than 3,500. Titles differ from item to item, bodies come from a shelf of two thousand. Nothing is
kept; :mod:`tests.bench.laying` puts the records into a database.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.entries import commitment
from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.foundation.ledger.workflow import SALT_LENGTH
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.board import answered, items, shelves

SEED = 20261123
LAST = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""When the newest item was published."""
APART, YEARS = timedelta(hours=5), timedelta(days=20 * 365)
"""An item every five hours; so many that they would not fit into twenty years come faster."""
MEDIAN_LENGTH, SPREAD, LONGEST = 450, 1.0, 8000
BODIES = 2000
ANSWERED = 4
"""One item in so many has an answer."""


@dataclass(frozen=True)
class Written:
    """A public record (公开记录) as the ledger would have written it, and the lists it opens."""

    kind: str
    subject: str
    organisation: str
    body: str
    digest: str
    at: datetime
    salt: bytes
    entry: bytes
    places: tuple[tuple[str, str], ...]
    """List and subject of each place that the board gives it."""


def written(
    organisations: Sequence[Organisation], count: int, seed: int = SEED
) -> Iterator[Written]:
    """``count`` items of these organisations with their answers, oldest first."""
    chance = Random(seed)
    houses = [_House(each, *charter_of(each)) for each in organisations]
    bodies = [body(chance) for _ in range(min(BODIES, count))]
    apart = min(APART, YEARS / max(1, count))
    for number in range(1, count + 1):
        house, at = chance.choice(houses), LAST - (count - number) * apart
        address = "".join(chance.choices(ALPHABET, k=10))
        yield _release(house, address, number, at, bodies, chance)
        if number % ANSWERED == 0:
            yield _answer(house.organisation, address, at, chance)


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


class _House:
    """An organisation with the canonical texts of its editions and releases, still to be filled.

    Making each text from a dictionary would take five times as long as filling it in.
    """

    def __init__(self, organisation: Organisation, version: Any, charter: Charter) -> None:
        self.organisation = organisation
        self.entries = charter.entries
        inner = next(scope for scope in charter.scopes if scope.inner and not scope.choose)
        public = next(scope for scope in charter.scopes if PUBLIC in scope.keys)
        self._plan = (inner, public)
        self._charter, self._code = version.digest, charter.organisation.number_code

    @cache  # noqa: B019  one for each organisation of one corpus
    def edition(self, entry: EntryRule) -> str:
        """The canonical text of an edition under ``entry``."""
        plan = [{"scope": scope.code, "keys": [], "opens": ""} for scope in self._plan]
        return _text(
            {
                "format": "gongkai-edition/1",
                "organisation": self.organisation.slug,
                "organisation_name": self.organisation.name,
                "address": "§address§",
                "number": 1,
                "entry": {"code": entry.code, "title": entry.title},
                "category": entry.category,
                "box": entry.box,
                "kind": "document",
                "document_number": "公发〔§year§〕§number§号",
                "form": "daily",
                "title": "§title§",
                "body": "§body§",
                "attachments": [],
                "plan": plan,
                "channels": [],
                "proposer": {"name": "组织干事", "post": "组织干事"},
                "statement": {"text": "以上内容真实。", "at": "§at§"},
                "seal": {
                    "number": "公审〔§year§〕第§number§号",
                    "post": "党委书记",
                    "at": "§at§",
                },
                "charter": self._charter,
                "corrects": "",
                "note": "",
            }
        )

    @cache  # noqa: B019  likewise
    def release(self, entry: EntryRule) -> str:
        """The canonical text of its release to the public."""
        return _text(
            {
                "format": "gongkai-release/1",
                "edition": "§edition§",
                "scope": self._plan[-1].code,
                "order": 1,
                "stages": [
                    {
                        "scope": scope.code,
                        "name": scope.name,
                        "name_en": scope.name_en,
                        "opened_at": "§at§",
                    }
                    for scope in self._plan
                ],
                "number": f"{self._code}-{entry.category}-§year§-§number§",
                "opened_at": "§at§",
                "note": "",
            }
        )


def _release(
    house: _House, address: str, number: int, at: datetime, bodies: Sequence[str], chance: Random
) -> Written:
    entry, slug = chance.choice(house.entries), house.organisation.slug
    facts = {"year": str(at.year), "number": str(number), "at": clock.stamp(at)}
    told = {"address": address, "title": title(chance), "body": chance.choice(bodies)}
    edition = _filled(house.edition(entry), facts | told)
    shown = _filled(house.release(entry), facts | {"edition": edition})
    digest = canonical.digest(edition.encode())
    families = ((shelves.ENTRY, entry.code), (shelves.CATEGORY, entry.category))
    lists = [shelves.ALL, shelves.name(shelves.OF, slug)]
    lists += [shelves.name(family, slug, code) for family, code in families]
    lists += [shelves.name(shelves.BOX, slug, entry.box)]
    places = tuple((name, address) for name in lists)
    return _record(items.RELEASE, slug, address, shown, digest, at, places, chance)


def _answer(organisation: Organisation, address: str, at: datetime, chance: Random) -> Written:
    slug = organisation.slug
    facts = {"at": clock.stamp(at), "address": address}
    told = {
        "day": at.date().isoformat(),
        "voice": _sentence(chance),
        "answer": "".join(_sentence(chance) for _ in range(3)),
        "title": title(chance),
    }
    shown = _filled(ANSWER, facts | told)
    places = ((shelves.name(shelves.WALL, slug), answered.place_of_answer(address, 1)),)
    digest = canonical.digest(shown.encode())
    return _record(items.ANSWER, slug, address, shown, digest, at, places, chance)


def _record(
    kind: str,
    organisation: str,
    subject: str,
    shown: str,
    digest: str,
    at: datetime,
    places: tuple[tuple[str, str], ...],
    chance: Random,
) -> Written:
    """What ``ledger.record`` would have made, with its final log entry."""
    salt = chance.randbytes(SALT_LENGTH)
    committed = commitment(
        salt,
        subject=subject,
        version=1,
        organisation=organisation,
        audience=[PUBLIC],
        digest=digest,
    )
    entry = {"commitment": committed, "kind": kind, "time": clock.stamp(at)}
    return Written(
        kind, subject, organisation, shown, digest, at, salt, canonical.encode(entry), places
    )


def _text(value: dict[str, Any]) -> str:
    """The canonical text of ``value``, in which every ``§name§`` waits to be filled."""
    return canonical.encode(value).decode()


def _filled(text: str, values: dict[str, str]) -> str:
    """The canonical text with these values: none of them is a key, so the order stays right."""
    for name, value in values.items():
        text = text.replace(f"§{name}§", json.dumps(value, ensure_ascii=False)[1:-1])
    return text


def _sentence(chance: Random) -> str:
    return re.sub("[0-9]", lambda _: str(chance.randint(1, 9)), chance.choice(SENTENCES))


def _sentences() -> list[str]:
    """The sentences of the demonstration, without those that wait for a date."""
    folder = files("gongkai.config.demonstration")
    texts = [each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".txt")]
    found = {one for text in texts for one in re.findall(r"[^。\n]{8,}。", text)}
    return sorted(one for one in found if "{" not in one)


SENTENCES = _sentences()
ANSWER = _text(
    {
        "format": "gongkai-answer/2",
        "kind": "opinion",
        "received_at": "§at§",
        "promised_on": "§day§",
        "text": "§voice§",
        "answer": "§answer§",
        "outcome": "explained",
        "post": "党政办主任",
        "answered_at": "§at§",
        "round": 1,
        "item": "§address§",
        "title": "§title§",
    }
)
