"""What is outside the catalogue: asked upward, decided above, bound to the words submitted."""

from datetime import date

import pytest
import time_machine
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from tests.cast import officer_named, village_below

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.queries import charter_of, entry
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.publication import erasing
from gongkai.procedure.review import (
    approval,
    commands,
    emergency_rules,
    prior,
    prior_rules,
    queries,
    rules,
    workflow,
)
from gongkai.procedure.review.models import PriorApproval

from ..editions import MONDAY

NEEDED = "“HM-01”是目录外事项，上级批准这一稿以后才能盖章。请先报上级批准。"


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


@pytest.fixture
def village(township):
    """石桥村 below 青溪镇, with HM-01 outside its catalogue."""
    return village_below(township, "HM-01")


@pytest.fixture
def below(village):
    """``below("村文书")``: who holds the post in the village."""
    return lambda post: officer_named(village, post)


@pytest.fixture
def sent(village, below):
    """``sent()``: the review of what 村文书 has just handed over."""

    def submit(code="HM-01", title="村里借出一块场地"):
        writer = below("村文书")
        draft = proposals.begin(
            organisation=village,
            entry=entry(village, code),
            officer=writer,
            title=title,
            body="<p>场地借给邻村三天。</p>",
            kind="notice",
        )
        return workflow.submit(draft=draft, officer=writer)

    return submit


@pytest.fixture
def asked(sent, below):
    """``asked()``: the request that 村文书 sent up about it."""
    return lambda **more: prior.ask(review=sent(**more), officer=below("村文书"), question="急。")


def again(request, below, body):
    """The review of the same draft, taken back and submitted with ``body``."""
    writer, draft = below("村文书"), request.review.draft
    workflow.recall(review=request.review, officer=writer)
    draft.refresh_from_db()
    if body != draft.body:
        draft = proposals.edit(draft=draft, officer=writer, edits=draft.edits, body=body)
    return workflow.submit(draft=draft, officer=writer)


def test_up_and_down_again_to_the_seal(sent, below, who):
    with time_machine.travel(MONDAY, tick=False):
        review = workflow.pass_stage(review=sent(), officer=below("村务监督委员会主任"))
        head, secretary = below("村委会主任"), who("党委书记")
        title = str(review.draft.disclosure.entry)
        needed = NEEDED.replace("HM-01", title)
        assert refused(workflow.pass_stage, review=review, officer=head) == [needed]
        request = prior.ask(review=review, officer=head, question="要让邻村知道。")
        assert (request.asked_as, request.due_on) == ("村委会主任", date(2026, 11, 26))
        waits = ["还在等中共青溪镇委员会批准（2026年11月26日前）。批准以后再办。"]
        assert refused(workflow.pass_stage, review=review, officer=head) == waits
        assert refused(prior.ask, review=review, officer=head) == waits
        _version, charter = charter_of(secretary.organisation)
        assert prior_rules.waiting_for(secretary, charter) == [request]
        prior.approve(request=request, officer=secretary)
        assert prior_rules.waiting_for(secretary, charter) == []
        review = workflow.pass_stage(review=review, officer=head)
        edition = workflow.seal(review=review, officer=head)
    assert approval.facts(edition)["opinions"][-1] == [
        "1",
        "事前报批",
        "中共青溪镇委员会党委书记\n党委书记",
        "上级已批准",
        "同意公开。",
        "2026年11月23日9:40",
    ]
    acts = Act.objects.filter(verb__startswith="prior.").order_by("pk")
    assert [(act.verb, act.organisation, act.facts["post"]) for act in acts] == [
        ("prior.ask", review.draft.disclosure.organisation.slug, "村委会主任"),
        ("prior.approve", review.draft.disclosure.organisation.slug, "中共青溪镇委员会党委书记"),
        ("prior.approve", secretary.organisation.slug, "中共青溪镇委员会党委书记"),
    ]


def test_a_refusal_says_why_and_is_not_asked_again(asked, below, who):
    request, secretary = asked(), who("党委书记")
    assert refused(prior.refuse, request=request, officer=secretary, text=" ") == [
        "请写明为什么不同意公开。"
    ]
    prior.refuse(request=request, officer=secretary, text="场地是镇里的。")
    told = ["中共青溪镇委员会党委书记不同意公开：“场地是镇里的。”请退回修改，重新送审以后再报。"]
    review = queries.open_review(request.review.draft.disclosure)
    assert rules.prior_obstacles(review) == told
    assert refused(prior.ask, review=review, officer=below("村文书")) == told
    assert refused(prior.approve, request=request, officer=secretary) == [
        "这次报批已经结束（上级不同意公开）。请看最新的情况。"
    ]


