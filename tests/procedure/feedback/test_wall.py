"""The wall: nothing hangs without the voice's consent and a second person, or a named exemption."""

import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from tests.procedure.editions import disclosure_of, opened, sealed
from tests.procedure.feedback.test_workflow import assigned, drafted, received, settled

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.procedure.catalogue import queries as catalogue
from gongkai.procedure.catalogue.voices import Unpassed
from gongkai.procedure.feedback import clocks, handling, hanging, jobs, queries, wall, workflow
from gongkai.procedure.feedback.models import Case, Hanging, Wording
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.publication import workflow as publication

pytestmark = pytest.mark.django_db
CLERK, DEPUTY, FINANCE = "党政办主任", "党委副书记", "财政所长"


def voices(**wanted):
    """What the wall was told, oldest first; by default all of it."""
    found = PublicRecord.objects.filter(kind="voice", **wanted).order_by("pk")
    return [json.loads(each.body) for each in found]


def proposed(case, who, text="", **more):
    text = text or hanging.words_of(case)
    return wall.propose(case=case, officer=who(CLERK), text=text, **more)


def hung(case, who, text="", **more):
    return wall.pass_wording(wording=proposed(case, who, text, **more), officer=who(DEPUTY))


def refusal(verb, **given):
    with pytest.raises(Refused) as refused:
        verb(**given)
    return refused.value.obstacles


def test_a_voice_hangs_in_the_words_that_a_second_person_passed(township, who):
    case, _code = received(township, text="三号渠漏水，打13900001234。")
    assigned(case, who)
    written = proposed(case, who, item=None)
    assert (written.text, voices()) == ("三号渠漏水，打139****1234。", [])
    assert refusal(wall.pass_wording, wording=written, officer=who(CLERK)) == [
        "“审定答复”要由党委副书记、纪委副书记来办。",
        "这是您自己提请的，请另一位有审定权的人审定。",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.filter(pk=written.pk).update(passed_by=written.member)
    place = wall.pass_wording(wording=written, officer=who(DEPUTY))
    (told,) = voices()
    case.refresh_from_db()
    assert told.pop("received_at")
    assert told == {
        "format": "gongkai-voice/1",
        "address": place.address,
        "state": "open",
        "kind": "opinion",
        "ground": "",
        "text": "三号渠漏水，打139****1234。",
        "changed": {},
        "promised_on": case.promised_on.isoformat(),
        "waits": "",
        "extended": False,
        "reopened": 0,
        "unit": "finance",
        "post": FINANCE,
        "answers": [],
        "judged": [],
        "item": "",
        "leads": "",
    }
    assert PublicRecord.objects.get(kind="voice").subject == f"voice:{place.address}"
    assert refusal(wall.pass_wording, wording=written, officer=who(DEPUTY)) == [
        "这一稿已经审定或者退回了。请看最新的情况。"
    ]


def test_changed_words_keep_the_original_and_say_why(township, who):
    case, _code = received(township, text="村里的张三偷工减料。")
    assert refusal(
        wall.propose, case=case, officer=who(CLERK), text="有人偷工减料。打13900001234", why=" "
    ) == [
        "文字里像是有个人号码。请去掉再上墙。",
        "还没有选理由。理由会公开，并且计入调整登记。",
        "请用一句话写明理由，不要写出不该公开的内容。",
    ]
    hung(case, who, "村里有人偷工减料。", reason="unproved", why="没有查实的人名不写")
    (told,) = voices()
    changed = told["changed"]
    assert (told["text"], changed["reason"], changed["why"]) == (
        "村里有人偷工减料。",
        "unproved",
        "没有查实的人名不写",
    )
    assert Case.objects.get().text == "村里的张三偷工减料。"
    hung(case, who, "有一处偷工减料。", reason="unproved", why="再改一处")
    first, second = PublicRecord.objects.filter(kind="voice").order_by("pk")
    assert (first.closed_at is not None, second.closed_at) == (True, None)


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"show": False}, "本人没有同意公开，不能上墙。"),
        ({"kind": CaseKind.LETTER}, "来信来访不上墙。"),
        ({"kind": CaseKind.VISIT}, "来信来访不上墙。"),
    ],
)
def test_what_is_private_never_hangs(township, who, changes, obstacle):
    case, _code = received(township, **changes)
    assert refusal(wall.propose, case=case, officer=who(CLERK), text=case.text) == [obstacle]
    assigned(case, who)
    if "kind" in changes:
        clocks.accept(case=case, officer=who(CLERK))
    settled(case, who)
    assert not PublicRecord.objects.filter(kind__in=("voice", "answer")).exists()


