"""Setting up a real installation: whole or not at all, and never with the demonstration's name."""

import os
import socket
import sqlite3
import subprocess
import sys
import tomllib
from threading import Thread

import pytest

from gongkai.config import init as setup
from gongkai.config.env import Home, Unusable
from gongkai.config.keys import make_keys
from gongkai.foundation.translog.note import Signer

KEYS = {"audit.key", "contact.key", "django.key", "log.key", "witness.key"}
SEALS = {"seal-authority.key", "seal-qingxi.key"}
ORIGIN = "gongkai.example.gov.cn/log"


def charter(tmp_path, name="township"):
    """A charter of somebody's own: the sample with another address."""
    file = tmp_path / "charter.toml"
    file.write_text(setup._sample(name).replace("政府街1号", "政府街2号").replace("大院", "前院"))
    return file


def run(home, *words, database="", typed=""):
    """``gongkai init`` as somebody runs it."""
    unset = ("SECRET_KEY", "LOG_ORIGIN", "PUBLIC_URL", "TIME_ZONE", "DJANGO_SETTINGS_MODULE")
    surroundings = {name: value for name, value in os.environ.items() if name not in unset}
    surroundings |= {"GONGKAI_HOME": str(home), "DATABASE_URL": database}
    return subprocess.run(
        [sys.executable, "-m", "gongkai.config.cli", "init", *map(str, words)],
        env=surroundings,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )


def flags(tmp_path, **changed):
    given = {
        "charter": charter(tmp_path),
        "public_url": "https://gongkai.example.gov.cn",
        "administrator": "甲",
        "username": "jia",
        **changed,
    }
    words = ["--no-input"]
    for name, value in given.items():
        words += [f"--{name.replace('_', '-')}", value] if value is not None else []
    return words


def names(folder) -> set[str]:
    return {entry.name for entry in folder.iterdir()} if folder.exists() else set()


@pytest.fixture
def post_office():
    """Where a mail server listens, and the lines that it heard."""
    heard = []

    def serve(server):
        connection, _address = server.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 here\r\n")
            while line := stream.readline():
                heard.append(line)
                reply = {b"data": b"354 go", b"quit": b"221 bye"}.get(line[:4], b"250 ok")
                if line == b".\r\n" or line[:4] in (b"ehlo", b"mail", b"rcpt", b"data", b"quit"):
                    stream.write(reply + b"\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=serve, args=(server,), daemon=True).start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}", heard


def test_an_installation_is_set_up_from_flags(tmp_path, post_office):
    home = tmp_path / "home"
    mail, heard = post_office
    chosen = flags(tmp_path, time_zone="Asia/Urumqi", mail_url=mail, email="jia@example.org")
    done = run(home, *chosen)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "已寄一封试信到 jia@example.org" in done.stdout
    assert b"rcpt TO:<jia@example.org>\r\n" in heard
    link = next(line for line in done.stdout.splitlines() if line.startswith("https://"))
    assert link.startswith("https://gongkai.example.gov.cn/accounts/password/reset/key/")
    settings = tomllib.loads((home / "gongkai.toml").read_text())
    assert settings == {
        "public_url": "https://gongkai.example.gov.cn",
        "log_origin": ORIGIN,
        "time_zone": "Asia/Urumqi",
        "mail_url": mail,
        "mail_from": "gongkai@gongkai.example.gov.cn",
    }
    assert Signer.parse((home / "keys" / "log.key").read_text()).verifier.name == ORIGIN
    secret = [home / "gongkai.toml", *(home / "keys").iterdir()]
    assert {file.stat().st_mode & 0o777 for file in secret} == {0o600}
    assert names(home / "keys") == KEYS | SEALS
    assert setup.WORK not in names(home)
    with sqlite3.connect(home / "gongkai.sqlite3") as database:
        (held,) = database.execute(
            "select p.key, m.name, a.username from organisations_tenure t"
            " join organisations_post p on p.id = t.post_id"
            " join organisations_member m on m.id = t.member_id"
            " join organisations_account a on a.id = m.account_id"
        ).fetchall()
        assert held == ("clerk", "甲", "jia")
        kinds = database.execute("select kind from ledger_publicrecord order by id").fetchall()
        assert kinds == [("charter",), ("certificate",)]
    again = run(home, *flags(tmp_path))
    assert again.returncode == 1
    assert "里已经有东西" in again.stderr


def test_questions_are_asked_until_the_answer_is_good_and_mail_that_is_down_is_told(tmp_path):
    home = tmp_path / "home"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    answers = [
        charter(tmp_path, "village"),
        "gongkai.example.org",  # no scheme: asked again
        "http://gongkai.example.org",  # plain: asked again
        "https://gongkai.example.org",
        "demo.invalid/mine",  # the demonstration's: asked again
        "",
        "",
        f"smtp://u:geheim@127.0.0.1:{port}",
        "",
        "乙",
        "yi",
        "",
    ]
    done = run(home, typed="".join(f"{answer}\n" for answer in answers))
    assert done.returncode == 0, done.stderr
    assert tomllib.loads((home / "gongkai.toml").read_text())["log_origin"] == (
        "gongkai.example.org/log"
    )
    assert "明文 http" in done.stdout
    assert "demo.invalid 只给演示用" in done.stdout
    assert "邮件没有寄出（ConnectionRefusedError）" in done.stderr
    assert "geheim" not in done.stderr


def test_everything_missing_is_named_at_once(tmp_path):
    home = tmp_path / "home"
    done = run(home, "--no-input", "--public-url", "http://10.0.0.1", "--time-zone", "Mars")
    assert done.returncode == 1
    assert [line.split("：")[0] for line in done.stderr.replace("gongkai: ", "").splitlines()] == [
        "--charter",
        "--public-url",
        "--origin",
        "--time-zone",
        "--administrator",
    ]
    assert names(home) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "还是样本"),
        ("[organisation]\nslug = 3\n", "gongkai: "),
        ("没有".encode("gb18030"), "不是 UTF-8"),
    ],
)
def test_a_charter_that_cannot_be_leaves_nothing(tmp_path, text, words):
    home = tmp_path / "home"
    file = tmp_path / "bad.toml"
    data = setup._sample("township") if text is None else text
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    done = run(home, *flags(tmp_path, charter=file))
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert names(home) == set()


