"""``gongkai log`` and ``gongkai audit``: look after the two logs from the command line."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from gongkai.foundation.core.progress import Progress, bar
from gongkai.foundation.ledger import audit as compare
from gongkai.foundation.ledger import queries, workflow
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.translog.checkpoint import open_checkpoint
from gongkai.foundation.translog.keylist import LIST, STOLEN, Distrusted, KeyList
from gongkai.foundation.translog.merkle import tree_root
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.verify import Report, verify_log

NAMED = 20
"""Altered records that are listed by number."""
NAMED_ACTS = 200

FIELDS = {
    "actor": gettext_lazy("成员代号"),
    "facts": gettext_lazy("事实"),
    "id": gettext_lazy("编号"),
    "organisation": gettext_lazy("单位"),
    "outcome": gettext_lazy("结果"),
    "post": gettext_lazy("岗位"),
    "request": gettext_lazy("请求号"),
    "subject": pgettext_lazy("heading", "对象"),
    "time": gettext_lazy("时间"),
    "verb": gettext_lazy("操作"),
    "words": gettext_lazy("标题或者理由"),
}
"""The fields of an office entry, as people call them."""


EARLIER = click.option(
    "--earlier",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint kept from before, with which the log must still begin.",
)


@click.group()
def log() -> None:
    """The transparency log."""


@log.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True), help="A copy of a log folder."
)
@click.option("--vkey", help="The published key; the folder's own file vkey when left out.")
@EARLIER
def verify(folder: Path | None, vkey: str | None, earlier: Path | None) -> None:
    """Recompute every entry, tile and root, and compare them with the signed checkpoint."""
    place = folder or Path(settings.HOME.log)
    published = _published_key(place)
    # Who swapped the log may have swapped the key beside it: at home, ours decides.
    keys = _led(place, vkey or published) if folder or vkey else _ours(PUBLIC)
    with bar(_("核对日志")) as progress:
        report = _report(place, keys, progress)
    faults = [*report.faults, *([] if folder else _our_faults(report, published))]
    faults += _rewritten(place, keys, earlier, report)
    if not folder:
        workflow.note_check(PUBLIC.name, size=report.entries, faults=len(faults))
    for fault in faults:
        click.echo(fault, err=True)
    if faults or not report.ok:
        raise SystemExit(1)
    said = ngettext("日志完好：%(count)s条。", "日志完好：%(count)s条。", report.entries)
    click.echo(said % {"count": report.entries})


@click.group()
def audit() -> None:
    """The office log: who did what, when (操作记录)."""


@audit.command("verify")
@EARLIER
def verify_acts(earlier: Path | None) -> None:
    """Check the office log as ``log verify`` does, then every act in the database against it."""
    if not OFFICE.checkpoint.exists() and not queries.head(OFFICE.name).size:
        raise click.ClickException(_("办公日志里还没有操作。请先启动 gongkai run。"))
    with bar(_("核对办公日志")) as progress:
        report = _report(OFFICE.folder, _ours(OFFICE), progress)
    faults = [*report.faults, *_rewritten(OFFICE.folder, _ours(OFFICE), earlier, report)]
    count = len(faults)
    if report.ok:
        faults += _act_faults(report)
        faults, count = faults[:NAMED_ACTS], len(faults)
    workflow.note_check(OFFICE.name, size=report.entries, faults=count)
    for fault in faults:
        click.echo(fault, err=True)
    if count > len(faults):
        click.echo(
            _("一共%(count)s处不符，只列出前%(shown)s处。") % {"count": count, "shown": NAMED_ACTS},
            err=True,
        )
    if count or not report.ok:
        raise SystemExit(1)
    said = ngettext(
        "办公日志完好：%(count)s条，与数据库一致。",
        "办公日志完好：%(count)s条，与数据库一致。",
        report.entries,
    )
    click.echo(said % {"count": report.entries})
    if waiting := queries.unlogged():
        click.echo(_("另有%(count)s条操作还没有进日志，这次没有核对。") % {"count": waiting})


def _act_faults(report: Report) -> Iterator[str]:
    """Where the database says otherwise than the sound office log on disk."""
    head = queries.head(OFFICE.name)
    if head.exposed_size != report.entries:
        yield _behind(report.entries, head.exposed_size)
        return
    with bar(_("核对操作记录")) as progress:
        for finding in compare.altered_acts(report.entries, head.size, progress):
            told = {
                "seq": finding.seq,
                "id": finding.act,
                "verb": finding.verb,
                "actor": finding.actor,
                "what": _what(finding.what),
            }
            yield _("序号%(seq)s（编号%(id)s，%(actor)s，%(verb)s）：%(what)s。") % told


def _led(folder: Path, vkey: str, note: str = "") -> list[str]:
    """The key that signed the checkpoint in ``folder`` (or ``note``), where the list of keys beside
    it leads there from ``vkey``; else ``vkey`` itself. One that was stolen since ends it.
    """
    try:
        listed = KeyList.decode((folder / LIST).read_bytes())
        signed = note or (folder / "checkpoint").read_text("utf-8")
        return [listed.accept(signed, vkey).key.vkey]
    except Distrusted as error:
        if error.why != STOLEN:
            return [vkey]
        raise click.ClickException(
            _("这把公钥声明过失密，这个检查点在失密以后，不能作准。请用新的公钥核对。")
        ) from error
    except (OSError, ValueError):
        return [vkey]


def _ours(log: Log) -> list[str]:
    return [each.vkey for each in log.verifiers]


def _rewritten(
    folder: Path, vkeys: list[str], earlier: Path | None, report: Report
) -> Iterator[str]:
    """Where a sound log does not begin with what somebody kept of it."""
    if earlier is None or not report.ok:
        return
    try:
        note = earlier.read_text("utf-8").strip("\ufeff\n") + "\n"
        signed = [each for vkey in vkeys for each in (vkey, *_led(folder, vkey, note))]
        kept = open_checkpoint(note, *map(Verifier.parse, signed))
    except ValueError:
        yield _("%(file)s不是这个日志签过的检查点。") % {"file": earlier}
        return
    if kept.size > report.entries:
        told = {"kept": kept.size, "now": report.entries}
        yield _("留下的检查点有%(kept)s条，现在的日志只有%(now)s条：日志被截短了。") % told
        return
    # By today's tiles: another history need not have had a tile of the kept checkpoint's width.
    if tree_root(kept.size, TileStore(folder).hash_reader(report.entries)) != kept.root:
        yield _("日志的前%(kept)s条不是留下检查点时的那些：历史被改写过。") % {"kept": kept.size}


def _what(what: str) -> str:
    match what:
        case compare.MISSING:
            return _("数据库里没有这条操作，被删掉了")
        case compare.INSERTED:
            return _("日志里没有这条操作，是插进来的")
        case compare.BACKDATED:
            return _("时间比前面的操作早，是补插的，或者时钟被往回拨过")
        case compare.FEIGNED:
            return _("文字没有了，却没有人清除过")
    return _("“%(field)s”被改动过") % {"field": FIELDS.get(what, what)}


def _behind(disk: int, database: int) -> str:
    told = {"disk": disk, "database": database}
    return _("日志有%(disk)s条，数据库记着已公布%(database)s条。") % told


def _report(folder: Path, vkeys: list[str], progress: Progress) -> Report:
    """The check of a folder; one line when the key itself is none."""
    try:
        return verify_log(folder, *vkeys, progress=progress, gettext=_)
    except ValueError as error:
        raise click.ClickException(
            _("这不是公钥：%(vkey)s。应当是“日志名+八位编号+密钥”这样的一行。") % {"vkey": vkeys[0]}
        ) from error


def _published_key(folder: Path) -> str:
    try:
        return (folder / "vkey").read_text("utf-8").strip()
    except OSError as error:
        raise click.ClickException(
            _("%(folder)s里没有vkey文件。还没有公开过内容，或者文件夹不对。") % {"folder": folder}
        ) from error


def _our_faults(report: Report, published: str) -> Iterator[str]:
    """Where our own key and database say otherwise than the log on disk."""
    if published != PUBLIC.vkey:
        yield _("文件vkey里不是本站的公钥。")
    exposed = queries.head().exposed_size
    if exposed != report.entries:
        yield _behind(report.entries, exposed)
    elif report.ok:
        for seq in islice(compare.altered(exposed), NAMED):
            yield _("序号%(seq)s的公开记录与日志不符：数据库被改动过。") % {"seq": seq}
