"""The pages against text tables, as the board's own handler answers."""

from pathlib import Path

import pytest
from tests.procedure.duties.rows import owed, row
from tests.surfaces.board.office import address

from gongkai.config.serving import Board

TABLES = sorted((Path(__file__).parent / "board").glob("*.txt"))
NAMES = {name: address(number) for number, name in enumerate("AWEFXSLJ", start=1)}


@pytest.fixture
def board(qingxi_board):
    """A township's board with one of each."""
    office = qingxi_board
    file = office.attachment(b"list", title="<i>附件</i>")
    for name in "AWEF":
        office.release(NAMES[name])
    office.release(
        NAMES["X"],
        title='<script>alert(1)</script>"><img src=x onerror=alert(2)>',
        proposer={"name": "甲", "post": "<b>某某</b>办公室"},
        attachments=[file],
        document_number="",
    )
    office.release(NAMES["S"], title="　 ", number="青溪-QT-2026-2", document_number="")
    office.release(NAMES["L"], title="标题" * 1000, number="青溪-QT-2026-3", document_number="")
    office.release(NAMES["J"], title="👩🏽‍🌾 丰收", document_number="")
    office.go()
    office.release(
        NAMES["A"],
        body="<p>第一批52处，2027年10月底前完工。</p>",
        note="要与县里的停水安排一致。",
        opened_at="2026-11-19T02:06:00Z",
    )
    office.answer(NAMES["A"], item=NAMES["A"])
    office.withdraw(NAMES["W"])
    office.erase(NAMES["E"])
    office.filing(NAMES["F"])
    due = {"entry": "FW-05", "listed": True, **row(owed=[owed("2026-11", "2026-11-30")])}
    office.record("coverage", "cover:qingxi", {"public"}, {"rows": [due]})
    office.go()
    return Board(office.home.board)


def cases(table):
    for part in table.read_text("utf-8").split("\n\n"):
        lines = [line for line in part.strip().splitlines() if not line.startswith("#")]
        if lines:
            yield lines


def filled(line: str) -> str:
    for name, value in {**NAMES, "NONE": address(99)}.items():
        line = line.replace(f"{{{name}}}", value)
    return line


def answer(board, path: str) -> tuple[str, str]:
    """Status and words of the answer, without the marks where a title may break."""
    told = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1")}
    body = b"".join(board(environ, lambda status, headers: told.append(status)))
    return told[0].split()[0], body.decode("utf-8").replace("<wbr>", "")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_pages_say_what_the_table_says(board, table):
    wrong = []
    for request, status, *rest in cases(table):
        path = filled(request.removeprefix("GET "))
        got, words = answer(board, path)
        if got != status:
            wrong.append(f"{path}: {got}, not {status}")
        for line in rest:
            sign, wanted = line[0], filled(line[2:])
            if (wanted in words) != (sign == "="):
                wrong.append(f"{path}: {sign} {wanted}")
    assert wrong == []
