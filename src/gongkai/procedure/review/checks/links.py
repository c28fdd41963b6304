"""Addresses of our own items (``/i/…``) that lead nowhere, or to what was withdrawn."""

import re
from collections.abc import Iterator

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit, Place
from gongkai.procedure.review.checks.reading import Document

_PATH = re.compile(r"/i/([0-9A-Za-z]{10})(?![0-9A-Za-z])")
_HOST = re.compile(r"(?:https?://)?([A-Za-z0-9.:\-]{1,80})$")


def addresses(document: Document, hosts: tuple[str, ...]) -> list[tuple[str, Place]]:
    """Every address of ours that the text links to or names, with its place."""
    found: list[tuple[str, Place]] = []
    for href, place in document.links:
        found += [(code, place) for code, _start, _end in _ours(href, hosts)]
    for passage in document.own:
        if "/i/" in passage.text:
            for code, start, end in _ours(passage.text, hosts):
                found.append((code, passage.at(start, end)))
    return found


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each of them that is missing or withdrawn."""
    for code, place in addresses(document, tuple(about.hosts)):
        if variant := about.standing.get(code, ""):
            yield Hit("links", place, f"/i/{code}", code, variant)


def _ours(text: str, hosts: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """The addresses in ``text`` that stand under one of our hosts, or under none."""
    for found in _PATH.finditer(text):
        before = text[max(0, found.start() - 100) : found.start()]
        host = _HOST.search(before)
        if host is None or host[1] in hosts:
            start = host.start() - len(before) if host else 0
            yield found[1].upper(), found.start() + start, found.end()
