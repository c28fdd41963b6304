"""The steps that the verbs on every paper of the office share, in the verb's transaction 机关文稿.

A later step asks its rules, calls these, and says what was done; see :class:`OfficePaper`.
"""

from datetime import datetime
from typing import Any

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Conflict
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.archive.models import OfficePaper
from gongkai.procedure.archive.states import DRAFT, DROPPED, PROPOSED


def save(paper: OfficePaper, *fields: str) -> None:
    """Keep these fields of ``paper``, and that it was changed now."""
    paper.changed_at = clock.now()
    paper.save(update_fields=[*fields, "changed_at"])


def sign(paper: OfficePaper, officer: Officer) -> None:
    """Count ``officer`` among those who wrote it: they will not have the last word on it."""
    paper.authors = sorted({*paper.authors, officer.member.key})


def hand_over(paper: OfficePaper, officer: Officer) -> None:
    """Give it to whoever has the last word."""
    paper.state, paper.answer = PROPOSED, ""
    sign(paper, officer)
    save(paper, "state", "answer", "authors")


def send_back(paper: OfficePaper, text: str) -> None:
    """Return it to whoever wrote, with what is to be changed."""
    paper.state, paper.answer = DRAFT, text.strip()
    save(paper, "state", "answer")


def drop(paper: OfficePaper) -> None:
    """Give it up; another over the same days can be begun."""
    paper.state = DROPPED
    save(paper, "state")


def give_number(
    paper: OfficePaper, facts: dict[str, Any], *, seen: str, series: str, year: int
) -> None:
    """Give it the next number of ``series`` in ``year``; ``Conflict`` when ``facts`` are not those
    of which ``seen`` is the digest: the officer has read something else.
    """
    if canonical.digest(canonical.encode(facts)) != seen:
        raise Conflict("the paper says something else than was read")
    paper.year = year
    paper.number = ledger.next_number(f"{series}:{paper.organisation.slug}:{year}")


def fix(
    paper: OfficePaper, officer: Officer, facts: dict[str, Any], *, state: str, at: datetime
) -> dict[str, Any]:
    """Fix what it says for ever, with its number, its 档号 and who had the last word. Returns all
    that it says; the verb saves it.
    """
    assert paper.deposit is not None
    whole = facts | {
        "year": paper.year,
        "number": paper.number,
        "file_number": paper.deposit.file_number,
        f"{state}_by": officer.post_names,
        f"{state}_at": clock.stamp(at),
    }
    data = canonical.encode(whole)
    paper.state, paper.facts, paper.digest = state, data, canonical.digest(data)
    return whole


def tell(
    verb: str,
    paper: OfficePaper,
    officer: Officer | None,
    opens: ledger.Opening | None = None,
    **facts: str | int,
) -> None:
    """Write the act on it down; nobody's is the system's."""
    ledger.record(
        verb=verb,
        actor=officer.actor if officer else ledger.SYSTEM,
        organisation=paper.organisation.slug,
        subject=paper.subject,
        label=str(paper),
        facts={
            "first": paper.first.isoformat(),
            "last": paper.last.isoformat(),
            "number": paper.number or 0,
            **({"post": officer.post_names} if officer else {}),
            **facts,
        },
        opens=opens,
    )
