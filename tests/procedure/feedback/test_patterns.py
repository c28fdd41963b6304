"""From voices to a correction or a line of the catalogue: two persons, and the senders are told."""

from dataclasses import replace

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from tests.procedure.editions import opened, sealed
from tests.procedure.feedback.test_clocks import refused
from tests.procedure.feedback.test_workflow import received

from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.feedback import bulk, pages, patterns, queries
from gongkai.procedure.feedback.models import Pattern
from gongkai.procedure.proposals.models import Draft

pytestmark = pytest.mark.django_db


def told(code: str) -> list[str]:
    return [each["said"] for each in pages.progress(queries.by_receipt(code), code)["suggestions"]]


def test_a_correction_is_suggested_taken_up_and_told(township, item, who, log):
    member = who("组织干事").member
    account = organisations.make_account(member=member, username="组织干事", by=SYSTEM)
    account.email = "writer@example.org"
    account.save()
    (first, code), (second, _code) = received(township, item), received(township)
    clerk, writer = who("党政办主任"), who("组织干事")
    given = {"officer": clerk, "text": "管护责任要写到人。", "item": item.address}
    report = bulk.suggest([first.number, second.number], **given)
    assert report.done == [first.number, second.number]
    [letter] = mail.outbox
    assert letter.to == ["writer@example.org"]
    assert "管护" not in letter.body
    pattern = Pattern.objects.get()
    assert letter.body.endswith(f"/desk/suggestions/{pattern.pk}/")
    assert told(code) == [
        "根据您和别人的意见，已建议更正《关于水利设施的决定》：管护责任要写到人。等人接手。"
    ]
    refusals = refused(patterns.take, pattern=pattern, officer=clerk, note="改了。")
    assert refusals[1:] == ["这条建议是您提出的，要由另一个人接手。"]
    patterns.take(pattern=pattern, officer=writer, note="管护责任写到了人。")
    draft = Draft.objects.get(number=2)
    assert (draft.disclosure, draft.proposer) == (item, writer.member)
    assert told(code)[0].startswith("根据您和别人的意见，正在更正")
    opened(sealed(item, draft=draft, note="管护责任写到了人。"))
    log()
    [shown] = pages.progress(queries.by_receipt(code), code)["suggestions"]
    assert shown["said"].startswith("根据您和别人的意见，已经更正")
    assert shown["href"].endswith(f"/i/{item.address}")
    acts = Act.objects.filter(verb__startswith="pattern.")
    assert [act.verb for act in acts.order_by("pk")] == ["pattern.propose"] * 2 + [
        "pattern.take"
    ] * 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Pattern.objects.update(decider=clerk.member)


def test_a_line_of_the_catalogue_is_suggested_and_told_once_in_force(township, who, log):
    case, code = received(township)
    clerk, writer = who("党政办主任"), who("组织干事")
    pattern = patterns.put_forward(officer=clerk, cases=[case], text="公开水费怎么算")
    ask = {"pattern": pattern, "officer": writer}
    assert refused(patterns.take, **ask, code="JC-01") == ["目录里已经有编号为JC-01的一项。"]
    assert refused(patterns.take, **ask, code="JC-99") == [
        "请先在“公开目录”里起草修改，把这一项加进去，再写它的编号。"
    ]

    def more(charter):
        one = next(rule for rule in charter.entries if rule.code == "JC-05")
        return [*charter.entries, replace(one, code="JC-99", title="水费", title_en="Water")]

    revision = catalogue.revise(officer=writer, change=more)
    patterns.take(**ask, code="JC-99")
    assert told(code)[0].startswith("根据您和别人的意见，正在给公开目录增加一项")
    revision = catalogue.propose(revision=revision, officer=writer, text="群众要求。")
    catalogue.approve(revision=revision, officer=who("党委书记"), seen=revision.digest)
    [shown] = pages.progress(queries.by_receipt(code), code)["suggestions"]
    assert shown["said"] == "根据您和别人的意见，已经给公开目录增加一项：公开水费怎么算"
    assert shown["href"].endswith("/catalogue/JC-99")


def test_a_suggestion_needs_voices_and_no_numbers_and_may_come_to_nothing(township, who):
    case, code = received(township)
    clerk = who("党政办主任")
    report = bulk.suggest([case.number], officer=clerk, text="打13900001234", item="K700000000")
    assert report.refused == [
        (
            case.number,
            [
                "本单位没有编号为K700000000的公开件。",
                "建议里像是有个人号码。请去掉，说话的人都会看到这句话。",
            ],
        )
    ]
    assert refused(patterns.put_forward, officer=who("组织干事"), cases=[], text="") == [
        "“分办意见”要由党政办主任来办。",
        "还没有选意见。请至少选一件。",
        "请写明要改什么、加什么，说话的人会看到。",
    ]
    pattern = patterns.put_forward(officer=clerk, cases=[case], text="公开水费怎么算")
    decline = {"pattern": pattern, "officer": who("组织干事")}
    assert refused(patterns.decline, **decline, reason="") == [
        "请写明为什么不采纳，说话的人会看到。"
    ]
    patterns.decline(**decline, reason="水费由县里公开")
    assert told(code) == [
        "根据您和别人的意见，曾建议给公开目录增加一项：公开水费怎么算。没有采纳，理由是：水费由县里公开"
    ]
    assert refused(patterns.decline, **decline, reason="再说") == [
        "这条建议现在是“没有采纳”，不能这样办。请看最新的情况。"
    ]
