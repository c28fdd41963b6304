"""What an item is found under, and that nothing is left of it when it goes."""

import json

import pytest
from tests.surfaces.board.office import address, pages

from gongkai.surfaces.board import addresses, build, check, jobs
from gongkai.surfaces.board.finding import key_of, key_of_number, key_of_text, text_of
from gongkai.surfaces.board.models import Place, Shelf

A, B = address(1), address(2)
TEXT = "<p>第一批52处，2027年9月底前全部完工，逐处验收。</p>"
NUMBER, DOCUMENT = "青溪-JC-2026-12", "青委发〔2026〕41号"


def found(office, key: str) -> list[str] | None:
    """The addresses found under ``key``; None when nothing stands there."""
    path = office.home.board / addresses.finding(key)[1:]
    return json.loads(path.read_bytes()) if path.exists() else None


def stand(office, subject: str) -> dict:
    return json.loads((office.home.board / f"i/{subject}.json").read_bytes())


def lookups(office) -> list[str]:
    """Everything below /verify/find/."""
    return [path for path in pages(office.home.board) if path.startswith("verify/find/")]


# -- one spelling ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        (" 青溪－jc—2026−12 ", NUMBER),
        ("青委发 〔2026〕 ４１号", DOCUMENT),
    ],
)
def test_a_number_is_found_however_it_is_typed(typed, same):
    assert key_of_number(typed) == key_of_number(same)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>甲 &amp;\n乙</p><p>丙</p>", "甲&乙丙"),
        ("<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", "12"),
        ("<p>a\u00a0b\u3000c\u200bd\ufeff</p>", "abcd"),
    ],
)
def test_a_text_is_its_words_without_blanks(body, text):
    assert text_of(body) == text


# -- being found -----------------------------------------------------------------------------------


def test_an_item_is_found_under_all_that_one_may_hold(qingxi_board):
    file = qingxi_board.attachment(b"%PDF list")
    qingxi_board.release(A, body=TEXT, attachments=[file])
    qingxi_board.go()
    held = [
        key_of_number(NUMBER),
        key_of_number(DOCUMENT),
        key_of_text("第一批52处，2027年9月底前全部完工，逐处验收。"),
        key_of(file["digest"]),
    ]
    assert [found(qingxi_board, key) for key in held] == [[A]] * 4
    assert stand(qingxi_board, A) == {
        "address": A,
        "current": 1,
        "number": NUMBER,
        "page": f"http://127.0.0.1:8000/i/{A}",
        "state": "open",
        "versions": [1],
    }


def test_a_text_that_stands_everywhere_is_no_key(qingxi_board):
    qingxi_board.release(A, body="<p>见附件。</p>", document_number="", number="")
    qingxi_board.go()
    assert lookups(qingxi_board) == []


def test_what_two_items_share_finds_both_until_one_goes(qingxi_board):
    file = qingxi_board.attachment(b"%PDF form")
    for subject in (A, B):
        qingxi_board.release(subject, attachments=[file])
        qingxi_board.go()
    assert found(qingxi_board, key_of(file["digest"])) == [A, B]
    qingxi_board.withdraw(A)
    jobs.remove()
    assert found(qingxi_board, key_of(file["digest"])) == [B]


def test_a_corrected_item_is_found_under_both_texts(qingxi_board):
    qingxi_board.release(A, body=TEXT)
    qingxi_board.go()
    qingxi_board.release(A, body=TEXT.replace("9月", "10月"), note="改期。")
    qingxi_board.go()
    for month in ("9月", "10月"):
        text = f"第一批52处，2027年{month}底前全部完工，逐处验收。"
        assert found(qingxi_board, key_of_text(text)) == [A]
    assert stand(qingxi_board, A)["versions"] == [1, 2]


def test_what_only_members_may_read_is_found_by_nobody(qingxi_board):
    qingxi_board.release(A, body=TEXT, audience=("org:qingxi",))
    qingxi_board.go()
    assert lookups(qingxi_board) == []
    assert not qingxi_board.has(f"i/{A}.json")


# -- going -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "state"), [("withdraw", "withdrawn"), ("erase", "erased")])
def test_what_goes_is_found_no_more_at_once_and_its_number_leads_to_the_tombstone(
    qingxi_board, act, state
):
    file = qingxi_board.attachment(b"%PDF list")
    qingxi_board.release(A, body=TEXT, attachments=[file])
    qingxi_board.go()
    getattr(qingxi_board, act)(A)
    jobs.remove()
    assert lookups(qingxi_board) == []
    assert not qingxi_board.has(f"i/{A}.json")
    qingxi_board.go()
    assert found(qingxi_board, key_of_number(NUMBER)) == [A]
    assert len(lookups(qingxi_board)) == 1
    assert stand(qingxi_board, A)["state"] == state


def test_no_digest_of_what_is_erased_stays_in_the_database(qingxi_board):
    file = qingxi_board.attachment(b"%PDF form")
    for subject in (A, B):
        qingxi_board.release(subject, body=TEXT, attachments=[file], number=f"QX-{subject}")
    qingxi_board.go()
    qingxi_board.release(A, body=TEXT.replace("52", "53"), note="更正。", number=f"QX-{A}")
    qingxi_board.go()
    qingxi_board.erase(A)
    qingxi_board.go()
    held = Place.objects.filter(subject=A, shelf__name__startswith="k:")
    assert [place.shelf.name for place in held] == [f"k:{key_of_number(NUMBER)}"]
    text = "第一批53处，2027年9月底前全部完工，逐处验收。"
    assert not Shelf.objects.filter(name=f"k:{key_of_text(text)}").exists()
    assert found(qingxi_board, key_of(file["digest"])) == [B]


# -- built anew, and checked -----------------------------------------------------------------------


def test_built_anew_it_is_the_same_and_what_was_spoilt_is_put_right(qingxi_board):
    file = qingxi_board.attachment(b"%PDF form")
    for subject in (A, B):
        qingxi_board.release(subject, body=TEXT, attachments=[file])
    qingxi_board.go()
    build.build()
    before = pages(qingxi_board.home.board)
    assert build.build().changed == 0
    qingxi_board.lease.release()
    shared = addresses.finding(key_of(file["digest"]))[1:]
    spoilt = addresses.finding(key_of_number(NUMBER))[1:]
    left = "verify/find/00/00000000000000.json"
    for path, data in ((shared, f'["{A}"]'), (spoilt, "spoilt"), (left, f'["{A}"]')):
        (qingxi_board.home.board / path).parent.mkdir(exist_ok=True)
        (qingxi_board.home.board / path).write_text(data)
    (qingxi_board.home.board / f"i/{B}.json").unlink()
    wrong = check.check().wrong
    assert set(wrong) == {shared, spoilt, left, f"i/{B}.json"}
    assert pages(qingxi_board.home.board) == before
