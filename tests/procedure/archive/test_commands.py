"""From the seal to the archive by command line, as the holders of posts."""

import pytest
import time_machine
from click.testing import CliRunner
from tests.procedure.editions import HOUR, MONDAY, disclosure_of, sealed
from tests.procedure.feedback.test_workflow import received

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.procedure.archive import commands as archive
from gongkai.procedure.feedback import commands as feedback
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.publication import commands as publication
from gongkai.procedure.publication import jobs

pytestmark = pytest.mark.usefixtures("home", "township")


def run(command, *given):
    result = CliRunner().invoke(command, [str(each) for each in given], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.output.splitlines()


def refused(command, *given):
    with pytest.raises(Refused) as refusal:
        run(command, *given)
    return refusal.value.obstacles


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


def test_from_the_seal_to_the_archive(township, monday):
    item = disclosure_of(township)
    sealed(item)
    stages = ("--stage", "A3", "--stage", "A1=2026-11-24T09:00")
    assert run(publication.publish, "plan", item.address, "--as", "office", *stages) == [
        "A3  2026年11月23日9:40  已安排",
        "A1  2026年11月24日9:00  已安排",
    ]
    moved = ("--stage", "A1=2026-11-23T11:00")
    run(publication.publish, "move", item.address, "--as", "office", *moved)
    assert jobs.open_due(clock.now()) == 1
    monday.shift(2 * HOUR)
    assert jobs.open_due(clock.now()) == 1
    assert [line.split("  ")[2] for line in run(publication.publish, "show", item.address)] == [
        "已公开",
        "已公开",
    ]
    number = received(township, item)[0].number
    who = ("--org", "qingxi", "--as")
    assert run(feedback.case, "list", "--org", "qingxi") == [f"{number}  2026年11月30日  等分办"]
    run(feedback.case, "assign", number, *who, "office", "--to", "finance")
    answer = ("--text", "修好了。", "--outcome", "done")
    run(feedback.case, "answer", number, *who, "finance", *answer)
    run(feedback.case, "return", number, *who, "deputy", "--reason", "写明哪天。")
    run(feedback.case, "answer", number, *who, "finance", *answer)
    assert run(feedback.case, "approve", number, *who, "deputy") == [
        f"{number}  2026年11月30日  已答复  财政所长"
    ]
    assert Case.objects.get().state == "answered"
    assert run(archive.file, item.address, "--as", "office") == [
        "Z109-WS·2026-Y-BGS-0001  关于水利设施的决定"
    ]


def test_left_out_stages_are_all_of_them(township):
    item = disclosure_of(township)
    sealed(item)
    assert len(run(publication.publish, "plan", item.address, "--as", "office")) == 2
    assert run(publication.publish, "cancel", item.address, "A3", "--as", "office") == [
        "已取消：A3",
        "已取消：A1",
    ]


def test_correct_withdraw_and_erase(township):
    item = disclosure_of(township)
    sealed(item)
    run(publication.publish, "plan", item.address, "--as", "office")
    jobs.open_due(clock.now())
    assert run(publication.correct, item.address, "--as", "organiser", "--note", "改了。") == [
        "第2稿，从现在的版本开始。"
    ]
    run(publication.withdraw, item.address, "--as", "deputy", "--reason", "有误。")
    run(publication.erase, "ask", item.address, "--as", "secretary", "--reason", "裁定。")
    assert refused(publication.erase, "confirm", item.address, "--as", "secretary") == [
        "清除要两个人：您是申请人，请另一位有清除权的人确认。"
    ]
    run(publication.erase, "confirm", item.address, "--as", "discipline")


def test_mistyped_words_say_what_would_do(township):
    item = disclosure_of(township)
    assert refused(publication.publish, "plan", item.address, "--as", "office") == [
        "“关于水利设施的决定”还没有审核封存，不能安排公开。"
    ]
    sealed(item)
    plan = ("plan", item.address, "--as", "office", "--stage")
    assert refused(publication.publish, *plan, "A3=明天") == [
        "“明天”不是时间。请写成2026-11-27T09:00这样。"
    ]
    assert refused(publication.publish, "cancel", item.address, "A1", "--as", "office") == [
        "“A1”没有在等公开。"
    ]
    assert refused(publication.erase, "confirm", item.address, "--as", "secretary") == [
        "没有人申请清除这一件。"
    ]
    who = ("--org", "qingxi", "--as", "deputy")
    assert refused(feedback.case, "approve", "2026-9", *who) == ["没有第2026-9号意见。"]