def test_the_sample_is_printed(tmp_path):
    done = run(tmp_path / "home", "--sample", "village")
    assert done.stdout == setup._sample("village")
    assert not (tmp_path / "home").exists()


def test_a_folder_that_cannot_be_a_home_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable, match="用不了"):
        setup.check_home(Home(tmp_path / "file"))
    with pytest.raises(Unusable, match="已经有东西（file）"):
        setup.check_home(Home(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gongkai.cn",
        "ftp://x.cn",
        "https://",
        "https://x.cn/path",
        "https://u:p@x.cn",
        "http://x.cn",
    ],
)
def test_what_is_no_public_address(address):
    with pytest.raises(ValueError, match="https"):
        setup.check_url(False)(address)


def test_public_addresses():
    check, closed_net = setup.check_url(False), setup.check_url(True)
    assert check("https://gongkai.cn/") == "https://gongkai.cn"
    assert check("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert closed_net("http://10.1.2.3") == "http://10.1.2.3"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://gongkai.cn:8443", "gongkai.cn/log"),
        ("http://127.0.0.1:8000", None),
        ("http://localhost", None),
        ("https://[::1]", None),
    ],
)
def test_the_logs_name_follows_a_host_that_others_know(url, origin):
    assert setup.default_origin(url) == origin


@pytest.mark.parametrize(
    "origin",
    ["", "demo.invalid", "demo.invalid/a", "https://a.cn", "A.cn", "a", "a.cn/+", "a.cn/ "],
)
def test_what_is_no_name_for_a_log(origin):
    with pytest.raises(ValueError, match=" / "):
        setup.check_origin(origin)


def test_warnings_come_where_they_belong():
    def answers(url, mail="smtps://a.cn"):
        return setup.Answers(url, ORIGIN, "Asia/Shanghai", mail, "a@a.cn", True)

    assert list(setup.warnings(answers("https://a.cn"))) == []
    assert [w[:12] for w in setup.warnings(answers("http://localhost", ""))] == [
        "注意：这个网址只有本机打",
        "注意：没有邮件服务器，忘",
    ]
    assert [w[:12] for w in setup.warnings(answers("http://a.cn"))] == ["注意：明文 http，密"]


def test_a_crash_while_building_leaves_a_home_that_can_begin_again(tmp_path):
    home = Home(tmp_path)

    def crash():
        with setup.built(home) as work:
            make_keys(work, ORIGIN)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    assert names(tmp_path) == set()
    (tmp_path / setup.WORK).mkdir()
    setup.check_home(home)


def test_keys_are_made_once(tmp_path):
    home = Home(tmp_path)
    make_keys(home, ORIGIN)
    before = {file.name: file.read_text() for file in home.keys.iterdir()}
    (home.keys / "contact.key").unlink()
    make_keys(home, "other.cn/log")
    after = {file.name: file.read_text() for file in home.keys.iterdir()}
    assert after["log.key"] == before["log.key"]
    assert after["contact.key"] != before["contact.key"]
    assert set(after) == KEYS
    assert home.keys.stat().st_mode & 0o777 == 0o700
