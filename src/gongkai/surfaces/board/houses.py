"""The organisations of the installation, as their published charters describe them.

Everything comes from public records of kind ``charter``; a charter's text is parsed once.
"""

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from gongkai.foundation.core.clock import DEFAULT_ZONE, civil_day
from gongkai.foundation.organisations.audience import PARTY
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue import charter as charters
from gongkai.procedure.catalogue import staffing
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.showing import Column
from gongkai.surfaces.board import items, queries, shelves, stamps, words

BRIEF = "brief"
"""The charter's key of the channel that briefs are."""


@dataclass(frozen=True)
class Issue:
    """A charter as it was published (实施办法的一次公布)."""

    record: int
    organisation: str
    seq: int
    number: int
    digest: str
    salt: str
    audience: tuple[str, ...]
    at: datetime

    @property
    def charter(self) -> Charter:
        """The charter as data."""
        return _parsed(self.digest, self.record)

    @property
    def source(self) -> str:
        """The charter's text as it was applied."""
        return _text(self.record)


@dataclass(frozen=True)
class House:
    """An organisation (单位) with a board of its own: ``root`` is empty for the first of all.

    ``issues`` are its published charters, oldest first; the last is in force.
    """

    slug: str
    issues: tuple[Issue, ...] = ()
    root: str = ""

    @property
    def charter(self) -> Charter | None:
        """The charter in force; none before the first is published."""
        return self.issues[-1].charter if self.issues else None

    @property
    def name(self) -> str:
        """What the organisation is called."""
        return self.charter.organisation.name if self.charter else self.slug

    @property
    def name_en(self) -> str:
        """The same in English, or nothing."""
        return self.charter.organisation.name_en if self.charter else ""

    @property
    def zone(self) -> str:
        """Where its days begin and end."""
        return self.charter.organisation.zone if self.charter else DEFAULT_ZONE

    @property
    def matter(self) -> str:
        """What is disclosed here, in the page's language: 党务公开, 村务公开."""
        if self.charter is None:
            return ""
        own = self.charter.organisation
        return own.matter_en if marks.english() and own.matter_en else own.matter

    @property
    def receives(self) -> bool:
        """Whether its leaders keep days on which they receive visitors."""
        return bool(self.charter and self.charter.reception)

    @property
    def issues_briefs(self) -> bool:
        """Whether its briefs may be for everybody."""
        channels = self.charter.channels if self.charter else ()
        return any(each.key == BRIEF and each.public for each in channels)

    def charter_at(self, seq: int) -> Charter | None:
        """The charter that was public when the log entry ``seq`` was written."""
        before = [issue for issue in self.issues if issue.seq < seq]
        return before[-1].charter if before else None

    def zone_at(self, seq: int) -> str:
        """Where its days began and ended then."""
        charter = self.charter_at(seq)
        return charter.organisation.zone if charter else DEFAULT_ZONE

    @property
    def since(self) -> date | None:
        """The civil day since which the public knows what it has to disclose."""
        return civil_day(self.issues[0].at, self.zone) if self.issues else None

    @cached_property
    def of_the_party(self) -> bool:
        """Whether its scopes know Party members: then 内 and 外 are 党内 and 党外."""
        scopes = self.charter.scopes if self.charter else ()
        return any(PARTY in scope.keys for scope in scopes)

    @cached_property
    def categories(self) -> Mapping[str, charters.Category]:
        """Every category there ever was, by code, as last described."""
        return {each.code: each for issue in self.issues for each in issue.charter.categories}

    @cached_property
    def boxes(self) -> Mapping[str, tuple[charters.Box, charters.Category]]:
        """Every box there ever was with its category, by key, as last described."""
        return {
            box.key: (box, category)
            for issue in self.issues
            for category in issue.charter.categories
            for box in category.boxes
        }

    @cached_property
    def entries(self) -> Mapping[str, charters.EntryRule]:
        """Every line of the catalogue there ever was, by code, as last described."""
        return {each.code: each for issue in self.issues for each in issue.charter.entries}

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Every standing column there ever was, by key, as last described."""
        return {each.key: each for issue in self.issues for each in issue.charter.columns}

    @cached_property
    def forms(self) -> Mapping[str, charters.Form]:
        """Every form of disclosure there ever was, by key, as last described."""
        return {each.key: each for issue in self.issues for each in issue.charter.forms}

    @cached_property
    def _posts(self) -> Mapping[str, staffing.PostRule]:
        """Every post there ever was, by its Chinese name, which is what records hold."""
        return {post.name: post for issue in self.issues for post in issue.charter.posts}

    def shows(self, rule: charters.EntryRule) -> bool:
        """Whether what lies under ``rule`` may come before the public."""
        known = {scope.code: scope for issue in self.issues for scope in issue.charter.scopes}
        return not all(known[code].inner for code in rule.scopes)

    def posts_named(self, posts: str) -> Markup:
        """Post names as records hold them (joined by 、) in the page's language, where known."""
        if not marks.english():
            return words.chinese(posts)
        known = [self._capacity(name) for name in posts.split("、")]
        if None in known:
            return words.chinese(posts)
        return Markup(", ").join(each for each in known if each)

    def _capacity(self, name: str) -> Markup | None:
        """One of them in English: a post, or a post by its holder's deputy; none for others."""
        absent, _bracket, deputy = name.removesuffix("代）").partition("（")
        if not name.endswith("代）"):
            absent, deputy = name, ""
        found = [self._posts.get(each) for each in ((absent, deputy) if deputy else (absent,))]
        named = [words.label(post) for post in found if post]
        if len(named) < len(found):
            return None
        return Markup("{} ({} acting)").format(*named) if deputy else named[0]

    def shelf(self, family: str, code: str = "") -> str:
        """The name of one of its lists."""
        return shelves.name(family, self.slug, code)


