"""``gongkai proof`` and ``gongkai verify``: one item, in the hands of whoever has it."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock, fetching, identifiers
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.fetching import is_address
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.cosignature import Cosignature, Witness
from gongkai.foundation.translog.keylist import LIST, KeyList, NoList
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.remote import ReadLog, Unverifiable, proved_root
from gongkai.surfaces.board import paper
from gongkai.surfaces.board.bundle import (
    Bundle,
    Differs,
    NoBundle,
    Read,
    gather,
    refuse_other_history,
    today,
)
from gongkai.surfaces.board.paper import Sheet

LARGEST = 64 * 1024 * 1024
"""Bytes of a sealed edition or a file of the log, from a board asked over the network."""
PAGE = re.compile(
    r"(?P<board>.*?)(?:/en)?/i/(?P<address>[0-9A-Za-z]{10})(?:/v(?P<version>[0-9]+))?/?"
)


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
@click.argument("what")
@click.option("--vkey", default="", help="The log's public key, from where you trust it.")
@click.option("--origin", default="", help="The log's name; the bundle must be of this log.")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A newer list of the log's keys than the bundle's: a board's /log/keys.json.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="VKEY",
    help="A witness's public key, from where you trust it. Repeatable.",
)
@click.option(
    "--board",
    default="",
    metavar="URL",
    help="The board to ask whether its log still agrees with the bundle, or with a printed sheet.",
)
def verify(
    what: str,
    vkey: str,
    origin: str,
    keys_file: Path | None,
    witnesses: tuple[str, ...],
    board: str,
) -> None:
    """Check a proof bundle, offline, or what a printed sheet's code says; needs no installation.

    WHAT is the bundle's file, or the scanned text, which is compared with the board it names.
    Exit status 0: it proves what it says; 1: it does not; 2: WHAT is neither; 3: no answer.
    """
    if vkey:
        _key(vkey)
    if not Path(what).is_file() and (sheet := paper.read(what)):
        return _verify_sheet(sheet, board.rstrip("/") or sheet.board, vkey, keys_file)
    bundle = _bundle(Path(what))
    known = [_witness_key(each) for each in witnesses]
    _verify_bundle(bundle, vkey, origin, keys_file, known, board.rstrip("/"))


def _bundle(file: Path) -> Bundle:
    try:
        return Bundle.parse(file.read_bytes())
    except OSError as error:
        told = {"file": file, "error": error.strerror}
        wording = _("%(file)s打不开（%(error)s）。请写证明文件的名字，或者扫纸上二维码得到的文字。")
        raise click.UsageError(wording % told) from error
    except NoBundle as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


def _verify_bundle(
    bundle: Bundle,
    vkey: str,
    origin: str,
    keys_file: Path | None,
    witnesses: Sequence[Witness],
    board: str,
) -> None:
    """Check by the bundle alone, or with what ``board`` shows today, where one is named."""
    read = _network(board) if board else None
    try:
        keys = _keys(keys_file, read)
        checkpoint = bundle.check(vkey, origin=origin, keys=keys)
        seen = bundle.seen(witnesses)
        if read:
            now = today(read, vkey or bundle.vkey, keys)
            refuse_other_history(read, checkpoint, now)
        elif bundle.signer(vkey, keys).bad and not seen:
            wording = _(
                "签名的公钥声明过失密。失密以前的检查点也可能是偷钥匙的人补签的，单凭这个文件分不出来。"
                "请加上--board，向公开栏核对。"
            )
            raise Differs(wording)
    except Differs as error:
        click.echo(_("对不上。%(why)s") % {"why": error}, err=True)
        raise SystemExit(1) from error
    for sentence in _told(bundle, checkpoint, seen, trusted=bool(vkey)):
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


def _told(
    bundle: Bundle, checkpoint: Checkpoint, seen: Sequence[Cosignature], *, trusted: bool
) -> Iterator[str]:
    """What a checked bundle proves, and what it does not."""
    facts = bundle.facts
    yield _("对得上：%(title)s") % {"title": _title(bundle.sealed)}
    yield _("原文和封存时一样，指纹sha256:%(digest)s。") % {"digest": facts["digest"]}
    told = {
        "origin": checkpoint.origin,
        "index": facts["index"],
        "size": checkpoint.size,
        "time": facts["time"],
    }
    yield _("日志%(origin)s第%(index)s条说的就是它（共%(size)s条），记录时间%(time)s。") % told
    if trusted:
        yield _("检查点由您给的公钥签名。")
    else:
        wording = _(
            "注意：公钥是证明文件自己写的，还没有核实。请向别处问到公钥，用--vkey再核对：%(vkey)s"
        )
        yield wording % {"vkey": bundle.vkey}
    yield from _witnessed(bundle, seen)
    yield _("没有证明：现在是否更正或者撤回了，请看%(page)s；时间是发布者的时钟写的。") % {
        "page": bundle.page
    }
    yield _("这能证明内容没有被改动，不等同于法律意义上的电子公章。")


def _witnessed(bundle: Bundle, seen: Sequence[Cosignature]) -> Iterator[str]:
    """Who saw it, and when at the latest; who else signed and was not believed."""
    for each in seen:
        at = clock.stamp(datetime.fromtimestamp(each.at, UTC))
        wording = _("不晚于%(at)s：联署人%(name)s那时见过它，公钥是您给的。")
        yield wording % {"at": at, "name": each.witness}
    others = sorted(set(bundle.cosigners()) - {each.witness for each in seen})
    if others:
        wording = _(
            "检查点上还有%(names)s的联署，没有核对。请向联署人问到公钥，用--witness再核对：那能证明"
            "“不晚于”。"
        )
        yield wording % {"names": "、".join(others)}


def _verify_sheet(sheet: Sheet, board: str, vkey: str, keys_file: Path | None) -> None:
    """Compare the head that a sheet remembers with the log as the board hands it out today."""
    if not is_address(board):
        raise click.UsageError(_("纸上的文字里没有网址。请用--board写上公开栏的网址。"))
    try:
        told, log = _compared(sheet, _network(board), vkey, keys_file)
    except Refused as refusal:
        click.echo("\n".join(refusal.obstacles), err=True)
        raise SystemExit(3) from refusal
    if told:
        click.echo(_("对不上。%(why)s") % {"why": told}, err=True)
        raise SystemExit(1)
    values = {"size": sheet.size, "origin": log.origin, "now": log.size}
    wording = _(
        "对得上：日志%(origin)s从第1条到第%(size)s条，和纸印出来的时候一样（今天共%(now)s条）。"
    )
    click.echo(wording % values)
    if not vkey:
        click.echo(_("注意：公钥来自公开栏自己，还没有核实。请向别处问到公钥，用--vkey再核对。"))


def _compared(
    sheet: Sheet, read: Read, vkey: str, keys_file: Path | None
) -> tuple[str, Checkpoint]:
    """What does not fit, or nothing; and the log's checkpoint, by ``vkey`` or a key it leads to."""
    note, own = read("log/checkpoint"), read("log/vkey")
    if note is None or not (vkey or own):
        raise Refused([_("那里没有日志的检查点或者公钥。请看网址。")])
    try:
        verifier = Verifier.parse(vkey or (own or b"").decode().strip())
        keys, text = _keys(keys_file, read), note.decode()
        log = today(read, verifier.vkey, keys) if keys else open_checkpoint(text, verifier)
        if sheet.size > log.size:
            told = {"size": sheet.size, "now": log.size}
            return _("纸上记着日志有%(size)s条，今天只有%(now)s条：日志变短了。") % told, log
        root = proved_root(ReadLog(lambda path: read(f"log/{path}")), sheet.size, log)
    except Unverifiable:
        return _("日志的文件缺失或者损坏，算不出签了名的总指纹。"), log
    except Differs as error:
        raise SystemExit(_fail(str(error))) from error
    except ValueError as error:
        wording = _("检查点不是用这把公钥签的，或者被改动过：%(error)s")
        raise SystemExit(_fail(wording % {"error": error})) from error
    if sheet.fits(root):
        return "", log
    return _(
        "日志前%(size)s条里有被改动、抽走或者插进去的。请把这张纸收好；抄写来的，请先看有没有抄错。"
    ) % {"size": sheet.size}, log


def _fail(sentence: str) -> int:
    click.echo(_("对不上。%(why)s") % {"why": sentence}, err=True)
    return 1


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


def _witness_key(vkey: str) -> Witness:
    try:
        return Witness.parse(vkey)
    except ValueError as error:
        wording = _("--witness写的不是联署人的公钥。请向联署人要gongkai witness key打印的那一行。")
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
            return fetching.get(f"{board}/{path}", most=LARGEST)
        except fetching.Unreachable as error:
            raise Refused([_silent(board, error)]) from error

    return read


def _silent(board: str, error: OSError) -> str:
    told = {"board": board, "error": error}
    return _("%(board)s没有应答：%(error)s。请看网址和网络，过一会儿再试。") % told
