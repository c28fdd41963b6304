"""Keys at rest: wrapped whole or not at all, opened by one passphrase, never told."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from gongkai.config import doctor, wrapping
from gongkai.config.backups import sealing
from gongkai.config.env import Unusable
from gongkai.config.keycommands import keys
from gongkai.config.keys import make_keys, make_next_key
from gongkai.foundation.translog.cosignature import Cosigner
from gongkai.foundation.translog.note import Signer

ORIGIN = "keys.invalid/log"
WORDS = "只有管理员知道的密钥口令"
WRAPPED = {"audit.key", "contact.key", "log.key", "witness.key"}


@pytest.fixture
def kept(home, monkeypatch):
    """A home with plain keys, and a passphrase in a file beside it."""
    monkeypatch.setattr(sealing, "COST", 2**4)
    monkeypatch.setattr(wrapping, "_opened", {})
    make_keys(home, ORIGIN)
    words = home.path.parent / "words"
    words.write_text(WORDS + "\n")
    words.chmod(0o600)
    monkeypatch.setenv("KEYS_PASSPHRASE_FILE", str(words))
    return home


def secrets(home) -> dict[str, str]:
    return {file.name: wrapping.read(file) for file in home.keys.glob("*.key")}


def on_disk(home) -> str:
    return "".join(file.read_text() for file in sorted(home.keys.iterdir()))


def test_wrapped_keys_are_the_same_keys_and_stand_nowhere_in_clear(kept):
    before = secrets(kept)
    assert set(wrapping.seal(kept.keys, WORDS)) == WRAPPED
    wrapping._opened.clear()
    assert secrets(kept) == before
    assert {name for name, secret in before.items() if secret in on_disk(kept)} == {"django.key"}
    assert kept.public_key("log.key") == Signer.parse(before["log.key"]).verifier.vkey
    cosigner = Cosigner.parse(before["witness.key"])
    assert kept.public_key("witness.key") == cosigner.verifier.vkey
    assert [file.name for file in kept.keys.iterdir() if file.stat().st_mode & 0o077] == []
    assert wrapping.seal(kept.keys, WORDS) == []


def test_what_is_made_later_is_wrapped_at_once(kept):
    wrapping.seal(kept.keys, WORDS)
    make_next_key(kept, "log", ORIGIN)
    assert wrapping.is_wrapped(kept.keys / "log.next.key")
    assert Signer.parse(kept.secret("log.next.key")).verifier.name == ORIGIN


def test_another_passphrase_opens_the_same_keys(kept):
    before = secrets(kept)
    wrapping.seal(kept.keys, WORDS)
    wrapping.change(kept.keys, WORDS, "another passphrase")
    wrapping._opened.clear()
    with pytest.raises(Unusable, match="密钥口令不对"):
        kept.secret("log.key")
    (kept.path.parent / "words").write_text("another passphrase")
    assert secrets(kept) == before


def test_scrypt_runs_once_in_a_process(kept, monkeypatch):
    wrapping.seal(kept.keys, WORDS)
    wrapping._opened.clear()
    derived = []
    once = sealing._key
    monkeypatch.setattr(sealing, "_key", lambda *given: derived.append(1) or once(*given))
    secrets(kept)
    secrets(kept)
    assert kept.public_key("log.key")
    assert derived == [1]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda keys: (keys / "log.key").write_text('{"format":"gongkai-key/1","pub'), "不完整"),
        (lambda keys: (keys / "log.key").write_text(""), "不完整"),
        (lambda keys: (keys / "log.key").unlink(), "丢了的请从备份取回"),
        (lambda keys: (keys / "master.json").write_text('{"format"'), "master.json 坏了"),
        (
            lambda keys: (keys / "log.key").write_text((keys / "contact.key").read_text()),
            None,
        ),
        (
            lambda keys: (keys / "log.key").write_text(
                (keys / "log.key").read_text().replace("keys.invalid", "evil.invalid")
            ),
            "坏了",
        ),
    ],
    ids=["cut off", "empty", "gone", "half a master", "another key", "another name"],
)
def test_what_is_damaged_is_told_and_left_alone(kept, spoil, words):
    wrapping.seal(kept.keys, WORDS)
    wrapping._opened.clear()
    spoil(kept.keys)
    left = on_disk(kept)
    if words is None:
        with pytest.raises(ValueError, match="no signer key"):
            Signer.parse(kept.secret("log.key"))
    else:
        with pytest.raises(Unusable, match=words):
            kept.secret("log.key")
    assert on_disk(kept) == left


def dying(home, step: int) -> None:
    """An encryption that dies at its ``step``-th durable write."""
    left, durable = [step], os.fsync

    def perhaps(handle: int) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        durable(handle)

    os.fsync = perhaps
    wrapping.seal(home.keys, WORDS)


def test_killed_at_any_moment_encryption_goes_on_and_loses_no_key(kept):
    before, deaths = secrets(kept), 0
    while True:
        child = os.fork()
        if not child:
            dying(kept, 2)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        wrapping._opened.clear()
        assert secrets(kept) == before
        if not os.WIFSIGNALED(status):
            break
        deaths += 1
        wrapping._opened.clear()
    assert deaths >= 3
    assert list(wrapping.unwrapped(kept.keys)) == []


# -- the command, the doctor, the processes ----------------------------------------------------


def run(*words):
    return CliRunner().invoke(keys, list(words))


@pytest.mark.django_db(transaction=True)
def test_the_command_encrypts_changes_and_tells(kept):
    assert "没有加密" in run("status").output
    assert "密钥没有加密" in doctor.plain_keys()
    done = run("encrypt")
    assert (done.exit_code, "加密了4把密钥" in done.output) == (0, True), done.output
    assert (doctor.plain_keys(), doctor.encryption()) == ("", "")
    assert run("status").exit_code == 0
    words = kept.path.parent / "words"
    (new := kept.path.parent / "new").write_text("short")
    assert "至少要12个字符" in str(run("passphrase", "--new-passphrase-file", str(new)).exception)
    new.write_text("another long passphrase")
    assert run("passphrase", "--new-passphrase-file", str(new)).exit_code == 0
    wrapping._opened.clear()
    assert "密钥口令不对" in doctor.encryption()
    assert run("status").exit_code == 1
    words.write_text("another long passphrase")
    words.chmod(0o644)
    assert doctor.encryption() == f"别人能看到口令。请运行：chmod 600 {words}"


def test_doctor_says_what_defeats_the_encryption(kept, monkeypatch):
    wrapping.seal(kept.keys, WORDS)
    (kept.keys / "extra.key").write_text("a key that was brought in by hand")
    assert "extra.key 还没有加密" in doctor.encryption()
    wrapping.seal(kept.keys, WORDS)
    (kept.path / "words").write_text(WORDS)
    monkeypatch.setenv("KEYS_PASSPHRASE_FILE", str(kept.path / "words"))
    assert "口令文件在数据文件夹里" in doctor.encryption()


@pytest.mark.parametrize("words", ["", "a wrong passphrase"])
def test_nothing_starts_without_the_right_passphrase(kept, words):
    kept.settings_file.write_text('log_origin = "keys.invalid/log"\n')
    wrapping.seal(kept.keys, WORDS)
    given = {**os.environ, "GONGKAI_HOME": str(kept.path), "KEYS_PASSPHRASE": words}
    given.pop("KEYS_PASSPHRASE_FILE")
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.config.cli", "run"],
        env={**given, "PORT": "18917"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert ("密钥口令不对" if words else "没有给口令") in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (kept.run / "keeper.alive").exists()


def test_a_fresh_home_with_a_passphrase_never_holds_a_plain_key_for_long(
    home, tmp_path, monkeypatch
):
    monkeypatch.setattr(sealing, "COST", 2**4)
    monkeypatch.setenv("KEYS_PASSPHRASE", WORDS)
    make_keys(home, ORIGIN)
    assert list(wrapping.unwrapped(home.keys)) == []
    assert "PRIVATE+KEY" not in on_disk(home)


def test_systemd_hands_over_the_passphrase(kept, tmp_path, monkeypatch):
    monkeypatch.delenv("KEYS_PASSPHRASE_FILE")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert wrapping.passphrase() == ""
    (tmp_path / "gongkai-keys").write_text(WORDS + "\n")
    assert wrapping.passphrase() == WORDS
