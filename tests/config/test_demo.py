"""The demonstration: a second load does nothing, one that was cut off is completed."""

from collections import Counter

import pytest
from click.testing import CliRunner
from tests.surfaces.board.office import forget

from gongkai.config import demo
from gongkai.config.demonstration import ITEMS, VOICES
from gongkai.config.demonstration import accounts as giving
from gongkai.config.demonstration import township as doing
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.organisations.models import Account, Member, Organisation
from gongkai.foundation.translog.note import Signer
from gongkai.procedure.feedback import receipts
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Release
from gongkai.procedure.review import queries as review_read
from gongkai.procedure.review import workflow as review


class Cut(Exception):
    """The process ends here."""


@pytest.fixture
def demo_home(home, settings, db):
    """An empty home whose log origin says that it is a demonstration."""
    settings.LOG_ORIGIN = "demo.invalid/test"
    settings.DEMONSTRATION = True
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    forget()
    return home


def load() -> str:
    result = CliRunner().invoke(demo.demo, ["load"])
    if result.exception:
        raise result.exception
    return result.output


def accounts(home) -> dict[str, str]:
    rows = (home.path / "demo-accounts.txt").read_text("utf-8").splitlines()[1:]
    return {row.split("\t")[0]: row.split("\t")[1] for row in rows}


def state() -> dict[str, object]:
    """What there is, told so that two loads can be compared."""
    return {
        "drafts": sorted(Draft.objects.values_list("title", "number", "state")),
        "releases": sorted(
            Release.objects.values_list("disclosure__title", "edition__number", "scope", "state")
        ),
        "cases": sorted(Case.objects.values_list("text", "state")),
        "records": Counter(PublicRecord.objects.values_list("kind", flat=True)),
        "members": sorted(Member.objects.values_list("name", flat=True)),
    }


def test_a_second_load_does_nothing(demo_home):
    first = load()
    acts, before, passwords = Act.objects.count(), state(), accounts(demo_home)
    second = load()
    assert first.startswith(f"演示内容装好了：{acts}个步骤。")
    assert second.startswith("演示内容早已装好，什么也没有改。")
    assert (Act.objects.count(), state(), accounts(demo_home)) == (acts, before, passwords)


@pytest.mark.once
@pytest.mark.parametrize(
    "verb",
    [
        "organisations.make_account",
        "review.seal",
        "publication.correct",
        "archive.file",
        "accounts",
    ],
)
def test_a_load_that_was_cut_off_is_completed(demo_home, monkeypatch, verb):
    modules = {"organisations": doing.people, "proposals": doing.proposals, "review": doing.review}
    modules |= {
        "publication": doing.publication,
        "feedback": doing.feedback,
        "archive": doing.archive,
    }
    app, _, name = verb.partition(".")
    place, name = (modules[app], name) if name else (giving, "_write")
    original, calls = getattr(place, name), []

    def cut(*args, **values):
        calls.append(name)
        made = original(*args, **values)
        if len(calls) == 1:
            raise Cut
        return made

    with monkeypatch.context() as cutting:
        cutting.setattr(place, name, cut)
        with pytest.raises(Cut):
            demo.load_all()
    monkeypatch.setattr(demo, "_expose", lambda: None)  # the board's own tests cut it off
    assert demo.load_all() == []
    told = state()
    assert len(told["drafts"]) == len(ITEMS) + 1
    assert len(told["cases"]) == len(VOICES)
    assert told["records"] == {
        "charter": 1,
        "release": 20,
        "posting": 6,
        "voice": 13,
        "answer": 7,
        "reception": 2,
        "withdrawal": 1,
        "filing": 2,
    }
    for username, password in accounts(demo_home).items():
        assert Account.objects.get(username=username).check_password(password), username


@pytest.mark.once
def test_what_a_rule_refuses_is_reported_and_the_rest_is_loaded(demo_home, monkeypatch):
    def refuse(**_values):
        raise Refused(["今天不撤回。"])

    monkeypatch.setattr(doing.publication, "withdraw", refuse)
    with pytest.raises(Refused) as refusal:
        load()
    assert refusal.value.obstacles == [
        "演示内容没有装完，再运行一次会接着装。",
        "fw-04-autumn.txt：今天不撤回。",
    ]
    assert PublicRecord.objects.filter(kind="filing").count() == 2
    monkeypatch.undo()
    assert load().startswith("演示内容装好了：1个步骤。")


@pytest.mark.once
def test_what_was_done_by_hand_is_left_as_it_is(demo_home, monkeypatch):
    monkeypatch.setattr(demo, "_expose", lambda: None)
    demo.load_all()
    township = doing.Township(Organisation.objects.get(slug="qingxi"))
    items = {each.entry.code: each for each in Disclosure.objects.select_related("entry")}
    deputy, youth = township.officer("deputy"), township.officer("youth")
    secretary, discipline = township.officer("secretary"), township.officer("discipline")
    publication.withdraw(disclosure=items["FW-01"], officer=deputy, reason="有误。")
    asked = publication.ask_erasure(
        disclosure=items["ZZ-08"], officer=secretary, reason="当事人要求。"
    )
    publication.confirm_erasure(erasure=asked, officer=discipline)
    written = proposals_read.draft_in_hand(items["QT-02"])
    proposals.edit(draft=written, officer=youth, edits=written.edits, title="另一个标题")
    under_review = review_read.open_review(items["SX-03"])
    review.recall(review=under_review, officer=township.officer("organiser"))
    answered = Case.objects.get(token="demonstration-canal")
    code = receipts.code_for(answered.token)
    feedback.reopen(case=answered, receipt=code, text="还没有办好。")
    acts, before = Act.objects.count(), state()
    assert demo.load_all() == []
    assert [(act.verb, act.subject_label) for act in Act.objects.order_by("pk")[acts:]] == []
    assert state() == before


def test_a_real_installation_is_left_alone(demo_home, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(Refused) as refusal:
        load()
    assert "这里不是演示" in refusal.value.obstacles[0]
    assert not Act.objects.exists()
