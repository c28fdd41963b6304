"""Proofs made under an earlier key of the log, after it was replaced, and after it was stolen."""

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from tests.surfaces.board.office import address
from tests.surfaces.board.serving import dress, served

from gongkai.config.keys import make_next_key
from gongkai.foundation.core import canonical
from gongkai.foundation.ledger import keyring, logs
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.logs import PUBLIC
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner
from gongkai.foundation.translog.keylist import KeyList
from gongkai.foundation.translog.merkle import leaf_hash
from gongkai.foundation.translog.proof import Proof
from gongkai.surfaces.board import item_commands
from gongkai.surfaces.board.bundle import Bundle, Differs, gather

A = address(1)
WITNESS, SEEN = Cosigner("n.test/log/witness", b"7" * 32), 1_795_406_400


@pytest.fixture
def board(qingxi_board):
    """A board with one item, whose log can change its key."""
    qingxi_board.release(A)
    qingxi_board.go()

    def change(kind, *, size=0):
        old, new = PUBLIC.vkey, ""
        if kind == keyring.RETIRED:
            old = qingxi_board.home.public_key("log.old.key")
        else:
            make_next_key(qingxi_board.home, "log", PUBLIC.origin)
            new = qingxi_board.home.public_key("log.next.key")
        who = ledger.Actor("member:0000000001", "党政办主任")
        ledger.change_key(
            log=PUBLIC,
            change=kind,
            old=old,
            new=new,
            size=size,
            actor=who,
            organisation="qingxi",
            why="例行更换",
        )
        qingxi_board.go()

    qingxi_board.change = change
    return qingxi_board


def made(board) -> Bundle:
    return gather(item_commands._folder(board.home.board), A)


def listed(board) -> KeyList:
    return KeyList.decode((board.home.log / "keys.json").read_bytes())


def backdated(thief, good: Bundle) -> Bundle:
    """What a thief can make: a log of one entry, as if it were old, with another text in it."""
    sealed = good.sealed.replace("52处", "25处")
    facts = {**good.facts, "digest": canonical.digest(sealed.encode()), "index": 0}
    forged = replace(good, sealed=sealed, facts=facts, keys=None)
    root = leaf_hash(forged.entry())
    note = thief.sign(Checkpoint(PUBLIC.origin, 1, root).text())
    return replace(forged, proof=Proof(0, (), note).text())


def cosigned(board) -> None:
    """A witness signs the log as it stands, and the board tells of it."""
    note = (board.home.log / "checkpoint").read_text()
    text = note.rpartition("\n\n")[0] + "\n"
    place = board.home.log / "cosigned/000"
    place.parent.mkdir()
    place.write_text(note + WITNESS.cosign(text, SEEN))
    told = {
        "conflict": False,
        "name": WITNESS.witness.name,
        "size": int(text.split("\n")[1]),
        "time": "2026-11-22T16:00:00Z",
        "trouble": "",
        "url": "https://n.test",
        "vkey": WITNESS.witness.vkey,
    }
    (board.home.log / "witnesses.json").write_bytes(canonical.encode({"witnesses": [told]}))


def verify(tmp_path, bundle: Bundle, *words: str):
    file = tmp_path / "bundle.json"
    file.write_bytes(bundle.encode())
    return CliRunner().invoke(item_commands.verify, [str(file), *words])


def test_after_a_rotation_every_bundle_is_proved_by_either_key(board, tmp_path):
    first, before = PUBLIC.vkey, made(board)
    assert before.keys is None
    board.change(keyring.ROTATED)
    board.change(keyring.RETIRED)
    second, after = PUBLIC.vkey, made(board)
    assert Bundle.parse(after.encode()) == after
    assert (after.check(first).size, after.check(second).size) == (4, 4)
    assert before.check(first).size == 2
    with pytest.raises(Differs, match="检查点上没有"):
        before.check(second)
    assert before.check(second, keys=listed(board)).size == 2
    saved = str(board.home.log / "keys.json")
    assert verify(tmp_path, before, "--vkey", second, "--keys", saved).exit_code == 0
    with served(board.home.board) as here:
        done = verify(tmp_path, before, "--vkey", second, "--board", here)
    assert (done.exit_code, "从这个检查点接着长的" in done.output) == (0, True), done.output
    page = board.page("log-about.html")
    assert (second in page, "停用旧密钥" in page, "例行更换" in page) == (True, True, True)
    assert "another key" in board.page("en/log-about.html")


