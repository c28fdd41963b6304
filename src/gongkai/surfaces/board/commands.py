"""``gongkai board`` renders the public pages or checks them; ``proof`` and ``verify`` are for one
item, in the hands of whoever has it.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.core import identifiers
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.progress import Progress, bar
from gongkai.foundation.ledger.keylist import KeyList, NoList
from gongkai.foundation.ledger.keyring import LIST
from gongkai.foundation.ledger.lease import LASTS, Lease
from gongkai.foundation.translog.note import Verifier
from gongkai.surfaces.board import build as builds
from gongkai.surfaces.board import check as checks
from gongkai.surfaces.board import crew
from gongkai.surfaces.board.build import NAMED
from gongkai.surfaces.board.bundle import (
    Bundle,
    Differs,
    NoBundle,
    Read,
    gather,
    refuse_other_history,
    today,
)

RENEWED_AFTER = LASTS.total_seconds() / 3
PATIENCE = 30
"""Seconds to wait for a board that is asked over the network."""
PAGE = re.compile(
    r"(?P<board>.*?)(?:/en)?/i/(?P<address>[0-9A-Za-z]{10})(?:/v(?P<version>[0-9]+))?/?"
)

JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=crew.hands,
    help="同时渲染的进程数，默认每个处理器一个。 / Processes; one for each processor by default.",
)


@click.group()
def board() -> None:
    """The public board."""


@board.command()
@JOBS
def build(jobs: int) -> None:
    """Render every page from the public records, and take away what does not belong.

    A build that was cut off goes on where it was.
    """
    with _keeper() as lease, bar(_("公开栏"), counts=True) as show:
        report = builds.build(_renewing(lease, show), hands=jobs)
    _name(report.named, report.changed)
    said = ngettext("共%(n)s个文件。", "共%(n)s个文件。", report.files) % {"n": report.files}
    click.echo(said + _verdict(report.changed))


@board.command()
@click.option(
    "--quick",
    is_flag=True,
    help="只按清单核对指纹，不重新渲染。 / Compare digests only; render nothing.",
)
@JOBS
def check(quick: bool, jobs: int) -> None:
    """Find pages that are missing, edited or left over, and put them right.

    Exit status 1 when there were any: somebody else has been in the folder.
    """
    with bar(_("公开栏"), counts=True) as show:
        found = checks.check(show, quick=quick, hands=jobs)
    _name(found.wrong, len(found.wrong))
    said = ngettext("共%(n)s个文件。", "共%(n)s个文件。", found.files) % {"n": found.files}
    click.echo(said + _verdict(len(found.wrong)))
    if found.waiting:
        _name(found.waiting, len(found.waiting))
        click.echo(_("以上文件可疑，keeper 还没有看完，会接着核对、改正。"))
    if found.wrong or found.waiting:
        raise SystemExit(1)


def _renewing(lease: Lease, show: Progress) -> Progress:
    """``show``, which now and then renews the lease as well."""
    renewed = 0.0

    def both(done: int, whole: int) -> None:
        nonlocal renewed
        if time.monotonic() - renewed > RENEWED_AFTER:
            lease.renew()
            renewed = time.monotonic()
        show(done, whole)

    return both


@contextmanager
def _keeper() -> Iterator[Lease]:
    """The keeper's place: two writers would undo each other's pages."""
    lease = Lease()
    if not lease.acquire():
        raise Refused([_("keeper 还在运行。请先停下 gongkai，再做一次。")])
    try:
        yield lease
    finally:
        lease.release()


def _name(paths: Sequence[str], total: int) -> None:
    shown = paths[:NAMED]
    for path in shown:
        click.echo(path)
    if total > len(shown):
        click.echo("…")


def _verdict(changed: int) -> str:
    if not changed:
        return _("都和公开记录一致。")
    return ngettext("重写或者去掉%(n)s个。", "重写或者去掉%(n)s个。", changed) % {"n": changed}


# -- one item, in anybody's hands ------------------------------------------------------------------


@click.command()
@click.argument("address")
@click.option("--version", type=int, help="The opening that is meant; the present one if left out.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file.")
def proof(address: str, version: int | None, output: Path | None) -> None:
    """Make the proof bundle of an item.

    ADDRESS is its ten characters, on this machine's board, or the URL of its page on any board.
    """
    read, item, named = _asked(address)
    made = gather(read, item, version or named)
    place = output or Path(f"{item}-v{made.facts['version']}.proof.json")
    place.write_bytes(made.encode())
    click.echo(_("证明文件在%(file)s。核对：gongkai verify %(file)s") % {"file": place})


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--vkey", default="", help="The log's public key, from where you trust it.")
@click.option("--origin", default="", help="The log's name; the bundle must be of this log.")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A newer list of the log's keys than the bundle's: a board's /log/keys.json.",
)
@click.option("--board", default="", help="A board's URL: ask it whether its log still agrees.")
def verify(file: Path, vkey: str, origin: str, keys_file: Path | None, board: str) -> None:
    """Check a proof bundle, offline: needs no installation.

    Exit status 0: it proves what it says; 1: it does not; 2: FILE is no bundle.
    """
    if vkey:
        _key(vkey)
    try:
        bundle = Bundle.parse(file.read_bytes())
    except NoBundle as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error
    read = _network(board.rstrip("/")) if board else None
    try:
        keys = _keys(keys_file, read)
        checkpoint = bundle.check(vkey, origin=origin, keys=keys)
        if read:
            now = today(read, vkey or bundle.vkey, keys)
            refuse_other_history(read, checkpoint, now)
        elif bundle.signer(vkey, keys).bad:
            wording = _(
                "签名的公钥声明过失密。失密以前的检查点也可能是偷钥匙的人补签的，单凭这个文件分不出来。"
                "请加上--board，向公开栏核对。"
            )
            raise Differs(wording)
    except Differs as error:
        click.echo(_("对不上。%(why)s") % {"why": error}, err=True)
        raise SystemExit(1) from error
    for sentence in _told(bundle, checkpoint.origin, checkpoint.size, trusted=bool(vkey)):
        click.echo(sentence)
    if read:
        click.echo(_("%(board)s现在的日志是从这个检查点接着长的。") % {"board": board})


def _keys(file: Path | None, read: Read | None) -> KeyList | None:
    """The list of keys in ``file``, else of the board that is asked; None leaves the bundle's."""
    data = file.read_bytes() if file else read(f"log/{LIST}") if read else None
    try:
        return KeyList.decode(data) if data is not None else None
    except NoList as error:
        raise Differs(_("公钥表不对，被改动过。")) from error


