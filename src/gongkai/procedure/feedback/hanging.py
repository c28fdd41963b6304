"""The public record of a voice on the wall 上墙: made of the case as it stands, and made anew by
whatever moves the case, inside the verb's own transaction.

It holds what was passed for everybody: never a number, a code, a contact, a note or a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import PUBLIC, is_public
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import masking, promises, queries
from gongkai.procedure.feedback.models import Case, Hanging, Wording
from gongkai.procedure.feedback.states import CaseState, WallReason
from gongkai.procedure.publication.queries import open_audience

KIND = "voice"
FORMAT = "gongkai-voice/1"
OPEN, ANSWERED, MERGED, HANDED, DOWN = "open", "answered", "merged", "handed", "down"
"""How a voice stands on the wall: still owed an answer, answered, answered elsewhere, down."""
OFF, REFUSED = "off", "refused"
"""Never shown, only counted: kept off, or refused by a supervisor who read it first."""

MOVING = frozenset(
    (
        "case.accept",
        "case.assign",
        "case.extend",
        "case.hand-over",
        "case.judge",
        "case.merge",
        "case.reopen",
        "case.resume",
        "case.separate",
        "case.stop",
        "case.withdraw",
        "topic.owe",
    )
)
"""The verbs after which a voice may read differently on the wall; answers see to it themselves."""


@dataclass(frozen=True)
class Shown:
    """What hangs of a voice beside an answer (上墙的问): its words, none when it does not hang, its
    address, and why they were changed; ``waits`` when a second person has still to pass them.
    """

    words: str | None = None
    address: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False


def shown(found: Hanging) -> Shown:
    """What hangs of the voice."""
    if found.wording.off:
        return Shown()
    return Shown(found.wording.text, found.address, changed(found.wording))


def changed(wording: Wording) -> dict[str, str]:
    """Why the words are not the voice's own; empty when they are."""
    if not wording.reason:
        return {}
    at = clock.stamp(wording.passed_at or wording.at)
    return {"reason": wording.reason, "why": wording.why, "at": at}


def subject_of(hanging: Hanging) -> str:
    """Under which name the ledger keeps a voice: nothing that tells of its number."""
    return subject_at(hanging.address)


def subject_at(address: str) -> str:
    """The same of the voice at this address; of its answers too, where they are about no item."""
    return f"voice:{address}"


def of(case: Case) -> Hanging | None:
    """The voice's place on the wall, with its wording; none when nothing was ever passed."""
    found = Hanging.objects.select_related("wording__item", "wording__passed_by")
    return found.filter(case=case).first()


def words_of(case: Case) -> str:
    """What the voice said, numbers masked; in a second round also why it was not content."""
    said = [case.text, *(turn.text for turn in queries.turns(case))]
    return masking.masked("\n\n".join(said))


def place(case: Case, wording: Wording) -> Hanging:
    """The voice's place on the wall, which holds ``wording`` from now on.

    What it showed in other words before is closed at once, and waits for nothing.
    """
    found = of(case)
    if found is None:
        return Hanging.objects.create(case=case, address=new_address(), wording=wording)
    if found.wording.text not in wording.text or wording.off:
        _close(found, clock.now())
    found.wording = wording
    found.save(update_fields=["wording"])
    return found


def keep_off(case: Case, found: Hanging, by: ledger.Actor) -> None:
    """Count that the voice is kept off the wall, without a word of it."""
    _open(case, found, by, "wall.off", _kept_off(found.wording))


def refused(reason: str, at: datetime) -> ledger.Opening:
    """What counts that a voice which agreed to be shown was refused: the reason and the day, and
    nothing that leads to it.
    """
    off = {"reason": reason, "at": clock.stamp(at)}
    body = {"format": FORMAT, "state": REFUSED, "off": off}
    return ledger.Opening(KIND, f"{KIND}:{new_address()}", {PUBLIC}, body)


def renew(case: Case, by: ledger.Actor, found: Hanging | None = None) -> None:
    """Let the wall say how the case stands now, where it says something of it."""
    found = found or of(case)
    if found is None or found.down_at is not None or found.wording.off:
        return
    if case.state == CaseState.WITHDRAWN:
        take_down(case, found, by, WallReason.ASKED, "", "")
        return
    if found.record is None and not _for_everybody(case):
        return
    body = told(case, found)
    if found.record is not None and _says(found.record, body):
        return
    _open(case, found, by, "wall.show", body)


def take_down(
    case: Case, found: Hanging, by: ledger.Actor, reason: str, why: str, post: str
) -> None:
    """Leave of the voice a day and a reason. *Its pages go with the keeper's next pass, before
    anything else.*
    """
    now = clock.now()
    _close(found, now)
    close_answers(case, now)
    found.down_at, found.down_reason, found.down_why, found.down_post = now, reason, why, post
    found.save()
    if found.record is not None:
        _open(case, found, by, "wall.down", _taken_down(case, found))


