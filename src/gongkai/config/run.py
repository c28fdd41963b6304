"""``gongkai run``: everything an installation needs, as one group of processes.

    run ─┬─ web      the board at once, the office as soon as Django is loaded
         ├─ keeper   order, tiles, signature, pages
         └─ worker   slow tasks

The first start makes what is missing: keys, database and, in an empty home, the demonstration.
Later starts go straight to the web. Nothing here imports Django, so the board answers within a
second. A child that dies is started again; when this process ends, however it ends, so do they.
"""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

from gongkai.config import installed, process, wrapping
from gongkai.config.env import Home, Unusable, number, refuse_plain_http, text
from gongkai.config.keys import make_keys
from gongkai.foundation.ledger import held

OLDEST_PYTHON = (3, 11)
PATIENCE = 8.0  # seconds between asking a child to stop and stopping it
LONGEST_PAUSE = 30.0
GOOD_LIFE = 60.0  # a child that lived so long starts again without a pause
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - and our own way there
GONGKAI = [sys.executable, "-m", "gongkai.config.cli"]


@click.command(help="启动：公开栏、办公、台账和后台任务。 / Start everything.")
def run() -> None:
    """Check, prepare, start, watch, stop."""
    check_python()
    home, host, port = Home(), text("HOST", "127.0.0.1"), number("PORT", 8000)
    address = public_address(home, host, port)
    check_restored(home)
    check_home(home)
    with only_one(home):
        check_port(host, port)
        home.address_file.write_text(address, "utf-8")
        surroundings = {**os.environ, "PUBLIC_URL": address, "GONGKAI_HOME": str(home.path)}
        supervisor = Supervisor(children(host, port), surroundings)
        supervisor.listen()
        wrapping.require(home.keys)
        fresh = prepare(home, supervisor)
        told = (home, host, port, address, fresh)
        threading.Thread(target=welcome, args=told, daemon=True).start()
        supervisor.watch()


def check_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Unusable(f"需要 Python 3.11 以上，这里是 {found}。 / Python 3.11 or newer is needed.")


def public_address(home: Home, host: str, port: int) -> str:
    """The address that readers type; refused when it would be plain http over a network."""
    if host in EVERY_ADDRESS and not home.setting("PUBLIC_URL", "public_url", ""):
        raise Unusable(
            f"HOST={host} 向整个网络开放，请同时给出 PUBLIC_URL（读者输入的地址）。"
            " / Set PUBLIC_URL as well."
        )
    shown = f"[{host}]" if ":" in host else host
    address = home.setting("PUBLIC_URL", "public_url", f"http://{shown}:{port}").rstrip("/")
    refuse_plain_http(home, address)
    return address


def check_home(home: Home) -> None:
    """Make the home folder, and refuse one that cannot be written."""
    probe = home.run / f".probe-{os.getpid()}"
    try:
        home.lay_out()
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Unusable(
            f"数据文件夹 {home.path} 不能写入（{error.strerror}）。请换一个 GONGKAI_HOME，"
            "或改它的权限。 / The data folder cannot be written."
        ) from error


def check_restored(home: Home) -> None:
    """Refuse a home that came out of a backup, until it is known what was published since."""
    try:
        held.refuse(home.path)
    except held.Held as error:
        raise Unusable(f"{error}。") from error


