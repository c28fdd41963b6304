"""The proof bundle: made from a board's files, checked from itself alone."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.surfaces.board.office import address
from tests.surfaces.board.remembered import RememberedHome
from tests.surfaces.board.serving import served

from gongkai.foundation.core import canonical
from gongkai.foundation.core.entries import commitment
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import leaf_hash, node_hash
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.proof import Proof
from gongkai.surfaces.board import bundle, item_commands
from gongkai.surfaces.board.bundle import Bundle, Differs, NoBundle

A, W = address(1), address(2)
OURS, OTHER = Signer("a.test/log", b"1" * 32), Signer("b.test/log", b"2" * 32)
OTHER_KEY = Signer("a.test/log", b"3" * 32).verifier.vkey


def made() -> Bundle:
    """A bundle of a log of two entries, made without a board."""
    sealed = canonical.encode({"title": "修渠", "body": "<p>52处。</p>"}).decode()
    facts = {
        "audience": ["public"],
        "digest": canonical.digest(sealed.encode()),
        "index": 1,
        "kind": "release",
        "organisation": "qingxi",
        "salt": "5a" * 32,
        "subject": A,
        "time": "2026-11-23T04:00:00Z",
        "version": 1,
    }
    names = ("audience", "digest", "organisation", "subject", "version")
    covered = {name: facts[name] for name in names}
    entry = {
        "commitment": commitment(b"\x5a" * 32, **covered),
        "kind": "release",
        "time": facts["time"],
    }
    before, leaf = leaf_hash(b"{}"), leaf_hash(canonical.encode(entry))
    checkpoint = Checkpoint(OURS.verifier.name, 2, node_hash(before, leaf))
    proof = Proof(1, (before,), OURS.sign(checkpoint.text())).text()
    return Bundle(facts, sealed, proof, OURS.verifier.vkey, f"https://a.test/i/{A}")


GOOD = made()


def test_a_bundle_is_read_as_it_was_written():
    assert Bundle.parse(GOOD.encode()) == GOOD
    assert GOOD.check(OURS.verifier.vkey, origin="a.test/log").size == 2
    assert GOOD.check().origin == "a.test/log"


@settings(max_examples=300)
@given(st.data())
def test_no_changed_byte_is_believed(data):
    whole = GOOD.encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
    changed = whole[:at] + flipped + whole[at + 1 :]
    try:
        read = Bundle.parse(changed)
        read.check(OURS.verifier.vkey)
    except (NoBundle, Differs):
        return
    # What is left says whose key it was and where it stood, and is believed by nobody.
    assert replace(read, vkey=GOOD.vkey, page=GOOD.page) == GOOD


def facts(**changes) -> Bundle:
    return replace(GOOD, facts={**GOOD.facts, **changes})


LOGGED = "日志里没有这样一条：原文、随机数、时间、范围或者证明，有一处被改动过。"
FOREIGN = "这是另一个日志的证明：%s。请到它自己的公开栏核对，或者改用它的公钥。"
WRONG = [
    (
        replace(GOOD, sealed=GOOD.sealed.replace("52", "99")),
        {},
        "封存的原文和记下的内容指纹不一致，原文被改动过。",
    ),
    (facts(time="2026-11-01T04:00:00Z"), {}, LOGGED),
    (facts(salt="5b" * 32), {}, LOGGED),
    (facts(salt="5B" * 32), {}, "随机数不对，应当是64位十六进制数。"),
    (facts(salt="no"), {}, "随机数不对，应当是64位十六进制数。"),
    (facts(index=0), {}, "证明说的不是日志里的这一条。"),
    (replace(GOOD, proof="no proof"), {}, LOGGED),
    (
        replace(GOOD, proof=GOOD.proof.replace("\n2\n", "\n3\n")),
        {},
        "检查点的签名与内容不符，内容或签名被改动过。",
    ),
    (replace(GOOD, vkey="no key"), {}, "文件里写的公钥不是公钥。"),
    (GOOD, {"vkey": OTHER_KEY}, "检查点上没有a.test/log用这把公钥所作的签名。"),
    (GOOD, {"origin": "b.test/log"}, FOREIGN % "a.test/log"),
    (GOOD, {"vkey": OTHER.verifier.vkey}, "检查点上没有b.test/log用这把公钥所作的签名。"),
]


@pytest.mark.parametrize(("changed", "asked", "says"), WRONG)
def test_each_part_that_differs_has_its_own_sentence(changed, asked, says):
    with pytest.raises(Differs) as found:
        changed.check(**asked)
    assert str(found.value) == says


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7", "这不是证明文件，或者下载以后被改动过。"),
        (b"[" * 100_000, "这不是证明文件，或者下载以后被改动过。"),
        (b'{"format":"gongkai-edition/1"}', "这不是gongkai-proof/1格式的证明文件。"),
        (b'{"format":"gongkai-proof/1"}', "证明文件里缺少内容，或者多出了内容。"),
        (facts(version=True).encode(), "证明文件里缺少内容，或者多出了内容。"),
    ],
)
def test_what_is_no_bundle_says_so(data, says):
    with pytest.raises(NoBundle) as found:
        Bundle.parse(data)
    assert str(found.value).startswith(says)


# -- from a board ----------------------------------------------------------------------------------


@pytest.fixture
def board(qingxi_board):
    """An item with two public versions, deep in the log, and one that was withdrawn."""
    qingxi_board.editions = dict(published(qingxi_board.home, qingxi_board))
    return qingxi_board


@RememberedHome
def published(_home, office):
    """Both items; returns how many editions each has."""
    for number in range(260):
        office.record("note", f"n{number}", {"org:qingxi"}, {})
    office.release(A)
    office.release(W)
    office.go()
    office.release(A, body="<p>第一批53处。</p>", note="数字有误。")
    office.withdraw(W)
    office.go()
    return dict(office.editions)


def test_the_bundle_of_each_version_proves_it(board):
    vkey = (board.home.log / "vkey").read_text().strip()
    read = item_commands._folder(board.home.board)
    for version, words in ((None, "53处"), (1, "52处"), (2, "53处")):
        found = bundle.gather(read, A, version)
        assert words in found.sealed
        assert found.check(vkey).size == 265
        assert Bundle.parse(found.encode()) == found


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ((address(9), None), f"公开栏上没有{address(9)}这一件。请看地址是否抄对。"),
        ((W, None), f"{W}已经撤回或者清除，不再提供证明。"),
        ((A, 7), f"{A}没有第7次公开的内容，或者不再公开。"),
    ],
)
def test_what_the_board_does_not_have_has_no_bundle(board, asked, says):
    with pytest.raises(Refused) as refusal:
        bundle.gather(item_commands._folder(board.home.board), *asked)
    assert refusal.value.obstacles == [says]


def test_nothing_that_does_not_fit_is_given_out(board):
    file = board.home.board / f"i/{A}/v2.json"
    file.write_bytes(file.read_bytes().replace("53处".encode(), "99处".encode()))
    with pytest.raises(Broken, match="原文被改动过"):
        bundle.gather(item_commands._folder(board.home.board), A)


# -- the commands ----------------------------------------------------------------------------------


def test_a_bundle_from_another_machine_s_page(board, tmp_path):
    file = tmp_path / "bundle.json"
    with served(board.home.board) as here:
        for asked, version in ((f"{here}/i/{A}", 2), (f"{here}/en/i/{A}/v1#top", 1)):
            said = CliRunner().invoke(item_commands.proof, [asked, "-o", str(file)])
            assert said.output == f"证明文件在{file}。核对：gongkai verify {file}\n"
            assert Bundle.parse(file.read_bytes()).facts["version"] == version


@pytest.mark.parametrize(
    ("asked", "says"),
    [("K7", "请写这一件的地址，十个字符"), (f"ftp://a.test/i/{A}", "网址要以https://")],
)
def test_what_is_no_address_says_what_to_write(home, asked, says):
    said = CliRunner().invoke(item_commands.proof, [asked])
    assert (said.exit_code, says in said.output) == (2, True)


def test_a_board_that_does_not_answer_is_named():
    asked = f"http://127.0.0.1:9/i/{A}"
    refusal = CliRunner().invoke(item_commands.proof, [asked]).exception
    assert refusal.obstacles[0].startswith("http://127.0.0.1:9没有应答：")


def verify(folder, *words):
    """``gongkai verify`` in an empty folder, as a stranger has it."""
    return subprocess.run(
        [sys.executable, "-m", "gongkai.config.cli", "verify", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "GONGKAI_HOME": str(folder / "nothing here")},
        capture_output=True,
        text=True,
    )


def test_a_stranger_checks_without_a_home(tmp_path):
    (tmp_path / "bundle.json").write_bytes(GOOD.encode())
    said = verify(tmp_path, "bundle.json", "--vkey", OURS.verifier.vkey)
    assert said.stderr == ""
    assert said.stdout.splitlines() == [
        "对得上：修渠",
        f"原文和封存时一样，指纹sha256:{GOOD.facts['digest']}。",
        "日志a.test/log第1条说的就是它（共2条），记录时间2026-11-23T04:00:00Z。",
        "检查点由您给的公钥签名。",
        f"没有证明：现在是否更正或者撤回了，请看https://a.test/i/{A}；时间是发布者的时钟写的。",
        "这能证明内容没有被改动，不等同于法律意义上的电子公章。",
    ]
    assert said.returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == ["bundle.json"]


@pytest.mark.parametrize(
    ("data", "words", "status", "says"),
    [
        (GOOD.encode(), [], 0, f"用--vkey再核对：{OURS.verifier.vkey}"),
        (GOOD.encode(), ["--vkey", OTHER_KEY], 1, "对不上。检查点上没有"),
        (GOOD.encode(), ["--origin", "b.test/log"], 1, "对不上。这是另一个日志的证明"),
        (GOOD.encode(), ["--vkey", "a.test/log"], 2, "--vkey写的不是公钥。"),
        (b"%PDF-1.7", [], 2, "这不是证明文件，或者下载以后被改动过。"),
    ],
)
def test_verify_says_how_it_stands(tmp_path, data, words, status, says):
    file = tmp_path / "bundle.json"
    file.write_bytes(data)
    said = CliRunner().invoke(item_commands.verify, [str(file), *words])
    assert (said.exit_code, says in said.output) == (status, True)
