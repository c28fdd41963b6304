"""The verifier: what it says of a sound log, and of each way to spoil one."""

import random
import shutil
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import EMPTY_ROOT, Frontier, leaf_hash
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.verify import verify_log

SIGNER = Signer("demo.invalid/log", bytes(32))
VKEY = SIGNER.verifier.vkey
ROOT_FAULT = "由全部记录重新算出的根，与签名的检查点不一致。"
STOPPED = "检查到此为止，后面的没有检查。"


def write(folder, size, *, signer=SIGNER, origin="demo.invalid/log"):
    store, frontier = TileStore(folder), Frontier()
    for start in range(0, size, 512):
        entries = [b"entry %d" % n for n in range(start, min(size, start + 512))]
        store.write(start, entries)
        frontier.extend(map(leaf_hash, entries))
    store.publish_checkpoint(signer.sign(Checkpoint(origin, size, frontier.root()).text()))


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A log of 600: two full bundles, one partial, one tile of level 1. Not to be changed."""
    folder = tmp_path_factory.mktemp("sound")
    write(folder, 600)
    return folder


@pytest.fixture
def log(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "log")


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at // 8] ^= 1 << at % 8
    path.write_bytes(data)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, 65_537])
def test_a_sound_log(tmp_path, size):
    write(tmp_path, size)
    report = verify_log(tmp_path, VKEY)
    assert (report.ok, report.entries, report.faults) == (True, size, [])
    assert report.checkpoint.size == size


def test_an_empty_log(tmp_path):
    TileStore(tmp_path).publish_checkpoint(
        SIGNER.sign(Checkpoint("demo.invalid/log", 0, EMPTY_ROOT).text())
    )
    assert verify_log(tmp_path, VKEY).ok


def test_a_pruned_log_and_one_that_grows(log):
    store = TileStore(log)
    store.prune()
    store.write(600, [b"not yet exposed"] * 300)
    for partial in log.glob("tile/**/002.p"):
        shutil.rmtree(partial)
    assert verify_log(log, VKEY).ok


def test_progress_is_told(sound):
    told = []
    verify_log(sound, VKEY, progress=lambda done, total: told.append((done, total)))
    assert told == [(256, 600), (512, 600), (600, 600)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_bit_is_caught(sound, tmp_path_factory, data):
    log = shutil.copytree(sound, tmp_path_factory.mktemp("flipped") / "log")
    needed = ["000", "001", "002.p/88"]
    names = [f"tile/{level}/{name}" for level in ("entries", "0") for name in needed]
    path = log / data.draw(st.sampled_from([*names, "tile/1/000.p/2", "checkpoint"]))
    flip(path, data.draw(st.integers(0, path.stat().st_size * 8 - 1)))
    assert not verify_log(log, VKEY).ok


def test_a_changed_entry_is_named(log):
    flip(log / "tile/entries/001", 8 * (11 * 5 + 4))
    assert verify_log(log, VKEY).faults == [
        "序号261的记录与文件tile/0/001里的哈希不一致。",
        "文件tile/1/000.p/2与由记录重新算出的哈希不一致。",
        ROOT_FAULT,
    ]


def test_a_changed_tile_alone_leaves_the_root_sound(log):
    flip(log / "tile/0/001", 0)
    assert verify_log(log, VKEY).faults == ["序号256的记录与文件tile/0/001里的哈希不一致。"]
    flip(log / "tile/0/001", 0)
    flip(log / "tile/1/000.p/2", 0)
    assert verify_log(log, VKEY).faults == ["文件tile/1/000.p/2与由记录重新算出的哈希不一致。"]


def test_a_history_rewritten_in_all_files_fails_at_the_signed_root(log):
    note = (log / "checkpoint").read_bytes()
    shutil.rmtree(log)
    TileStore(log).write(0, [b"another %d" % n for n in range(600)])
    (log / "checkpoint").write_bytes(note)
    assert verify_log(log, VKEY).faults == [ROOT_FAULT]


@pytest.mark.parametrize(
    ("name", "content", "faults"),
    [
        ("tile/entries/001", None, ["缺少文件tile/entries/001。"]),
        (
            "tile/entries/001",
            b"\0\7cut",
            ["文件tile/entries/001不完整，最后一条记录被截断。"],
        ),
        ("tile/entries/001", b"\0\1a", ["文件tile/entries/001有1条记录，应当有256条。"]),
        ("tile/0/001", None, ["缺少文件tile/0/001。"]),
        ("tile/0/001", bytes(40), ["文件tile/0/001有40字节，应当有8192字节。"]),
        ("tile/1/000.p/2", None, ["缺少文件tile/1/000.p/2。"]),
        ("tile/1/000.p/2", bytes(63), ["文件tile/1/000.p/2有63字节，应当有64字节。"]),
        ("checkpoint", None, ["缺少文件checkpoint，没有签名的检查点。"]),
        ("checkpoint", b"\xff", ["文件checkpoint不是签名的检查点。"]),
    ],
)
def test_a_missing_or_cut_file_is_the_one_fault(log, name, content, faults):
    if content is None:
        (log / name).unlink()
    else:
        (log / name).write_bytes(content)
    assert verify_log(log, VKEY).faults == faults


def test_without_bundle_and_tile_the_check_stops(log):
    (log / "tile/entries/001").unlink()
    (log / "tile/0/001").unlink()
    report = verify_log(log, VKEY)
    assert report.entries == 256
    assert report.faults == ["缺少文件tile/entries/001。", "缺少文件tile/0/001。", STOPPED]


def test_a_thoroughly_broken_log_ends_after_a_hundred_faults(tmp_path):
    write(tmp_path, 256 * 120)
    for tile in tmp_path.glob("tile/0/*"):
        if tile.is_file():
            tile.unlink()
    faults = verify_log(tmp_path, VKEY).faults
    assert (len(faults), faults[-1]) == (101, STOPPED)


def test_another_key(log):
    stranger = Signer("demo.invalid/log", b"k" * 32).verifier.vkey
    assert verify_log(log, stranger).faults == [
        "检查点上没有demo.invalid/log用这把公钥所作的签名。"
    ]


def test_a_signature_of_another_text(log):
    note = (log / "checkpoint").read_text()
    (log / "checkpoint").write_text(note.replace("\n600\n", "\n601\n"))
    assert verify_log(log, VKEY).faults == ["检查点的签名与内容不符，内容或签名被改动过。"]


def test_another_origin(tmp_path):
    write(tmp_path, 3, origin="demo.invalid/other")
    assert verify_log(tmp_path, VKEY).faults == ["检查点属于另一个日志：demo.invalid/other。"]
    assert verify_log(tmp_path, VKEY, origin="demo.invalid/other").ok


def test_faults_in_another_language(log):
    (log / "tile/0/001").unlink()
    english = {"缺少文件%(path)s。": "The file %(path)s is missing."}
    report = verify_log(log, VKEY, gettext=lambda text: english[text])
    assert report.faults == ["The file tile/0/001 is missing."]


def test_memory_does_not_grow_with_the_log(tmp_path):
    def peak(size):
        write(tmp_path / str(size), size)
        tracemalloc.start()
        assert verify_log(tmp_path / str(size), VKEY).ok
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small = peak(2_000)
    assert peak(40_000) < 2 * small


def test_a_random_log_verifies(tmp_path):
    chance = random.Random(0)
    store, frontier, size = TileStore(tmp_path), Frontier(), 0
    for _ in range(20):
        entries = [chance.randbytes(chance.randrange(500)) for _ in range(chance.randrange(99))]
        store.write(size, entries)
        frontier.extend(map(leaf_hash, entries))
        size += len(entries)
    store.publish_checkpoint(
        SIGNER.sign(Checkpoint("demo.invalid/log", size, frontier.root()).text())
    )
    assert verify_log(tmp_path, VKEY).ok