def close_answers(case: Case, at: datetime) -> None:
    """Close the answers of this case, and no other of the same item."""
    answered = [each.record for each in queries.settled_answers(case) if each.record]
    subjects = PublicRecord.objects.filter(pk__in=answered).values_list("subject", flat=True)
    for subject in sorted(set(subjects)):  # the earliest stand under the case's own name
        ledger.close(subject=subject, kinds=["answer"], at=at, only=answered)


def told(case: Case, found: Hanging) -> dict[str, Any]:
    """What everybody may know of the voice as it stands."""
    wording, charter = found.wording, charter_of(case.organisation)[1]
    return {
        "format": FORMAT,
        "address": found.address,
        "state": _state(case),
        "kind": case.kind,
        "ground": case.ground,
        "text": wording.text,
        "changed": changed(wording),
        "received_at": clock.stamp(case.received_at),
        "promised_on": case.promised.isoformat() if case.promised else "",
        "waits": _waits(case),
        "extended": bool(case.extension),
        "reopened": case.reopened,
        "unit": unit_of(case, charter),
        "post": case.post.name if case.post else "",
        "answers": _answers(case),
        "judged": [
            {"round": each.round, "moment": each.moment, "verdict": each.verdict}
            for each in queries.surveys(case)
        ],
        "item": case.disclosure.address if case.disclosure else "",
        "leads": wording.item.address if wording.item else "",
        **_elsewhere(case),
    }


def unit_of(case: Case, charter: Charter) -> str:
    """Under which key the wall counts the post that answers: the head of its department, or its
    own.
    """
    if case.post is None:
        return ""
    named = {each.key: each.department for each in charter.posts}
    heads = {each.name: each.head for each in charter.departments}
    return heads.get(named.get(case.post.key, ""), case.post.key)


def _state(case: Case) -> str:
    known = {
        CaseState.ANSWERED.value: ANSWERED,
        CaseState.MERGED.value: MERGED,
        CaseState.HANDED.value: HANDED,
    }
    return known.get(case.state, OPEN)


def _waits(case: Case) -> str:
    """Why there is no promised day; nothing when there is one."""
    if case.promised is not None or _state(case) != OPEN:
        return ""
    return "seconds" if promises.not_owed(case) else "stopped"


def _answers(case: Case) -> list[Mapping[str, Any]]:
    """The answers as they opened, oldest first, with what was promised for each."""
    keys = [each.record for each in queries.settled_answers(case) if each.record]
    found = PublicRecord.objects.filter(pk__in=keys, kind="answer").order_by("pk")
    bodies = {each: canonical.decode(each.body.encode()) for each in found if each.body != "{}"}
    return [
        {
            "place": f"{each.subject}.{each.version}",
            **{
                name: body[name]
                for name in ("answer", "answered_at", "outcome", "post", "promised_on", "round")
            },
        }
        for each, body in bodies.items()
    ]


def _elsewhere(case: Case) -> dict[str, str]:
    """Where another case answers in this one's place, as far as the wall has it."""
    if case.head is None:
        return {}
    if case.state == CaseState.HANDED:
        return {"body": case.head.organisation.name}
    other = of(case.head)
    hangs = other is not None and other.record is not None and other.down_at is None
    return {"with": other.address} if other and hangs else {}


def _kept_off(wording: Wording) -> dict[str, Any]:
    at = clock.stamp(wording.passed_at or wording.at)
    return {"format": FORMAT, "state": OFF, "off": {"reason": wording.reason, "at": at}}


def _taken_down(case: Case, found: Hanging) -> dict[str, Any]:
    """What is left of a voice: no words, neither its own nor those of its answers."""
    assert found.down_at is not None, "it has just been taken down"
    return {
        "format": FORMAT,
        "address": found.address,
        "state": DOWN,
        "kind": case.kind,
        "received_at": clock.stamp(case.received_at),
        "down": {
            "reason": found.down_reason,
            "why": found.down_why,
            "post": found.down_post,
            "at": clock.stamp(found.down_at),
        },
    }


def _for_everybody(case: Case) -> bool:
    """Whether what the voice is about may be read by everybody."""
    return case.disclosure is None or is_public(open_audience(case.disclosure))


def _says(record: int, body: Mapping[str, Any]) -> bool:
    """Whether the record says the very same."""
    said = canonical.encode(dict(body)).decode()
    return PublicRecord.objects.filter(pk=record, body=said, closed_at=None).exists()


def _close(found: Hanging, at: datetime) -> None:
    ledger.close(subject=subject_of(found), kinds=[KIND], at=at)


def _open(case: Case, found: Hanging, by: ledger.Actor, verb: str, body: Mapping[str, Any]) -> None:
    subject = subject_of(found)
    made = ledger.record(
        verb=verb,
        actor=by,
        organisation=case.organisation.slug,
        subject=subject,
        label=case.number,
        facts={"case": case.number, "state": str(body["state"])},
        opens=ledger.Opening(KIND, subject, {PUBLIC}, body),
    )
    assert made is not None
    found.record = made.pk
    found.save(update_fields=["record"])
