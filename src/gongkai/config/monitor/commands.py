"""``gongkai monitor URL``, for cron: exit status 0 well, 1 alarm, 2 misspelt, 3 no answer."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click

from gongkai.config.monitor import log, memory, pages
from gongkai.config.monitor.alarms import Alarm
from gongkai.foundation.core import fetching
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.remote import LARGEST_FILE, Read

WELL, ALARM, UNANSWERED = 0, 1, 3
RUNS = 24
"""Runs within which every item is looked at: once an hour is once a day."""
LEAST = 50
PAUSE = 10.0
"""Seconds before a second look: a correction takes less to be everywhere."""
STATE = "~/.local/state/gongkai-monitor"


@click.command(help="监测一个公开栏：日志有没有改写，网页是不是日志记的那样。 / Monitor a board.")
@click.argument("url")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Where to remember; a folder for each host under {STATE} when left out.",
)
@click.option("--vkey", default="", help="The log's key, from where you trust it; pinned.")
@click.option("--pages", "most", type=click.IntRange(0), help="Items looked at in this run.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of sentences.")
def monitor(url: str, state: Path | None, vkey: str, most: int | None, as_json: bool) -> None:
    """Compare the board at URL with what earlier runs remember of it, and remember more."""
    url = url.rstrip("/")
    if not fetching.is_address(url):
        raise click.UsageError(
            "网址要以https://或者http://开头。 / URL begins with https:// or http://."
        )
    folder = state or Path(STATE).expanduser() / urlsplit(url).netloc.replace(":", "_")
    run = Run(url, as_json=as_json)
    try:
        with memory.opened(folder) as kept:
            _pin(kept, vkey)
            run.go(kept, most)
    except fetching.Unreachable as error:
        run.end(UNANSWERED, f"{url} 没有应答：{error} / no answer")
    except memory.Busy:
        run.end(UNANSWERED, f"{folder} 里另一次监测还没有做完。 / Another run is at work.")
    run.end(ALARM if run.alarms else WELL)


class Run:
    """One run, and how it is told."""

    def __init__(self, url: str, *, as_json: bool) -> None:
        self.url = url
        self.alarms: list[Alarm] = []
        self._as_json = as_json
        self._log: Checkpoint | None = None
        self._looked = self._known = 0

    def go(self, kept: memory.Memory, most: int | None) -> None:
        """The log, then a share of the pages under it. Raises ``Unreachable``."""
        read = _reader(self.url)
        if not self._sound(kept, read):
            return  # no page can be held against a log that does not hold
        for found, listed in pages.lists(read, kept.listed):
            kept.learn(found, listed)
        self._known = kept.count()
        share = max(LEAST, -(-self._known // RUNS)) if most is None else most
        self._pages(kept, read, kept.oldest(share))

    def _sound(self, kept: memory.Memory, read: Read) -> bool:
        """Whether the log goes on from what was seen of it; takes its present checkpoint."""
        self._log, alarms = log.look(lambda path: read(f"log/{path}"), kept)
        self.alarms += alarms
        return not alarms

    def _pages(self, kept: memory.Memory, read: Read, share: list[str]) -> None:
        assert self._log
        with _Bar(len(share), quiet=self._as_json) as step:

            def passed(address: str) -> None:
                kept.looked(address, time.time())
                step(1)

            wrong = pages.walk(pages.Look(read, self._log), share, passed)
            if wrong:
                time.sleep(PAUSE)
                if not self._sound(kept, read):
                    return
                again = (address for address, _alarm in wrong)
                wrong = pages.walk(pages.Look(read, self._log), again, passed)
        self._looked = len(share)
        self.alarms += [alarm for _address, alarm in wrong]

    def end(self, status: int, trouble: str = "") -> None:
        """Say how it went, and leave."""
        if self._as_json:
            click.echo(json.dumps(self._told(status, trouble), ensure_ascii=False))
            sys.exit(status)
        for alarm in self.alarms:
            click.echo(f"警报 {alarm.sentence()}", err=True)
        if trouble:
            click.echo(trouble, err=True)
        elif not self.alarms and self._log:
            click.echo(
                f"好：日志{self._log.size}条，接得上；查了{self._looked}件网页（共{self._known}件）。"
                " / Well."
            )
        sys.exit(status)

    def _told(self, status: int, trouble: str) -> dict[str, object]:
        return {
            "alarms": [
                {"kind": each.kind, "where": each.where, "detail": each.detail}
                for each in self.alarms
            ],
            "known": self._known,
            "looked": self._looked,
            "size": self._log.size if self._log else None,
            "status": {WELL: "well", ALARM: "alarm", UNANSWERED: "unanswered"}[status],
            "trouble": trouble,
            "url": self.url,
        }


def _pin(kept: memory.Memory, vkey: str) -> None:
    """Believe the key that the person names, in place of an earlier one."""
    if not vkey:
        return
    try:
        Verifier.parse(vkey)
    except ValueError as error:
        raise click.UsageError(
            "--vkey写的不是公钥。它的样子是“名称+8位+一串字母”。 / --vkey is no key."
        ) from error
    if vkey != kept.vkey:
        kept.pin(vkey)


def _reader(url: str) -> Read:
    def read(path: str) -> bytes | None:
        return fetching.get(f"{url}/{path}", most=LARGEST_FILE)

    return read


class _Bar:
    """A progress bar on a terminal, nothing elsewhere: cron mails whatever is printed."""

    def __init__(self, length: int, *, quiet: bool) -> None:
        shown = sys.stderr.isatty() and not quiet
        self._bar = (
            click.progressbar(
                length=length, label="网页 / pages", show_pos=True, show_eta=True, file=sys.stderr
            )
            if shown
            else None
        )

    def __enter__(self) -> Callable[[int], None]:
        return self._bar.__enter__().update if self._bar else lambda _count: None

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.render_finish()
