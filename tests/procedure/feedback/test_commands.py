"""Voices by command line: taken down, timed, merged and handed over, as the holders of posts."""

import pytest
import time_machine
from tests.procedure.archive.test_commands import refused, run
from tests.procedure.editions import MONDAY
from tests.procedure.feedback.test_handling import below
from tests.procedure.feedback.test_workflow import received

from gongkai.procedure.feedback.commands import case
from gongkai.procedure.feedback.queries import by_receipt

pytestmark = pytest.mark.usefixtures("township", "log")
OFFICE = ("--org", "qingxi", "--as", "office")
DEPUTY = ("--org", "qingxi", "--as", "deputy")


def test_a_letter_from_its_door_to_another_body(township):
    below(township)
    with time_machine.travel(MONDAY):
        line, code = run(case, "take", *OFFICE, "--kind", "letter", "--text", "水渠断了。")
        assert line == "2026-1  2026年12月8日  等分办"
        assert by_receipt(code).number == "2026-1"
        assert run(case, "accept", "2026-1", *OFFICE) == ["2026-1  2027年1月22日  等分办"]
        stop = ("--reason", "sender", "--text", "等他说明。")
        assert run(case, "stop", "2026-1", *OFFICE, *stop) == ["2026-1  没有期限  等分办"]
        assert run(case, "resume", "2026-1", *OFFICE) == ["2026-1  2027年1月22日  等分办"]
        longer = ("--reason", "要等检测。")
        assert run(case, "extend", "2026-1", *DEPUTY, *longer) == ["2026-1  2027年2月21日  等分办"]
        over = ("--to", "shiqiao", "--reason", "归村里管。")
        assert run(case, "hand-over", "2026-1", *OFFICE, *over) == ["2026-1  2027年2月21日  等分办"]
        assert run(case, "list", "--org", "qingxi") == []


def test_two_voices_are_merged_and_a_matter_of_others_names_them(township):
    with time_machine.travel(MONDAY):
        received(township), received(township)
        assert run(case, "merge", "2026-2", *OFFICE, "--into", "2026-1") == [
            "2026-1  2026年11月30日  等分办"
        ]
        run(case, "assign", "2026-1", *OFFICE, "--to", "finance")
        finance = ("--org", "qingxi", "--as", "finance", "--text", "归县里管。")
        elsewhere = ("--outcome", "elsewhere")
        assert refused(case, "answer", "2026-1", *finance, *elsewhere) == ["请写明转告了哪个单位。"]
        run(case, "answer", "2026-1", *finance, *elsewhere, "--passed-to", "县水利局")
        assert run(case, "approve", "2026-1", *DEPUTY) == [
            "2026-1  2026年11月30日  已答复  财政所长"
        ]