def check_port(host: str, port: int) -> None:
    """Refuse an address where another program listens already."""
    if not 0 < port < 65536:  # the name service would take the remainder for a port
        raise Unusable(f"PORT={port} 不在 1 到 65535 之间。 / No such port.")
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise Unusable(
            f"{host}:{port} 用不了（{error.strerror}）。"
            f"请换一个端口，例如 PORT={port + 1 if port < 65535 else 8000}。"
            " / The address cannot be used; choose another PORT."
        ) from error


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the home's lock; two supervisors on one home would fight over everything."""
    with (home.run / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unusable(
                f"{home.path} 已经在运行，请先停下那一个。 / Gongkai runs in this folder already."
            ) from error
        yield


def prepare(home: Home, supervisor: "Supervisor") -> bool:
    """Make what is missing: secrets, tables of this version, the demonstration.

    Says whether the demonstration was loaded now, so that its passwords are shown once.
    """
    if not (home.settings_file.exists() or text("LOG_ORIGIN", "")):
        begin_demonstration(home)
    if not installed.mark(home).exists():
        # Only before the first tables: a key that was lost later is a matter for people.
        make_keys(home, home.setting("LOG_ORIGIN", "log_origin", ""))
    if installed.differs(home):
        supervisor.finish([*GONGKAI, "upgrade"])
    if is_demonstration(home) and not demonstration_mark(home).exists():
        say("正在装入演示内容…… / Loading the demonstration.")
        supervisor.finish([*GONGKAI, "demo", "load"])
        demonstration_mark(home).touch()
        return True
    return False


def begin_demonstration(home: Home) -> None:
    """An empty home becomes a demonstration, with a log origin that no real one can have."""
    home.settings_file.write_text(
        "# 演示。真正使用请在另一个文件夹里运行 gongkai init。\n"
        f'log_origin = "demo.invalid/{secrets.token_hex(4)}"\n',
        "utf-8",
    )
    home.__dict__.pop("settings", None)  # read again what was just written


def is_demonstration(home: Home) -> bool:
    """Whether this home holds the demonstration."""
    return home.setting("LOG_ORIGIN", "log_origin", "").startswith("demo.invalid/")


def demonstration_mark(home: Home) -> Path:
    """Stands once the demonstration has been loaded to its end."""
    return home.run / "demonstration"


@dataclass
class Child:
    """One process that is to run as long as we do."""

    name: str
    command: list[str]
    after: float = 0.0
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    again_at: float = 0.0


def children(host: str, port: int) -> list[Child]:
    """What runs: web first and, for a moment, alone, since it is what people wait for."""
    web = [sys.executable, "-m", "gongkai.config.web", host, str(port)]
    return [
        Child("web", web),
        Child("keeper", [*GONGKAI, "keeper"], after=1.0),
        Child("worker", [*GONGKAI, "worker"], after=2.0),
    ]


@dataclass
class Supervisor:
    """Starts the children, starts them again, and stops them."""

    children: list[Child]
    surroundings: Mapping[str, str]
    ending: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """From now on a signal is a wish to stop, not a crash."""
        for number_ in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number_, lambda *_: self.ending.set())

    def finish(self, command: list[str]) -> None:
        """Run ``command`` to its end; ``Unusable`` when it failed, silence when we are to stop."""
        running = self._open(command)
        while running.poll() is None and not self.ending.wait(0.05):
            pass
        if self.ending.is_set():
            stop([running])
            raise SystemExit(130)
        if running.returncode:
            verb = " ".join(command[len(GONGKAI) :])
            raise Unusable(f"gongkai {verb} 没有成功，原因见上。 / It failed; see above.")

    def watch(self) -> None:
        """Until we are to stop: start every child, and again when it died. Then stop them all."""
        for child in self.children:
            child.again_at = time.monotonic() + child.after
        try:
            while True:
                for child in self.children:
                    self._look_after(child)
                if self.ending.wait(0.1):
                    return
        finally:
            say("正在停止…… / Stopping.")
            stop([child.running for child in self.children if child.running])

    def _look_after(self, child: Child) -> None:
        if child.running and child.running.poll() is not None:
            self._mourn(child)
        if child.running is None and time.monotonic() >= child.again_at:
            self._start(child)

    def _mourn(self, child: Child) -> None:
        """Say that ``child`` died, and when it starts again."""
        assert child.running
        code, lived = child.running.returncode, time.monotonic() - child.started
        longer = min(max(1.0, child.pause * 2), LONGEST_PAUSE)
        child.pause = 0.0 if lived > GOOD_LIFE else longer
        child.running, child.again_at = None, time.monotonic() + child.pause
        say(f"{child.name} 停了（{code}），{child.pause:.0f} 秒后再启动。 / Ended; starting again.")

    def _start(self, child: Child) -> None:
        child.running, child.started = self._open(child.command), time.monotonic()

    def _open(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env={**self.surroundings, process.SUPERVISOR: str(os.getpid())},
            stdin=subprocess.DEVNULL,
        )


def stop(running: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, wait a little, then insist."""
    for one in running:
        with suppress(ProcessLookupError):
            one.terminate()
    until = time.monotonic() + PATIENCE
    for one in running:
        try:
            one.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def welcome(home: Home, host: str, port: int, address: str, fresh: bool) -> None:
    """Say where everything is, as soon as the web listens."""
    reach = EVERY_ADDRESS.get(host, host)
    for _ in range(300):
        with suppress(OSError), socket.create_connection((reach, port), timeout=1):
            break
        time.sleep(0.02)
    else:
        return
    say(f"公开栏   {address}/\n党员之家 {address}/members/\n办公     {address}/desk/")
    accounts = home.path / "demo-accounts.txt"
    if accounts.exists() and not fresh:
        say(f"演示账号见 {accounts}。 / The demonstration's accounts are in this file.")
    elif accounts.exists():
        say(accounts.read_text("utf-8").rstrip())
    if urlsplit(address).scheme == "http":
        say("明文 http，只在本机或受保护的网络里用。 / Plain http: only on this machine.")


def say(words: str) -> None:
    """Tell the person at the terminal; the log's lines stand between, so do not buffer."""
    click.echo(words)
    sys.stdout.flush()
