"""``gongkai board`` from the command line."""

import pytest
from click.testing import CliRunner
from tests.surfaces.board.office import address

from gongkai.foundation.ledger.jobs import RolledBack
from gongkai.foundation.ledger.models import Head, PublicRecord
from gongkai.surfaces.board.commands import board

A = address(1)


def test_check_finds_and_repairs(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    qingxi_board.lease.release()
    whole = CliRunner().invoke(board, ["check", "--jobs", "1"])
    assert (whole.exit_code, "都和公开记录一致。" in whole.output) == (0, True)
    (qingxi_board.home.board / f"i/{A}.html").write_text("forged")
    found = CliRunner().invoke(board, ["check", "--jobs", "1"])
    assert (found.exit_code, f"i/{A}.html\n" in found.output) == (1, True)
    assert CliRunner().invoke(board, ["check", "--jobs", "1"]).exit_code == 0


def test_build_makes_a_lost_board_again(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    qingxi_board.lease.release()
    (qingxi_board.home.board / "index.html").unlink()
    assert CliRunner().invoke(board, ["build", "--jobs", "1"]).exit_code == 0
    assert "青溪" in qingxi_board.page("index.html")


def test_an_older_database_takes_no_page_away(qingxi_board):
    before = Head.objects.values().get()
    qingxi_board.release(A)
    qingxi_board.go()
    qingxi_board.lease.release()
    PublicRecord.objects.filter(seq__gte=before["exposed_size"]).delete()
    Head.objects.update(**before)
    with pytest.raises(RolledBack):
        CliRunner().invoke(board, ["build", "--jobs", "1"], catch_exceptions=False)
    assert (qingxi_board.home.board / f"i/{A}.html").exists()


def test_beside_a_keeper_it_is_refused(qingxi_board):
    refusal = CliRunner().invoke(board, ["build", "--jobs", "1"]).exception
    assert refusal.obstacles == ["keeper 还在运行。请先停下 gongkai，再做一次。"]
