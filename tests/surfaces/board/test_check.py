"""What a check finds and puts right, alone and beside a keeper."""

import pytest
from tests.surfaces.board.office import address, pages

from gongkai.foundation.ledger.lease import Lease
from gongkai.surfaces.board import build, check, rendering

A, B = address(1), address(2)


@pytest.fixture
def board(qingxi_board):
    """Two items with an attachment, and nobody who keeps the place."""
    file = qingxi_board.attachment(b"%PDF list")
    qingxi_board.release(A, attachments=[file])
    qingxi_board.release(B)
    qingxi_board.go()
    qingxi_board.lease.release()
    return qingxi_board


def spoil(office):
    """Edit, remove and add files by hand; returns their paths."""
    folder = office.home.board
    page = folder / f"i/{A}.html"
    page.write_bytes(page.read_bytes().replace("52处".encode(), "99处".encode()))
    (folder / "wall.html").unlink()
    (folder / f"en/i/{B}.html.br").write_bytes(b"forged")
    (folder / f"i/{B}/v1.json").write_text("{}")
    (folder / "forged.html").write_text("x")
    (folder / "c/JC").mkdir(exist_ok=True)
    (folder / "c/JC/9.html").write_text("x")
    edited = (f"i/{A}.html", f"i/{B}/v1.json", f"en/i/{B}.html")
    return sorted(("forged.html", "c/JC/9.html", "wall.html", *edited))


@pytest.mark.parametrize("quick", [True, False])
def test_a_sound_board_is_found_sound(board, quick):
    before = pages(board.home.board)
    found = check.check(quick=quick)
    assert (found.wrong, found.files) == ((), rendering.manifest().count())
    assert pages(board.home.board) == before


@pytest.mark.parametrize("quick", [True, False])
def test_what_was_edited_removed_or_added_is_found_and_put_right(board, quick):
    before = pages(board.home.board)
    wrong = spoil(board)
    assert sorted(check.check(quick=quick).wrong) == wrong
    assert pages(board.home.board) == before
    assert check.check(quick=quick).wrong == ()


def test_beside_a_keeper_it_is_the_keeper_that_puts_right(board, monkeypatch):
    before = pages(board.home.board)
    wrong = spoil(board)
    keeper = Lease()
    assert keeper.acquire()
    monkeypatch.setattr(check.time, "sleep", lambda _seconds: build.mend())
    assert sorted(check.check(quick=True).wrong) == wrong
    keeper.release()
    assert pages(board.home.board) == before


def test_what_no_keeper_settles_is_said_to_be_waiting(board, monkeypatch):
    (board.home.board / "wall.html").unlink()
    keeper = Lease()
    assert keeper.acquire()
    monkeypatch.setattr(check, "PATIENCE", 0.0)
    found = check.check(quick=True)
    keeper.release()
    assert (found.wrong, found.waiting) == ((), ("wall.html",))
    assert not board.has("wall.html")


def test_what_waits_for_its_page_is_nobodys_fault(board):
    assert board.lease.acquire()
    board.release(address(3))
    board.withdraw(A)
    board.expose()
    board.lease.release()
    assert check.check().wrong == ()
    assert "第一批52处" in board.page(f"i/{address(3)}.html")
    assert "第一批52处" not in board.page(f"i/{A}.html")


def test_a_page_and_its_digest_changed_together_are_found_by_the_records(board):
    page = board.home.board / f"i/{A}.html"
    sound = page.read_bytes()
    site = rendering.site_of_board()
    site.write(f"i/{A}.html", "forged")
    rendering.finish(site)
    assert check.check(quick=True).wrong == ()
    assert check.check().wrong == (f"i/{A}.html",)
    assert page.read_bytes() == sound