def test_whoever_approves_an_answer_passes_the_words_beside_it(township, who):
    case, code = received(township)
    settled(case, who)
    case.refresh_from_db()
    (told,) = voices()
    assert (told["state"], told["text"]) == ("answered", "水渠什么时候修好？")
    (reply,) = told["answers"]
    assert (reply["answer"], reply["outcome"], reply["post"], reply["round"]) == (
        "十二月二十日前修好。",
        "planned",
        FINANCE,
        1,
    )
    workflow.judge(case=case, receipt=code, verdict="no")
    workflow.reopen(case=case, receipt=code, text="哪个月？")
    settled(case, who)
    states = [(told["state"], told["reopened"], len(told["judged"])) for told in voices()]
    assert states == [
        ("answered", 0, 0),
        ("answered", 0, 1),
        ("open", 1, 1),
        ("answered", 1, 1),
    ]
    last = voices()[-1]
    assert last["text"] == "水渠什么时候修好？\n\n哪个月？"
    assert [each["round"] for each in last["answers"]] == [1, 2]
    assert Act.objects.filter(verb="wall.show").count() == 4


def test_an_answer_waits_for_words_that_nobody_else_has_passed(township, who):
    case, _code = received(township)
    assigned(case, who)
    wall.propose(
        case=case, officer=who(FINANCE), text="水渠几时修好？", reason="shortened", why="摘要"
    )
    written = Wording.objects.get()
    Wording.objects.update(member=who(DEPUTY).member)
    answer = settled(case, who)
    assert (answer.record, voices()) == (None, [])
    Wording.objects.update(member=who(FINANCE).member)
    wall.pass_wording(wording=written, officer=who("纪委副书记"))
    (told,) = voices()
    assert (told["state"], told["text"], len(told["answers"])) == ("answered", "水渠几时修好？", 1)
    opened_with = json.loads(PublicRecord.objects.get(kind="answer").body)
    assert opened_with["text"] == "水渠几时修好？"


def test_words_go_back_with_a_reason_and_another_proposal_takes_their_place(township, who):
    case, _code = received(township)
    first = proposed(case, who)
    second = proposed(case, who, "水渠？", reason="shortened", why="摘要")
    assert queries.waiting_wording(case) == second
    assert refusal(wall.send_back, wording=first, officer=who(DEPUTY), reason="改") == [
        "这一稿已经审定或者退回了。请看最新的情况。"
    ]
    wall.send_back(wording=second, officer=who(DEPUTY), reason="太短了")
    assert (queries.waiting_wording(case), voices()) == (None, [])


def test_what_is_kept_off_is_counted_without_a_word(township, who):
    case, _code = received(township, text="张三是骗子，请登我的广告。")
    written = wall.keep_off(case=case, officer=who(CLERK), reason="advert", why="是广告")
    wall.pass_wording(wording=written, officer=who(DEPUTY))
    (told,) = voices()
    assert sorted(told) == ["format", "off", "state"]
    assert (told["state"], told["off"]["reason"]) == ("off", "advert")
    settled(case, who)
    assert [told["state"] for told in voices()] == ["off"]
    assert not PublicRecord.objects.filter(kind="answer").exists()


def test_taking_down_closes_every_word_and_leaves_a_dated_reason(township, item, who, log):
    case, _code = received(township, item)
    settled(case, who)
    assert refusal(
        wall.propose, case=case, officer=who(CLERK), text="别的", reason="own", why="住址"
    ) == ["答复已经公开，墙上的字不能再改。确实不该公开的，请撤下并写明理由。"]
    given = {"case": case, "reason": "person", "why": "写到了邻居"}
    assert refusal(wall.take_down, officer=who(FINANCE), **given) == [
        "“审定答复”要由党委副书记、纪委副书记来办。"
    ]
    wall.take_down(officer=who(DEPUTY), **given)
    (told,) = voices(closed_at=None)
    assert sorted(told) == ["address", "down", "format", "kind", "received_at", "state"]
    assert told["down"]["at"]
    assert (told["state"], told["down"]["reason"], told["down"]["why"]) == (
        "down",
        "person",
        "写到了邻居",
    )
    assert not PublicRecord.objects.filter(kind="answer", closed_at=None).exists()
    assert PublicRecord.objects.filter(kind="release", closed_at=None).exists()
    assert refusal(wall.take_down, officer=who(DEPUTY), **given) == ["这一件已经撤下了。"]


def test_the_voice_takes_back_its_consent_by_its_code(township, who):
    case, code = received(township)
    hung(case, who)
    assert refusal(wall.retract, case=case, receipt="wrong") == [
        "查询码不对。请照抄下来的再输一次。"
    ]
    wall.retract(case=case, receipt=code)
    (told,) = voices(closed_at=None)
    assert (told["state"], told["down"]["reason"]) == ("down", "asked")
    case.refresh_from_db()
    settled(case, who)
    assert len(voices(closed_at=None)) == 1
    assert not PublicRecord.objects.filter(kind="answer").exists()
    assert refusal(wall.retract, case=case, receipt=code) == ["这一件本来就不公开。"]


