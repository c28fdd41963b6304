"""The supervisor as a person meets it: a command in a terminal, signals, what is left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

COMMAND = [sys.executable, "-m", "gongkai.config.cli", "run"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true: Callable[[], object], seconds: float = 120) -> None:
    """Wait for ``true``; fail when it does not come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def status(port: int, path: str) -> int:
    """The status of a page; 0 when nobody answers."""
    try:
        return urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).status
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


class Running:
    """``gongkai run`` in a home of its own, and every process that it started."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home, self.port = home, free_port()
        self.output = home.parent / "output.txt"
        names = {"SECRET_KEY", "LOG_ORIGIN", "DATABASE_URL", "PUBLIC_URL"}
        around = {name: value for name, value in os.environ.items() if name not in names}
        around |= {
            "GONGKAI_HOME": str(home),
            "PORT": str(self.port),
            "LOG_ORIGIN": "test.invalid/l",
        }
        self.process = subprocess.Popen(
            COMMAND,
            env=around | more,
            stdout=self.output.open("w"),
            stderr=subprocess.STDOUT,
            process_group=0,
        )

    def group(self) -> dict[int, str]:
        """Every living process of the group, with its command line."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(entry.name)) == self.process.pid:
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except (ProcessLookupError, FileNotFoundError):
                continue
        return {pid: line for pid, line in found.items() if line}

    def child(self, name: str) -> int | None:
        """The process of one child, when it runs."""
        return next((pid for pid, line in self.group().items() if f" {name} " in line), None)

    def finish(self) -> int:
        """Its exit status."""
        return self.process.wait(20)


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Running]]:
    """Starts Gongkai; whatever a failing test leaves is killed."""
    begun = []

    def start(home: Path = tmp_path / "home", **more: str) -> Running:
        begun.append(Running(home, **more))
        return begun[-1]

    yield start
    for running in begun:
        for pid in running.group():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def first_home(tmp_path_factory) -> Path:
    """A home in which Gongkai has been started once, and stopped."""
    running = Running(tmp_path_factory.mktemp("first") / "home")
    until(lambda: status(running.port, "/healthz") == 200)
    running.process.send_signal(signal.SIGINT)
    assert running.finish() == 0
    return running.home


@pytest.fixture
def prepared(first_home, tmp_path) -> Path:
    """A copy of that home."""
    return shutil.copytree(first_home, tmp_path / "home")


def refused(home: Path, **more: str) -> str:
    """The one line with which ``gongkai run`` refuses."""
    result = subprocess.run(
        COMMAND,
        env={**os.environ, "GONGKAI_HOME": str(home)} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr


def test_a_busy_port_is_one_clear_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"127.0.0.1:{port} 用不了" in refused(tmp_path / "home", PORT=str(port))


def test_a_port_that_is_no_number_is_one_clear_line(tmp_path):
    assert "PORT must be a whole number" in refused(tmp_path / "home", PORT="http")
    assert "PORT=99999 不在" in refused(tmp_path / "home", PORT="99999")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "不能写入" in refused(tmp_path / "file" / "home")


def test_plain_http_over_a_network_is_one_clear_line(tmp_path):
    assert "plain http" in refused(tmp_path / "home", PUBLIC_URL="http://gongkai.invalid")
    assert "PUBLIC_URL" in refused(tmp_path / "home", HOST="0.0.0.0")


def test_a_second_start_keeps_what_was_there(prepared, start):
    (prepared / "board" / "index.html").write_text("kept")
    running = start(prepared)
    until(lambda: status(running.port, "/") == 200)
    until(lambda: status(running.port, "/accounts/login/") == 200)
    assert (prepared / "board" / "index.html").read_text() == "kept"


def test_ctrl_c_stops_everything(prepared, start):
    running = start(prepared)
    until(lambda: status(running.port, "/accounts/login/") == 200)
    until(lambda: running.child("worker"))
    begun = time.monotonic()
    os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does
    assert running.finish() == 0
    assert running.group() == {}
    assert time.monotonic() - begun < 10


def test_a_killed_supervisor_takes_everything_with_it(prepared, start):
    running = start(prepared)
    until(lambda: status(running.port, "/accounts/login/") == 200)
    until(lambda: running.child("worker"))
    running.process.kill()
    running.finish()
    until(lambda: running.group() == {}, 5)


def test_a_child_that_dies_is_started_again(prepared, start):
    running = start(prepared)
    until(lambda: status(running.port, "/healthz") == 200)
    os.kill(running.child("gongkai.config.web"), signal.SIGKILL)
    until(lambda: "web 停了（-9），1 秒后再启动。" in running.output.read_text())
    until(lambda: status(running.port, "/healthz") == 200)


def test_two_supervisors_do_not_share_a_home(prepared, start):
    running = start(prepared)
    until(lambda: status(running.port, "/healthz") == 200)
    assert "已经在运行" in refused(prepared, PORT=str(free_port()))


def test_secrets_and_records_are_for_the_owner_alone(prepared):
    assert (prepared / "keys").stat().st_mode & 0o777 == 0o700
    assert (prepared / "keys" / "django.key").stat().st_mode & 0o777 == 0o600
    assert (prepared / "gongkai.sqlite3").stat().st_mode & 0o777 == 0o600
    assert (prepared / "files").stat().st_mode & 0o777 == 0o700


def test_addresses_are_printed(prepared, start):
    running = start(prepared)
    address = f"http://127.0.0.1:{running.port}"
    until(lambda: f"办公     {address}/desk/" in running.output.read_text())
    assert f"公开栏   {address}/\n党员之家 {address}/members/\n" in running.output.read_text()


def test_other_commands_know_the_address_that_run_serves(prepared, start):
    running = start(prepared)
    until(lambda: status(running.port, "/healthz") == 200)
    names = {"SECRET_KEY", "PUBLIC_URL", "BOARD_URL", "OFFICE_URL", "PORT"}
    around = {name: value for name, value in os.environ.items() if name not in names}
    command = [sys.executable, "-c", "from gongkai.config.settings import BOARD_URL as u; print(u)"]
    said = subprocess.check_output(command, env=around | {"GONGKAI_HOME": str(prepared)}, text=True)
    assert said.strip() == f"http://127.0.0.1:{running.port}"