def test_what_was_cosigned_under_an_earlier_key_goes_on_to_say_not_later_than(board, tmp_path):
    cosigned(board)
    first, size = PUBLIC.vkey, made(board).check().size
    board.change(keyring.ROTATED)
    board.change(keyring.RETIRED)
    second, after = PUBLIC.vkey, made(board)
    assert (after.check(first).size, after.check(second).size) == (size, size)
    done = verify(tmp_path, after, "--vkey", second, "--witness", WITNESS.witness.vkey)
    assert (done.exit_code, "不晚于" in done.output) == (0, True), done.output


def test_after_a_theft_a_witness_alone_can_date_what_the_stolen_key_signed(board, tmp_path):
    cosigned(board)
    before = made(board)
    board.change(keyring.COMPROMISED, size=2)
    known = ["--vkey", PUBLIC.vkey, "--keys", str(board.home.log / "keys.json")]
    assert verify(tmp_path, before, *known).exit_code == 1
    assert verify(tmp_path, before, *known, "--witness", WITNESS.witness.vkey).exit_code == 0
    assert (made(board).seen([WITNESS.witness]), made(board).check().size) == ([], 3)


def test_after_a_theft_an_old_bundle_holds_only_with_the_log_and_a_thief_s_never(board, tmp_path):
    first, before = PUBLIC.vkey, made(board)
    thief = logs.signer(PUBLIC.key_file())
    board.change(keyring.COMPROMISED, size=2)
    second, after = PUBLIC.vkey, made(board)
    forged = backdated(thief, before)
    saved = str(board.home.log / "keys.json")
    assert after.check(second).size == 3
    with pytest.raises(Differs, match="没有可以相信的交接记录"):
        after.check(first)
    for each in (before, forged):
        done = verify(tmp_path, each, "--vkey", second, "--keys", saved)
        assert (done.exit_code, "请加上--board" in done.output) == (1, True)
    with served(board.home.board) as here:
        assert verify(tmp_path, before, "--vkey", second, "--board", here).exit_code == 0
        done = verify(tmp_path, forged, "--vkey", second, "--board", here)
    assert (done.exit_code, "两段历史" in done.output) == (1, True)
    assert "声明密钥失密" in board.page("log-about.html")


@pytest.mark.browser
def test_the_browser_knows_earlier_keys_and_no_thief(board, page):
    cosigned(board)
    before, thief = made(board), logs.signer(PUBLIC.key_file())
    board.change(keyring.ROTATED)
    board.change(keyring.RETIRED)
    between = made(board)
    board.change(keyring.COMPROMISED, size=4)
    dress(board.home)
    late = thief.sign(Checkpoint(PUBLIC.origin, 9, b"9" * 32).text())
    cases = (
        (before, "match", "签名的是从前的公钥"),
        (between, "match", "签名的是从前的公钥"),
        (made(board), "match", "签名是真的"),
        (backdated(thief, before), "differs", "两段历史"),
        (replace(before, proof=Proof(1, (), late).text()), "differs", "已经停用"),
    )
    with served(board.home.board) as here:
        page.goto(f"{here}/verify/")
        for bundle, state, says in cases:
            page.click("button[type=reset]")
            payload = {"name": "b.json", "mimeType": "text/plain", "buffer": bundle.encode()}
            page.set_input_files("[name=file]", payload)
            page.click("#check form .btn >> nth=0")
            page.wait_for_selector("#result [data-state]")
            shown = re.sub(r"\s+", "", page.inner_text("#result"))
            told = page.get_attribute("#result [data-state]", "data-state")
            assert (told, says in shown) == (state, True), shown
        page.click("button[type=reset]")
        page.fill("[name=number]", A)
        page.click("#check form .btn >> nth=0")
        page.wait_for_selector("#result [data-state=match]")
        assert "联署人n.test/log/witness" in re.sub(r"\s+", "", page.inner_text("#result"))
        keys = board.home.log / "keys.json"
        value = json.loads(keys.read_text())
        value["keys"][1]["link"]["body"] = value["keys"][2]["link"]["body"]
        keys.write_bytes(canonical.encode(value))
        page.set_input_files("[name=file]", {**payload, "buffer": before.encode()})
        page.click("#check form .btn >> nth=0")
        page.wait_for_selector("#result [data-state=differs]")
        assert "公钥表和日志对不上" in page.inner_text("#result")