def test_an_answer_from_before_the_wall_had_places_closes_too(township, who):
    case, code = received(township)
    settled(case, who)
    Hanging.objects.all().delete()
    wall.retract(case=case, receipt=code)
    assert not PublicRecord.objects.filter(kind="answer", closed_at=None).exists()


def test_every_verb_that_moves_the_case_is_told_in_its_own_transaction(township, who):
    case, code = received(township)
    other, _other = received(township)
    for each in (case, other):
        assigned(each, who)
        hung(each, who)
    clocks.extend(case=case, officer=who(DEPUTY), reason="等批复")
    with pytest.raises(Refused):
        workflow.reopen(case=case, receipt=code, text="再办")
    case.refresh_from_db()
    assert (voices()[-1]["extended"], voices()[-1]["promised_on"]) == (
        True,
        case.promised_on.isoformat(),
    )
    handling.merge(case=case, officer=who(CLERK), into=other.number)
    merged = voices()[-1]
    assert (merged["state"], merged["with"]) == (
        "merged",
        Hanging.objects.get(case=other).address,
    )
    case.refresh_from_db()
    handling.separate(case=case, officer=who(CLERK), reason="是两件事")
    assert (voices()[-1]["state"], "with" in voices()[-1]) == ("open", False)
    before = PublicRecord.objects.count()
    handling.note(case=other, officer=who(CLERK), text="内部")
    assert PublicRecord.objects.count() == before


def test_whoever_withdraws_comes_off_the_wall(township, who):
    case, code = received(township)
    hung(case, who)
    workflow.withdraw(case=case, receipt=code)
    (told,) = voices(closed_at=None)
    assert (told["state"], told["down"]["reason"]) == ("down", "asked")


def test_a_voice_about_what_is_for_members_alone_is_not_on_the_public_wall(township, who, log):
    inner = disclosure_of(township, "JC-07", title="内部")
    opened(sealed(inner, plan=[{"scope": "A4", "keys": ["group:qingxi/leading"], "opens": ""}]))
    case, _code = received(township, inner)
    settled(case, who)
    assert voices() == []
    assert PublicRecord.objects.get(kind="answer").audience == ["group:qingxi/leading"]


def test_an_erasure_takes_the_voices_about_it_down(township, item, who, log):
    case, _code = received(township, item, text="里面写了某人的事")
    settled(case, who)
    given = {"disclosure": item, "officer": who("党委书记"), "reason": "泄露"}
    asked = publication.ask_erasure(**given)
    publication.confirm_erasure(erasure=asked, officer=who("纪委书记"))
    assert jobs.follow_erasures(None) == 1
    assert jobs.follow_erasures(None) == 0
    (told,) = voices(closed_at=None)
    assert (told["state"], told["down"]["reason"]) == ("down", "erased")
    bodies = " ".join(PublicRecord.objects.filter(closed_at=None).values_list("body", flat=True))
    assert "某人的事" not in bodies


def test_the_charters_exemption_covers_unchanged_words_of_its_kinds(township, who, monkeypatch):
    named = Unpassed(
        "热线照录", "Calls as taken", "来电都有录音", "Calls are recorded", ("hotline",)
    )
    version, charter = catalogue.charter_of(township)
    changed = replace(charter, voices=replace(charter.voices, unpassed=named))
    monkeypatch.setattr(
        "gongkai.procedure.feedback.wall_rules.charter_of", lambda _of: (version, changed)
    )
    call, _code = received(township, kind=CaseKind.HOTLINE)
    assert proposed(call, who).exemption == "热线照录"
    opinion, _code = received(township)
    assert proposed(opinion, who).exemption == ""
    other, _code = received(township, kind=CaseKind.HOTLINE)
    words = proposed(other, who, "水渠？", reason="shortened", why="摘要")
    assert (words.exemption, len(voices())) == ("", 1)


@pytest.mark.parametrize("count", [1, 3])
def test_hanging_costs_the_same_however_many_hang(township, who, count, django_assert_num_queries):
    for _each in range(count):
        case, _code = received(township)
        hung(case, who)
    officer = who(CLERK)
    with django_assert_num_queries(QUERIES):
        hanging.renew(case, officer.actor)


QUERIES = 5


def test_drafting_alone_says_nothing(township, who):
    case, _code = received(township)
    hung(case, who)
    before = PublicRecord.objects.count()
    drafted(case, who)
    # Only that it was given to a post; not that an answer lies there.
    assert PublicRecord.objects.count() == before + 1