def test_the_approval_holds_for_those_words_only(asked, below, who):
    request = asked()
    prior.approve(request=request, officer=who("党委书记"))
    same = again(request, below, "<p>场地借给邻村三天。</p>")
    assert rules.prior_obstacles(same) == []
    other = again(request.__class__(review=same), below, "<p>场地借给邻村五天。</p>")
    assert len(rules.prior_obstacles(other)) == 1
    assert prior.ask(review=other, officer=below("村文书")).state == "waiting"


def test_who_decides_above_and_who_sees_nothing(asked, below, who):
    request = asked()
    others = [who("党委副书记"), who("组织干事"), below("村委会主任"), below("村文书")]
    assert [prior_rules.visible(each).count() for each in others] == [0, 0, 0, 0]
    assert prior_rules.visible(who("党委书记")).count() == 1
    assert refused(prior.approve, request=request, officer=who("党委副书记")) == [
        "这件事由中共青溪镇委员会的党委书记批准。"
    ]
    disclosure = request.review.draft.disclosure
    assert not rules.visible(who("党委书记")).filter(pk=disclosure.pk).exists()


def test_the_round_is_over_and_nobody_above_sees_it(asked, below, who):
    request = asked()
    assert refused(prior.recall, request=request, officer=who("党委书记")) == [
        f"这是{request.review.draft.disclosure.organisation.name}的事。请用该单位岗位的账号登录。"
    ]
    workflow.recall(review=request.review, officer=below("村文书"))
    assert PriorApproval.objects.get().state == "recalled"
    assert prior_rules.visible(who("党委书记")).count() == 0


def test_taken_back_it_can_be_asked_again(asked, below):
    request = asked()
    prior.recall(request=request, officer=below("村文书"))
    assert prior.ask(review=request.review, officer=below("村文书")).pk != request.pk


def test_in_the_catalogue_nobody_asks(sent, below):
    review = sent(code="HM-02")
    assert rules.prior_obstacles(review) == []
    assert refused(prior.ask, review=review, officer=below("村文书")) == [
        "这一项在公开目录里，不用报上级批准。"
    ]


def test_no_emergency_goes_past_the_superior(sent, below):
    review = sent()
    assert emergency_rules.may_hasten_obstacles(
        review, below("村委会主任")
    ) == rules.prior_obstacles(review)


def test_without_a_superior_here_it_says_what_to_do(sent, below, village):
    Organisation.objects.filter(pk=village.pk).update(parent=None)
    (told,) = refused(prior.ask, review=sent(), officer=below("村文书"))
    assert told.endswith("由另一个人审定；再收回这一稿，重新送审。")


def test_the_database_holds_one_request_and_two_persons(asked):
    request = asked()
    same = {
        field.attname: getattr(request, field.attname)
        for field in PriorApproval._meta.concrete_fields
        if not field.primary_key
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        PriorApproval.objects.create(**same)
    decided = {"state": "approved", "answered_at": clock.now()}
    for member in (None, request.asked_by):
        with pytest.raises(IntegrityError), transaction.atomic():
            PriorApproval.objects.update(**decided, member=member)


def test_an_erasure_takes_the_words(asked, who):
    request = asked()
    prior.refuse(request=request, officer=who("党委书记"), text="不行。")
    erasing.destroy_texts(request.review.draft.disclosure, clock.now())
    request.refresh_from_db()
    assert (request.question, request.text, request.digest) == ("", "（已清除）", "")


def test_by_command_line(sent, home):
    review = sent()
    address = review.draft.disclosure.address

    def run(*given):
        result = CliRunner().invoke(commands.review, given, standalone_mode=False)
        if result.exception:
            raise result.exception
        return result.output.splitlines()

    with time_machine.travel(MONDAY, tick=False):
        (told,) = run("refer", address, "--as", "village-clerk", "--text", "急。")
        assert told == "已报中共青溪镇委员会批准，2026年11月26日前答复。"
        assert run("refer", address, "--as", "village-clerk", "--recall") == [
            "已撤回报中共青溪镇委员会的请求。"
        ]
        run("refer", address, "--as", "village-clerk")
        assert run("decide", address, "--as", "secretary") == ["上级已批准"]
    with pytest.raises(Refused, match="没有在等上级批准"):
        run("decide", address, "--as", "secretary", "--refuse", "--text", "不行。")
