"""The command line, and the keeper's page, of witnesses on both sides."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from tests import cast

from gongkai.config import doctor
from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.translog.cosigned import witness_place
from gongkai.foundation.witness import queries
from gongkai.foundation.witness.commands import witness
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.desk import inbox


def run(*words):
    result = CliRunner().invoke(witness, words)
    return result.exit_code, result.output


@pytest.fixture
def township(ours):
    """An installation whose log has entries."""
    township = cast.township()
    ours(2)
    return township


def test_both_sides_from_the_command_line(home, ours, township, neighbour):
    vkey = neighbour.cosigner.verifier.vkey
    assert run("key") == (0, queries.cosigner().witness.vkey + "\n")
    assert run("list") == (0, "没有给别人见证，也没有采信联署人。\n")
    assert "已联署到3条" in run("add", f"{neighbour.url}/", neighbour.vkey)[1]
    neighbour.cosigns(ours(0))
    status, said = run("trust", neighbour.url, vkey)
    assert (status, "从现在起采信other.test/log/witness的联署" in said) == (0, True)
    assert (home.log / "cosigned/checkpoint").exists()
    assert (home.log / witness_place("other.test/log")).exists()
    assert run("list")[0] == run("run")[0] == 0
    assert doctor.witness() == ""
    neighbour.expose(3, root=bytes(32))
    status, said = run("run")
    assert (status, "不好：日志有两段不同的历史" in said) == (1, True)
    assert (home.log / "checkpoint").read_text() not in run("list")[1]
    assert (neighbour.store.folder / "checkpoint").read_text() in run("list")[1]
    assert "受见证的日志other.test/log对不上" in doctor.witness()
    assert run("remove", "other.test/log")[0] == run("distrust", neighbour.url)[0] == 0
    assert run("remove", "nobody")[0] == 1
    acts = Act.objects.filter(verb__startswith="witness.").order_by("pk")
    assert [act.verb for act in acts] == [
        "witness.watch",
        "witness.trust",
        "witness.accuse",
        "witness.unwatch",
        "witness.distrust",
    ]


def test_a_silent_witness_stands_on_the_administrator_s_desk_after_a_day(
    ours, township, neighbour, time_machine
):
    run("trust", neighbour.url, neighbour.cosigner.verifier.vkey)
    officer = organisations.officer_of_post(township, "clerk", organisations.today(township))
    asked = [task for task in inbox.tasks(officer) if task.title.startswith("见证：")]
    assert asked == []
    time_machine.move_to(clock.now() + timedelta(hours=25))
    (task,) = (task for task in inbox.tasks(officer) if task.title.startswith("见证："))
    assert ("那里没有检查点" in task.say, task.now) == (True, False)


def test_the_page_about_the_log_names_each_witness_and_its_lag(home, ours, township, neighbour):
    def page():
        board.witnesses(clock.now())
        return (home.board / "log-about.html").read_text()

    run("trust", neighbour.url, neighbour.cosigner.verifier.vkey)
    assert "还没有联署过。" in page()
    assert "最近一次没有取到它的联署" in page()
    neighbour.cosigns(ours(0))
    run("run")
    assert "全部签过了。" in page()
    assert board.witnesses(clock.now()) is False
    old = ours(2)
    neighbour.cosigns(old)
    run("run")
    ours(3)
    neighbour.cosigns(old)
    run("run")
    assert "最新的3条它还没有签。" in page()