def _told(bundle: Bundle, origin: str, size: int, *, trusted: bool) -> Iterator[str]:
    """What a checked bundle proves, and what it does not."""
    facts = bundle.facts
    yield _("对得上：%(title)s") % {"title": _title(bundle.sealed)}
    yield _("原文和封存时一样，指纹sha256:%(digest)s。") % {"digest": facts["digest"]}
    told = {"origin": origin, "index": facts["index"], "size": size, "time": facts["time"]}
    yield _("日志%(origin)s第%(index)s条说的就是它（共%(size)s条），记录时间%(time)s。") % told
    if trusted:
        yield _("检查点由您给的公钥签名。")
    else:
        wording = _(
            "注意：公钥是证明文件自己写的，还没有核实。请向别处问到公钥，用--vkey再核对：%(vkey)s"
        )
        yield wording % {"vkey": bundle.vkey}
    yield _("没有证明：现在是否更正或者撤回了，请看%(page)s；时间是发布者的时钟写的。") % {
        "page": bundle.page
    }
    yield _("这能证明内容没有被改动，不等同于法律意义上的电子公章。")


def _title(sealed: str) -> str:
    try:
        return str(json.loads(sealed)["title"]).strip()
    except (LookupError, TypeError, ValueError):
        return ""


def _key(vkey: str) -> None:
    try:
        Verifier.parse(vkey)
    except ValueError as error:
        wording = _("--vkey写的不是公钥。它的样子是“名称+8位+一串字母”，在公开栏的/log/vkey。")
        raise click.UsageError(wording) from error


def _asked(address: str) -> tuple[Read, str, int | None]:
    """Who is to be asked for which item, and for which of its versions."""
    if found := PAGE.fullmatch(address.partition("#")[0]):
        if urlsplit(address).scheme not in ("http", "https"):
            raise click.UsageError(_("网址要以https://或者http://开头。"))
        version = found["version"]
        item = identifiers.normalised(found["address"])
        return _network(found["board"]), item, int(version) if version else None
    item = identifiers.normalised(address)
    if len(item) != identifiers.ADDRESS_LENGTH or not set(item) <= set(identifiers.ALPHABET):
        raise click.UsageError(_("请写这一件的地址，十个字符，或者它网页的网址。"))
    return _folder(Path(settings.HOME.board)), item, None


def _folder(board: Path) -> Read:
    def read(path: str) -> bytes | None:
        try:
            return (board / path).read_bytes()
        except FileNotFoundError:
            return None

    return read


def _network(board: str) -> Read:
    def read(path: str) -> bytes | None:
        try:
            with urlopen(f"{board}/{path}", timeout=PATIENCE) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            if error.code == 404:
                return None
            raise Refused([_silent(board, error)]) from error
        except OSError as error:
            raise Refused([_silent(board, error)]) from error

    return read


def _silent(board: str, error: OSError) -> str:
    told = {"board": board, "error": error}
    return _("%(board)s没有应答：%(error)s。请看网址和网络，过一会儿再试。") % told
