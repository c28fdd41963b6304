"""Every act has its sentence, and says what happened in it."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

import gongkai
from gongkai.foundation.ledger import keyring
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.seals import workflow as seals
from gongkai.surfaces.desk import sentences, story

SOURCE = Path(gongkai.__file__).parent
VERB = re.compile(r"[a-z]+\.[a-z_-]+")
RECORDERS = {
    "record",
    "_note",
    "_act",
    "_open",
    "_told",
    "_record",
    "_record_list",
    "_record_absence",
    "_record_found",
    "_record_member",
    "_record_post",
    "_settle",
    "_tell",
    "tell",
    "record_act",
}
NAMES = story.Names({"A1": "向社会公开", "A3": "在本镇党员干部中公开"}, "Asia/Shanghai")
AT = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


def verbs_in_source() -> set[str]:
    """What is spelt like a verb in every call that writes an act; the log's keys and the
    certificates have tables of theirs.
    """
    found = {*keyring.VERBS.values(), *seals.VERBS.values()}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in RECORDERS:
                said = [*node.args, *(k.value for k in node.keywords if k.arg == "verb")]
                found |= {
                    part.value
                    for each in said
                    for part in ast.walk(each)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return {verb for verb in found if VERB.fullmatch(verb)}


def _name(called: ast.expr) -> str:
    return getattr(called, "attr", getattr(called, "id", ""))


def act(verb, *, who="组织干事", at=AT, **facts):
    return Act(verb=verb, actor=who, actor_label=who, at=at, subject_label="某事", facts=facts)


def test_every_verb_in_the_source_has_its_sentence():
    verbs = verbs_in_source()
    assert {"draft.begin", "review.seal", "release.open", "case.approve"} <= verbs
    assert verbs - set(sentences.SENTENCES) == set()


def test_no_sentence_is_for_a_verb_that_nobody_records():
    assert {key.partition(" ")[0] for key in sentences.SENTENCES} - verbs_in_source() == set()


PLAN = [{"edition": 1, "scope": "A1", "opens_at": "2026-12-01T01:00:00Z"}]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (act("draft.begin", entry="JC-05"), "组织干事在目录JC-05下起草了这一件。"),
        (act("draft.edit", changed=["title", "body"]), "组织干事修改了正文、标题。"),
        (act("draft.edit", attached="ab" * 32), "组织干事修改了附件。"),
        (act("draft.submit", round=1), "组织干事送审，并作了真实性承诺。"),
        (act("draft.submit", round=2), "组织干事第2次送审，并作了真实性承诺。"),
        (
            act("review.pass", who="党政办主任、工会主席", post="党政办主任", stage="分管领导审核"),
            "党政办主任通过“分管领导审核”，意见是",
        ),
        (
            act("review.seal", post="党委书记", number=1, seal="青委公审〔2026〕第1号"),
            "党委书记加盖审核专用章，封存为第1版，编号青委公审〔2026〕第1号。",
        ),
        (act("release.plan", plan=PLAN), "组织干事安排公开：向社会公开定在2026年12月1日9:00。"),
        (
            act("release.plan", plan=PLAN, before="2026-11-30T01:00:00Z"),
            "组织干事改了公开时间：向社会公开定在2026年12月1日9:00，原来定在2026年11月30日9:00。",
        ),
        (
            act("release.open", who="系统", edition=1, scope="A3"),
            "第1版在本镇党员干部中公开，按安排自动公开。",
        ),
        (
            act("release.open", who="系统", edition=1, scope="A1", late=3600),
            "第1版向社会公开，比安排晚了60分钟公开。",
        ),
        (
            act("case.receive", who="读者", case="2026-1", promised_on="2026-11-30"),
            "收到读者的意见2026-1，答应2026年11月30日前答复。",
        ),
        (
            act("case.answer", case="2026-1", outcome="planned"),
            "组织干事写了意见2026-1的答复（已列入计划），等人审定。",
        ),
        (
            act("case.answer", case="2026-1", outcome="done", exemption="当场答复"),
            "组织干事答复了意见2026-1（已办成），按“当场答复”不用第二人审定。",
        ),
        (act("some.thing"), "组织干事：some.thing。"),
    ],
)
def test_a_sentence_says_what_happened(told, said):
    assert story.sentence(told, NAMES) == said


@pytest.mark.parametrize("key", sorted(sentences.SENTENCES))
def test_every_sentence_can_be_said_of_an_act_without_facts(key):
    verb, _, variant = key.partition(" ")
    facts = {"privacy": variant == "privacy", "round": 2 if variant else 1}
    if variant == "late":
        facts["late"] = 60
    if variant == "moved":
        facts["before"] = "2026-11-30T01:00:00Z"
    if verb == "release.open":
        facts["scope"] = "A1"
    if variant == "exempt":
        facts["exemption"] = "当场答复"
    assert "%" not in story.sentence(act(verb, **facts), NAMES)


def test_only_the_verbs_that_quote_leave_their_sentence_open():
    left_open = {
        key.partition(" ")[0] for key, said in sentences.SENTENCES.items() if said[-1] != "。"
    }
    assert left_open == sentences.QUOTING


@pytest.mark.parametrize("verb", sorted(sentences.QUOTING))
def test_a_sentence_whose_words_were_erased_is_whole(verb):
    told = act(verb, post="党政办主任", stage="分管领导审核", case="2026-1")
    for said, ending in (("zh-hans", "（原话已随内容清除）。"), ("en", "(the words were erased)")):
        with translation.override(said):
            [event] = story.events([told], NAMES)
        assert (event.text.endswith(ending), event.quote) == (True, "")


def test_saves_in_a_row_are_one_line_and_words_are_quoted():
    acts = [
        act("draft.begin", entry="JC-05"),
        act("draft.edit", changed=["body"]),
        act("draft.edit", changed=["title"]),
        act("draft.edit", who="团委书记", changed=["plan"]),
        act("review.return", post="党政办主任", text="去掉13800132046"),
    ]
    events = story.events(acts, NAMES)
    assert [(event.text, event.quote) for event in events] == [
        ("党政办主任退回修改，理由是", "去掉138****2046"),
        ("团委书记修改了公开范围和时间。", ""),
        ("组织干事修改了正文、标题，存了2次。", ""),
        ("组织干事在目录JC-05下起草了这一件。", ""),
    ]
