"""The history 经过 as people read it: acts of the ledger, each told by its sentence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Event, Link
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.states import Outcome, Verdict
from gongkai.procedure.proposals.states import RedactionReason
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.queries import opinion_said
from gongkai.procedure.review.states import Advice
from gongkai.surfaces.desk.sentences import FIELDS, QUOTING, SENTENCES


@dataclass(frozen=True)
class Names:
    """What the codes in the acts are called, and where the organisation's clock stands."""

    scopes: Mapping[str, str]
    zone: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)


Linker = Callable[[Act], Link | None]


def events(acts: Iterable[Act], names: Names, link: Linker | None = None) -> list[Event]:
    """The acts as sentences, newest first; saves of one draft in a row are one sentence."""
    told = [_event(run, names, link) for run in _runs(acts)]
    return told[::-1]


def sentence(act: Act, names: Names) -> str:
    """What ``act`` says. A verb from another release of Gongkai is named as it is."""
    template = SENTENCES.get(_variant(act)) or SENTENCES.get(act.verb)
    if template is None:
        return _("%(who)s：%(verb)s。") % {"who": act.actor_label, "verb": act.verb}
    return str(template) % _Values(act, names)


def _event(run: Sequence[Act], names: Names, link: Linker | None) -> Event:
    last = run[-1]
    text = sentence(last, names)
    if len(run) > 1:
        said = {"who": last.actor_label, "n": len(run), "what": _changed(run)}
        text = _("%(who)s修改了%(what)s，存了%(n)s次。") % said
    quote = masked(opinion_said(str(last.facts.get("text") or "")))
    if last.verb in QUOTING and not quote:  # an erasure takes words, and leaves that they were said
        text += _("（原话已随内容清除）。")
    return Event(
        at=last.at,
        text=text,
        quote=quote,
        link=link(last) if link else None,
    )


def _runs(acts: Iterable[Act]) -> list[list[Act]]:
    """Each act by itself, but for edits by one person that follow each other."""
    runs: list[list[Act]] = []
    for act in acts:
        before = runs[-1][-1] if runs else None
        same = before and before.verb == act.verb == "draft.edit" and before.actor == act.actor
        if same:
            runs[-1].append(act)
        else:
            runs.append([act])
    return runs


def _variant(act: Act) -> str:
    """The verb with the case that has a sentence of its own."""
    facts = act.facts
    match act.verb:
        case "draft.submit" if facts.get("round", 1) > 1:
            return "draft.submit again"
        case "review.seal" if facts.get("emergency"):
            return "review.seal emergency"
        case "prior.approve" | "prior.refuse" if facts.get("of"):
            return f"{act.verb} above"
        case "release.plan" if facts.get("before"):
            return "release.plan moved"
        case "release.open" if facts.get("late", 0) >= 60:
            return "release.open late"
        case "disclosure.correct" if facts.get("privacy"):
            return "disclosure.correct privacy"
        case "case.answer" if facts.get("exemption"):
            return "case.answer exempt"
        case "case.receive" if facts.get("post"):
            return "case.receive taken"
        case "case.receive" if not facts.get("promised_on"):
            return "case.receive open"
        case "pattern.propose" if not facts.get("item"):
            return "pattern.propose line"
        case "case.stop" if facts.get("until"):
            return "case.stop until"
        case "case.resume" if not facts.get("post"):
            return "case.resume itself"
        case "case.mark" if not facts.get("urgent"):
            return "case.mark calm"
        case "wall.propose" if facts.get("reason"):
            return "wall.propose changed"
        case "wall.pass" if facts.get("off"):
            return "wall.pass off"
    return act.verb


class _Values(dict[str, str]):
    """The facts of an act as a sentence says them, each worked out when it is asked for."""

    def __init__(self, act: Act, names: Names) -> None:
        super().__init__()
        self.act, self.names = act, names

    def __missing__(self, name: str) -> str:
        facts = self.act.facts
        match name:
            case "who" if self.act.verb.startswith(("review.", "emergency.", "prior.")):
                return str(facts.get("post") or self.act.actor_label)
            case "who":
                return self.act.actor_label
            case "label":
                return self.act.subject_label
            case "what":
                return _changed([self.act])
            case "plan":
                return self._plan()
            case "before":
                return marks.moment(clock.unstamp(facts["before"]), self.names.zone)
            case "scope":
                return self._scope(facts["scope"])
            case "channel":
                channel = str(facts.get(name, ""))
                return self.names.channels.get(channel, channel)
            case "late":
                return str(max(1, round(facts["late"] / 60)))
            case "outcome":
                return _labelled(Outcome, facts.get("outcome", ""))
            case "verdict":
                return _labelled(Verdict, facts.get("verdict", ""))
            case "claimed_until" if name in facts:
                return marks.moment(clock.unstamp(facts[name]), self.names.zone)
            case "advice":
                return _labelled(Advice, facts.get("advice", ""))
            case "asked" if isinstance(facts.get("asked"), list):
                return _("、").join(facts["asked"])
            case "promised_on" | "date" | "due" | "on" | "since" | "until":
                return _day(facts.get(name, ""))
            case "masked":
                return _masked(facts.get("masked", {}))
            case "reasons":
                found = facts.get("reasons", ())
                return _("、").join(_labelled(RedactionReason, each) for each in found)
            case "mark":
                return str(facts.get("fingerprint") or facts.get("digest", ""))[:16].upper()
            case "members":
                return str(len(facts.get("members", ())))
        return str(facts.get(name, ""))

    def _plan(self) -> str:
        return _("，").join(
            _("%(scope)s定在%(at)s")
            % {
                "scope": self._scope(step["scope"]),
                "at": marks.moment(clock.unstamp(step["opens_at"]), self.names.zone),
            }
            for step in self.act.facts.get("plan", ())
        )

    def _scope(self, code: str) -> str:
        return self.names.scopes.get(code, code)


def _changed(acts: Iterable[Act]) -> str:
    """What these edits changed, each thing once, in a fixed order."""
    changed: set[str] = set()
    for act in acts:
        changed.update(act.facts.get("changed", ()))
        if act.facts.get("attached") or act.facts.get("detached"):
            changed.add("attachments")
    named = [str(label) for name, label in FIELDS.items() if name in changed]
    return _("、").join(named) or _("草稿")


def _masked(places: Mapping[str, int]) -> str:
    """What was put under its mask, by kind, and at how many places."""
    told = _("%(kind)s%(n)s处")
    return _("、").join(
        told % {"kind": KINDS[kind].title if kind in KINDS else kind, "n": n}
        for kind, n in places.items()
    )


def _labelled(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _day(text: str) -> str:
    """A day written as 2026-11-23 in words; nothing for none."""
    return marks.day(date.fromisoformat(text)) if text else ""
