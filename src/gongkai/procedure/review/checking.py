"""The checks run on a draft: what they need is read here, so that they themselves stay pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from gongkai.foundation.core.identifiers import normalised
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.proposals import blanks
from gongkai.procedure.proposals.models import Disclosure, Draft, DraftFile
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.procedure.review import queries
from gongkai.procedure.review.checks import links
from gongkai.procedure.review.checks.about import About, Listed
from gongkai.procedure.review.checks.elements import divided
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.checks.reading import Attached, Document, document
from gongkai.procedure.review.checks.running import findings

FIELDS = {
    "title": gettext_noop("标题"),
    "document_number": gettext_noop("文号"),
    "note": gettext_noop("更正说明"),
}
"""The single fields of a draft that are checked, and what they are called."""


@dataclass(frozen=True)
class Read:
    """A draft as it was read for the checks (检查稿): its text, and what was found in it."""

    document: Document
    findings: list[Finding]


def read(draft: Draft, files: Iterable[DraftFile], charter: Charter) -> Read:
    """``draft`` with its attachments ``files`` checked under ``charter``: 2 or 3 queries."""
    lines = [(name, getattr(draft, field)) for field, name in FIELDS.items()]
    found = document(lines, draft.body, map(attached, files))
    about = _about(draft, found, charter)
    return Read(found, findings(found, about, charter.checks.blocking()))


def read_words(
    organisation: Organisation, lines: Iterable[tuple[str, str]], charter: Charter
) -> Read:
    """Words of the office that are no draft, as single fields with their Chinese names, checked
    under ``charter`` like any text: 1 to 3 queries.
    """
    found = document(lines, "")
    hosts = _hosts()
    about = About(
        today=organisations.today(organisation),
        words=[Listed(e.kind, e.word, e.instead) for e in queries.word_list(organisation)],
        standing=_standing(links.addresses(found, hosts)),
        hosts=hosts,
        own=tuple(filter(None, (charter.organisation.address,))),
    )
    return Read(found, findings(found, about, charter.checks.blocking()))


def attached(each: DraftFile) -> Attached:
    """An attachment as the checks see it."""
    file = each.file
    text = file.text if file.readable else None
    return Attached(each.title, file.digest, text, file.media_type)


def elements(rule: EntryRule | None, kind: str) -> list[list[str]]:
    """What a document of ``kind`` under ``rule`` has to say: the line's own content, then what the
    kind asks for; each with the words of which one will do.
    """
    own = [[each] for each in divided(rule.content)] if rule else []
    blank = blanks.of_kind(kind, rule.template if rule else "")
    return [*own, *(list(each) for each in (blank.elements if blank else ()))]


def _about(draft: Draft, found: Document, charter: Charter) -> About:
    disclosure = draft.disclosure
    organisation = disclosure.organisation
    today = organisations.today(organisation)
    rule = next((e for e in charter.entries if e.code == disclosure.entry.code), None)
    hosts = _hosts()
    return About(
        today=today,
        notice_workdays=_notice_workdays(draft, rule, charter),
        words=[Listed(e.kind, e.word, e.instead) for e in queries.word_list(organisation)],
        elements=elements(rule, draft.kind),
        standing=_standing(links.addresses(found, hosts)),
        hosts=hosts,
        own=tuple(filter(None, (charter.organisation.address,))),
    )


def _notice_workdays(draft: Draft, rule: EntryRule | None, charter: Charter) -> int:
    if draft.kind != DocumentKind.NOTICE:
        return 0
    return (rule.notice_workdays if rule else 0) or charter.deadlines.notice_workdays


def _hosts() -> tuple[str, ...]:
    urls = (settings.BOARD_URL, settings.OFFICE_URL)
    return tuple(dict.fromkeys(urlsplit(url).netloc for url in urls if url))


def _standing(named: Iterable[tuple[str, object]]) -> Mapping[str, str]:
    """Which of the addresses lead nowhere, or to what was withdrawn; no query without any."""
    codes = {code: normalised(code) for code, _place in named}
    if not codes:
        return {}
    known = set(
        Disclosure.objects.filter(address__in=codes.values()).values_list("address", flat=True)
    )
    withdrawn = set(
        PublicRecord.objects.filter(kind="withdrawal", subject__in=known).values_list(
            "subject", flat=True
        )
    )
    told = {True: "withdrawn", False: ""}
    return {
        code: told[address in withdrawn] if address in known else "missing"
        for code, address in codes.items()
    }
