"""The approval sheet 党务公开审批表 of an edition: all that was decided about it, on paper.

Made from what the steps wrote down and from the sealed bytes, so that the same edition gives the
same sheet for ever; what was opened in an emergency gets a new one once a second person has
decided. It is a paper of the office: names stand in it, and it is in no public record.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from gongkai.foundation.core import clock
from gongkai.foundation.core.identifiers import verification_code
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks, qr
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.procedure.review import queries
from gongkai.procedure.review.models import Edition, Opinion, Review
from gongkai.procedure.review.states import Advice, Asked, Decision, PriorState

TEMPLATE = Path(__file__).with_name("approval.typ")
MARK = Path(__file__).with_name("mark.typ")


def sheet(edition: Edition) -> bytes:
    """The sheet as PDF/A. ``Refused`` where a sign cannot be printed, ``Broken`` on false bytes."""
    with translation.override("zh-hans"):  # it is for the archive, whoever asks for it
        told = facts(edition)
    return compose(
        TEMPLATE,
        told,
        at=edition.sealed_at,
        pictures={"mark.typ": MARK.read_bytes(), "qr.svg": _code(edition)},
    )


def facts(edition: Edition) -> dict[str, Any]:
    """What the sheet says, in Chinese, times in the organisation's civil time."""
    data = queries.edition_data(edition)
    review = queries.rows().get(pk=edition.review_id)
    draft, charter = review.draft, review.charter.charter
    zone = draft.disclosure.organisation.zone
    entry = charter.entry(data["entry"]["code"])
    return {
        "organisation": data["organisation_name"],
        "seal": {
            "name": charter.seal.name,
            "number": edition.seal_number,
            "post": edition.sealed_by,
            "on": _day(edition.sealed_at, zone),
            "code": verification_code(edition.digest),
        },
        "fields": [
            ["公开内容", data["title"]],
            ["目录事项", f"{entry.code}　{data['entry']['title']}"],
            ["类别和文件盒", _place(charter, data)],
            ["文种和文号", _document(data)],
            ["公开形式", charter.form(data["form"]).name],
            ["公开范围和时间", "；".join(_stage(charter, step, zone) for step in data["plan"])],
            ["公开渠道", "、".join(charter.channel(key).name for key in data["channels"]) or "无"],
            ["责任部门", entry.department],
            ["提出人", _proposer(data, zone)],
            ["真实性承诺", data["statement"]["text"]],
            *([["更正说明", data["note"]]] if data["note"] else []),
            *_hastened(edition, zone),
        ],
        "attachments": [
            [f"{number}", each["title"], each["extension"].upper(), each["digest"][:16]]
            for number, each in enumerate(data["attachments"], 1)
        ],
        "checks": _checks(draft, zone),
        "opinions": _opinions(draft, zone),
        "edition": f"第{edition.number}版",
        "digest": edition.digest,
        "address": f"{settings.BOARD_URL}/i/{data['address']}",
    }


def _code(edition: Edition) -> bytes:
    """The QR code of the item's address, as a picture."""
    side, path = qr.drawing(f"{settings.BOARD_URL}/i/{edition.disclosure.address}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path stroke="#000" d="{path}"/></svg>'
    ).encode()


def _place(charter: Charter, data: dict[str, Any]) -> str:
    return f"{charter.category(data['category']).name}，{charter.box(data['box']).name}"


def _document(data: dict[str, Any]) -> str:
    kind = str(DocumentKind(data["kind"]).label)
    return f"{kind}，{data['document_number']}" if data["document_number"] else kind


def _stage(charter: Charter, step: dict[str, Any], zone: str) -> str:
    name = charter.scope(step["scope"]).name
    if not step["opens"]:
        return name
    return f"{name}（不早于{marks.moment(clock.unstamp(step['opens']), zone)}）"


