"""The history 经过 as people read it: acts of the ledger, each told by its sentence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
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
    cases = _CASES.get(act.verb, ())
    return next((f"{act.verb} {case}" for case, holds in cases if holds(act.facts)), act.verb)


class _Values(dict[str, str]):
    """The facts of an act as a sentence says them, each worked out when it is asked for."""

    def __init__(self, act: Act, names: Names) -> None:
        super().__init__()
        self.act, self.names = act, names

    def __missing__(self, name: str) -> str:
        told = _TOLD.get(name)
        return told(self) if told else str(self.act.facts.get(name, ""))

    def who(self) -> str:
        """Who acted; in review by the post, which stands for whoever is absent."""
        if self.act.verb.startswith(("review.", "emergency.", "prior.")):
            return str(self.act.facts.get("post") or self.act.actor_label)
        return self.act.actor_label

    def moment(self, name: str) -> str:
        """The instant under ``name``; nothing for none."""
        said = self.act.facts.get(name)
        return marks.moment(clock.unstamp(said), self.names.zone) if said else ""

    def day(self, name: str) -> str:
        """The day under ``name``, in words; nothing for none."""
        said = self.act.facts.get(name)
        return marks.day(date.fromisoformat(said)) if said else ""

    def label(self, choices: Any, name: str) -> str:
        """What the choice under ``name`` is called."""
        return _labelled(choices, self.act.facts.get(name, ""))

    def channel(self) -> str:
        """What the channel is called."""
        key = str(self.act.facts.get("channel", ""))
        return self.names.channels.get(key, key)

    def asked(self) -> str:
        """Who was asked: posts by their names, or how many members."""
        said = self.act.facts.get("asked", "")
        return _("、").join(said) if isinstance(said, list) else str(said)

    def mark(self) -> str:
        """The beginning of the fingerprint or the digest, as people compare it."""
        facts = self.act.facts
        return str(facts.get("fingerprint") or facts.get("digest", ""))[:16].upper()

    def plan(self) -> str:
        """What was arranged, stage by stage."""
        return _("，").join(
            _("%(scope)s定在%(at)s")
            % {
                "scope": self.scope(step["scope"]),
                "at": marks.moment(clock.unstamp(step["opens_at"]), self.names.zone),
            }
            for step in self.act.facts.get("plan", ())
        )

    def scope(self, code: str) -> str:
        """What an audience is called."""
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


Holds = Callable[[Mapping[str, Any]], bool]


def _says(name: str) -> Holds:
    return lambda facts: bool(facts.get(name))


def _lacks(name: str) -> Holds:
    return lambda facts: not facts.get(name)


_CASES: Mapping[str, Sequence[tuple[str, Holds]]] = {
    "draft.submit": [("again", lambda facts: facts.get("round", 1) > 1)],
    "review.seal": [("emergency", _says("emergency"))],
    "prior.approve": [("above", _says("of"))],
    "prior.refuse": [("above", _says("of"))],
    "release.plan": [("moved", _says("before"))],
    "release.open": [("late", lambda facts: facts.get("late", 0) >= 60)],
    "disclosure.correct": [("privacy", _says("privacy"))],
    "case.answer": [("exempt", _says("exemption"))],
    "case.receive": [("taken", _says("post")), ("open", _lacks("promised_on"))],
    "pattern.propose": [("line", _lacks("item"))],
    "case.stop": [("until", _says("until"))],
    "case.resume": [("itself", _lacks("post"))],
    "case.mark": [("calm", _lacks("urgent"))],
    "contact.tell": [("none", _lacks("by"))],
    "contact.unreached": [("text", lambda facts: facts.get("by") == "text")],
    "contact.missed": [("text", lambda facts: facts.get("by") == "text")],
    "wall.propose": [("changed", _says("reason"))],
    "wall.pass": [("off", _says("off"))],
}
"""When the act of a verb has a sentence of its own, and by which word."""

_TOLD: Mapping[str, Callable[[_Values], str]] = {
    "who": _Values.who,
    "label": lambda values: values.act.subject_label,
    "what": lambda values: _changed([values.act]),
    "plan": _Values.plan,
    "before": partial(_Values.moment, name="before"),
    "claimed_until": partial(_Values.moment, name="claimed_until"),
    "scope": lambda values: values.scope(values.act.facts["scope"]),
    "channel": _Values.channel,
    "late": lambda values: str(max(1, round(values.act.facts["late"] / 60))),
    "outcome": partial(_Values.label, choices=Outcome, name="outcome"),
    "verdict": partial(_Values.label, choices=Verdict, name="verdict"),
    "advice": partial(_Values.label, choices=Advice, name="advice"),
    "asked": _Values.asked,
    "masked": lambda values: _masked(values.act.facts.get("masked", {})),
    "reasons": lambda values: _("、").join(
        _labelled(RedactionReason, each) for each in values.act.facts.get("reasons", ())
    ),
    "mark": _Values.mark,
    "members": lambda values: str(len(values.act.facts.get("members", ()))),
    **{
        name: partial(_Values.day, name=name)
        for name in ("promised_on", "date", "due", "on", "since", "until")
    },
}
"""What a sentence names beside the facts as they stand."""