class Town:
    """The organisations on one board, with the one that stands at ``/``."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        published: dict[str, list[Issue]] = {}
        for issue in sorted(issues, key=lambda issue: issue.seq):
            published.setdefault(issue.organisation, []).append(issue)
        self.first = _first(published)
        self.houses = {
            slug: House(slug, tuple(own), "" if slug == self.first else f"/o/{slug}")
            for slug, own in published.items()
        }

    @cached_property
    def fingerprint(self) -> str:
        """A digest over all charters: what stands on every page changes with it."""
        issues = (issue for house in self.houses.values() for issue in house.issues)
        told = [f"{each.organisation} {each.seq} {each.digest}" for each in issues]
        return sha256("\n".join(sorted(told)).encode()).hexdigest()[:16]

    def house(self, slug: str) -> House:
        """The organisation ``slug``; one without a charter has its name only."""
        return self.houses.get(slug) or House(slug, (), f"/o/{slug}" if self.first else "")

    def parent(self, house: House) -> str:
        """The slug of the superior that has a board here, or nothing."""
        parent = house.charter.organisation.parent if house.charter else ""
        return parent if parent in self.houses and parent != house.slug else ""

    def below(self, house: House) -> list[House]:
        """The organisations whose superior ``house`` is, by slug."""
        return [self.houses[slug] for slug in self._below.get(house.slug, ())]

    @cached_property
    def _below(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for slug in sorted(self.houses):
            found.setdefault(self.parent(self.houses[slug]), []).append(slug)
        return found

    @property
    def top(self) -> House:
        """The organisation at ``/``."""
        return self.house(self.first)


def town() -> Town:
    """The organisations as their open charters describe them now."""
    charters_open = queries.open_records().filter(kind=items.CHARTER).defer("body", "entry")
    # In the order of their index: SQLite with statistics would walk the whole log for them.
    records = charters_open.order_by("kind", "organisation", "seq")
    return _town(
        tuple(
            Issue(
                record=record.pk,
                organisation=record.organisation,
                seq=stamps.seq(record),
                number=record.version,
                digest=record.digest,
                salt=bytes(record.salt).hex(),
                audience=tuple(record.audience),
                at=record.at,
            )
            for record in records
        )
    )


@lru_cache(maxsize=4)
def _town(issues: tuple[Issue, ...]) -> Town:
    """The same organisations are the same object, with what has been worked out about them."""
    return Town(issues)


def _first(published: Mapping[str, list[Issue]]) -> str:
    """The organisation published earliest among those whose superior has no board here."""
    for slug, own in published.items():
        if own[-1].charter.organisation.parent not in published:
            return slug
    return next(iter(published), "")


@cache
def _parsed(digest: str, record: int) -> Charter:
    """The charter of a record; ``digest`` names its content, which never changes.

    Every page of every organisation asks for it, so all are kept, with what they have in common.
    """
    charter = charters.parse(_text(record))
    parts = {each.name: getattr(charter, each.name) for each in fields(charter)}
    shared: dict[str, Any] = {
        name: tuple(_SHARED.setdefault(part, part) for part in told)
        for name, told in parts.items()
        if isinstance(told, tuple)
    }
    return replace(charter, **shared)


_SHARED: dict[Hashable, Any] = {}
"""Lines that charters consist of. Villages under one pattern differ in a few."""


def _text(record: int) -> str:
    body = queries.open_records().values_list("body", flat=True).get(pk=record)
    source: str = json.loads(body)["source"]
    return source