def _proposer(data: dict[str, Any], zone: str) -> str:
    said = data["statement"]
    return f"{said['post']}　{said['name']}　{marks.moment(clock.unstamp(said['at']), zone)}"


def _checks(draft: Draft, zone: str) -> list[list[str]]:
    """Every finding of every round, with what became of it."""
    rows = []
    for review in queries.rounds(draft):
        opinions = queries.opinions(review)
        rows += [
            [f"{review.round}", each.finding.label, _outcome(each, opinions, zone)]
            for each in queries.findings_of(review)
        ]
    return rows


def _outcome(checked: queries.Checked, opinions: Sequence[Opinion], zone: str) -> str:
    cleared, finding = checked.clearance, checked.finding
    if not finding.blocking:
        seen = [opinion.post for opinion in opinions if finding.digest in opinion.seen]
        return f"提示，{'、'.join(seen)}已看" if seen else "提示，不挡审核"
    if cleared is None:
        return "本轮没有放行"
    return f"{cleared.post}准予保留（{marks.moment(cleared.at, zone)}）：{cleared.reason}"


def _hastened(edition: Edition, zone: str) -> list[list[str]]:
    """That it was opened before its review was over, why, and what the second person decided."""
    found = queries.emergency_of(edition)
    if found is None:
        return []
    due = f"{found.due_on.year}年{found.due_on.month}月{found.due_on.day}日"
    told = f"{found.post}　{found.member.name}　{marks.moment(found.at, zone)}决定：{found.reason}"
    if found.confirmed is None or found.decided_by is None or found.decided_at is None:
        return [["紧急公开", f"{told}\n待补审，{due}前"]]
    decided = "补审通过" if found.confirmed else "补审没有通过"
    at = marks.moment(found.decided_at, zone)
    by = f"{found.decided_as}　{found.decided_by.name}　{at}"
    return [["紧急公开", f"{told}\n{decided}：{found.text}　{by}"]]


def _opinions(draft: Draft, zone: str) -> list[list[str]]:
    """What was decided in each round, then what the posts said that were asked beside it
    and what the superior decided.
    """
    rounds = queries.rounds(draft)
    return [*_decisions(rounds, zone), *_advice(rounds, zone), *_priors(rounds, zone)]


def _priors(rounds: Sequence[Review], zone: str) -> list[list[str]]:
    """What the superior decided beforehand, for what is outside the catalogue."""
    return [
        [
            f"{each.review.round}",
            "事前报批",
            f"{each.answered_as}\n{each.member.name}" if each.member else each.superior.name,
            str(PriorState(each.state).label),
            each.text,
            marks.moment(each.answered_at, zone) if each.answered_at else "",
        ]
        for each in (queries.priors(rounds[-1]) if rounds else ())
    ]


def _advice(rounds: Sequence[Review], zone: str) -> list[list[str]]:
    return [
        [
            f"{review.round}",
            "会签",
            f"{each.answered_as}\n{each.member.name}" if each.member else each.post.name,
            str(Advice(each.advice).label) if each.advice else str(Asked(each.state).label),
            each.text,
            marks.moment(each.answered_at, zone) if each.answered_at else "",
        ]
        for review in rounds
        for each in queries.consultations(review)
    ]


def _decisions(rounds: Sequence[Review], zone: str) -> list[list[str]]:
    return [
        [
            f"{review.round}",
            _stage_name(review, opinion.stage),
            f"{opinion.post}\n{opinion.member.name}",
            str(Decision(opinion.decision).label),
            opinion.text,
            marks.moment(opinion.at, zone),
        ]
        for review in rounds
        for opinion in queries.opinions(review)
    ]


def _stage_name(review: Review, stage: int) -> str:
    stages = review.charter.charter.stages
    return stages[stage].name if stage < len(stages) else "盖章"


def _day(at: datetime, zone: str) -> str:
    day = clock.civil_day(at, zone)
    return f"{day.year}年{day.month}月{day.day}日"
