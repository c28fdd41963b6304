"""What the office log says of an act, and how a row is compared with it.

An entry can be made anew from its row at any time, also after an erasure. So the log's files may be
laid out again, and a row that says something else than the log is known by the field that differs.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from gongkai.foundation.core import canonical
from gongkai.foundation.ledger.models import Act

WORDS = frozenset(("text", "title"))
"""Facts of an act that hold what a person wrote; an erasure takes them."""
ERASING = "erasure.confirm"
"""The verb after which the acts of its subject may be without their words."""
ENTRY_COLUMNS = (
    "id",
    "at",
    "verb",
    "organisation",
    "actor",
    "actor_label",
    "subject",
    "facts",
    "outcome",
    "request",
    "words",
)


def entry(act: Act) -> bytes:
    """The canonical bytes that stand in the office log for ``act``."""
    return canonical.encode(
        {
            "actor": act.actor,
            "facts": canonical.digest(canonical.encode(lasting(act.facts))),
            "id": act.pk,
            "organisation": act.organisation,
            "outcome": act.outcome,
            "post": act.actor_label,
            "request": act.request,
            "subject": act.subject,
            "time": act.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "verb": act.verb,
            "words": act.words,
        }
    )


def lasting(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that stay after an erasure: identifiers, counts, posts."""
    return {name: fact for name, fact in facts.items() if name not in WORDS}


def commitment(salt: bytes, *, label: str, facts: Mapping[str, Any]) -> str:
    """The salted commitment to what an erasure may take from an act, in hexadecimal."""
    said = {name: fact for name, fact in facts.items() if name in WORDS}
    return canonical.digest(salt + canonical.encode({"facts": said, "label": label}))


def differences(logged: Mapping[str, Any], act: Act) -> Iterator[str]:
    """The names of the entry's fields in which ``act`` is not what was logged.

    ``words`` also stands for a label or a reason that the commitment does not open to. Of an
    erased act nothing can be said there but that its words are indeed gone.
    """
    said = canonical.decode(entry(act))
    wrong = {name for name in said.keys() | logged.keys() if said.get(name) != logged.get(name)}
    if not _holds(act):
        wrong.add("words")
    yield from sorted(wrong)


def erased(act: Act) -> bool:
    """Whether the words of ``act`` were taken by an erasure, or by somebody who feigned one."""
    return not act.salt


def _holds(act: Act) -> bool:
    if erased(act):
        return not act.subject_label and lasting(act.facts) == act.facts
    return act.words == commitment(bytes(act.salt), label=act.subject_label, facts=act.facts)
