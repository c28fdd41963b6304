"""``gongkai restore``: from a backup into an empty home, and on from there only when it is safe.

    choose ──► unseal ──► read every byte ──► ask outside ──► lay out ──► prove ──► go on, or wait

Django is loaded only once the home stands, since it reads its settings from there.
"""

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gongkai.config import wrapping
from gongkai.config.backups import laying, outside, sealing
from gongkai.config.backups.commands import PASSPHRASE, OftenUnsaid
from gongkai.config.backups.outside import Seen
from gongkai.config.backups.pool import STAMP, Damaged, Manifest, Pool
from gongkai.config.env import Home, Unusable
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.progress import bar
from gongkai.foundation.ledger import held
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.note import Verifier

WITNESS = click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="PLACE",
    help="A checkpoint that somebody kept: an address, a file, or a folder of files. Repeatable.",
)
BACKUP = "备份 / backup"
"""How a newer backup in the same place is named among those who saw the log."""
CONFIRM = "gongkai restore confirm --as 岗位 --reason 理由"


@click.group(cls=OftenUnsaid, usual="from")
def restore() -> None:
    """Restore a backup into an empty home, and say whether it may go on."""


@restore.command("from")
@click.argument("source", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--at", default="", metavar="DATE", help="The newest backup of this day or before.")
@PASSPHRASE
@WITNESS
def from_(source: Path, at: str, passphrase_file: Path | None, witnesses: tuple[str, ...]) -> None:
    """Lay out the backup in SOURCE and prove it from the log. Repeat it when it was cut off."""
    home, pool = Home(), Pool(source)
    manifest = laying.chosen(pool, at)
    laying.refuse_newer(manifest)
    if not laying.check_place(home, manifest):
        _lay(home, pool, manifest, passphrase_file, witnesses)
    laying.move_up(home)
    _finish(home)


@restore.command()
@click.option("--as", "post", required=True, help="The post whose holder confirms, by its key.")
@click.option("--reason", default="", help="Why to go on, when nobody outside could be asked.")
@WITNESS
def confirm(post: str, reason: str, witnesses: tuple[str, ...]) -> None:
    """Let the log go on after a restore; what is said here stands in the log."""
    home = Home()
    try:
        mark = held.told(home.path)
    except held.Held:
        mark = None
    if mark is None or (home.path / held.WORK).exists():
        raise Unusable(
            "没有等着确认的恢复。没做完的，请把 gongkai restore 再运行一次。"
            " / No restore waits to be confirmed; repeat one that was cut off."
        )
    from gongkai.config.cli import set_up

    set_up()
    from django.conf import settings

    from gongkai.config.backups import proving

    # Our own board may answer at the public address by now: it can only tell what is newer.
    places = [*witnesses, outside.public(settings.BOARD_URL)]
    seen = [
        *outside.ask_witnesses(proving.witnesses(), _made(mark), *proving.verifiers()),
        *outside.ask(places, *proving.verifiers()),
    ]
    _tell_seen(seen)
    _judge(home, mark, [*_remembered(mark), *seen])
    live = [each.where for each in seen[:-1] if each.live]
    if not reason.strip() and (mark["missing"] or not live):
        raise Unusable(
            "没有一处能证明备份以后没有公开过别的内容。确实要继续的，请写明理由，理由会记入日志："
            f"{CONFIRM}。 / Nobody outside could be asked; state a --reason, which is logged."
        )
    _record(mark, post, reason.strip() or f"已问过 {'、'.join(live)}")
    _go_on(home)


# -- laying out ------------------------------------------------------------------------------------


def _lay(
    home: Home, pool: Pool, manifest: Manifest, file: Path | None, witnesses: tuple[str, ...]
) -> None:
    secrets = _unsealed(manifest, sealing.ask(file, new=False))
    _try_keys(secrets)
    with bar("核对 / verify") as progress:
        without = laying.check_files(pool, manifest, progress)
    for path in without:
        click.echo(f"坏了，改从数据库重做：{path} / made anew from the database", err=True)
    known = manifest.facts.get("vkeys") or [manifest.facts["vkey"]]
    verifiers = [Verifier.parse(str(each)) for each in known]
    seen = outside.ask([*witnesses, outside.public(_board_url(secrets))], *verifiers)
    seen += outside.ask_witnesses(_witnesses(manifest), manifest.at, *verifiers)
    seen += _other_backups(pool, verifiers)
    mark = {
        "backup": manifest.at.strftime(STAMP),
        "missing": [],
        "seen": [_told(each) for each in seen],
    }
    try:
        with bar("恢复 / restore") as progress:
            laying.lay(home, pool, manifest, secrets, mark, without, progress)
    except OSError as error:
        shutil.rmtree(home.path / held.WORK, ignore_errors=True)
        raise Unusable(
            f"没有恢复成（{error}），{home.path} 还是空的。请腾出空间或者改权限，再做一次。"
            " / Nothing was restored; make room and repeat."
        ) from error


def _unsealed(manifest: Manifest, passphrase: str) -> dict[str, bytes]:
    try:
        return sealing.unseal(manifest.sealed, passphrase, manifest.covered())
    except sealing.NotOpened as error:
        raise Unusable(
            "口令不对，或者清单被人改过，没有恢复。 / Wrong passphrase, or a forged list."
        ) from error


def _try_keys(secrets: dict[str, bytes]) -> None:
    """Where the keys have a passphrase of their own: a wrong one is told before anything is laid
    out, a missing one only costs a word, since nothing here signs.
    """
    sealed = secrets.get(f"keys/{wrapping.MASTER}")
    if sealed is None:
        return
    if words := wrapping.passphrase():
        wrapping.opens(sealed.decode(), words)
    else:
        click.echo(
            "备份里的密钥是加密的，启动时要有密钥口令（KEYS_PASSPHRASE_FILE）。"
            " / The keys are encrypted: their own passphrase will be needed to start."
        )


def _board_url(secrets: dict[str, bytes]) -> str:
    """The public address that the restored settings will name, whatever the home holds yet."""
    import tomllib

    kept = tomllib.loads(secrets.get("gongkai.toml", b"").decode())
    home = Home()
    public = home.setting("PUBLIC_URL", "public_url", str(kept.get("public_url", home.served_at)))
    return home.setting("BOARD_URL", "board_url", str(kept.get("board_url", public)))


def _witnesses(manifest: Manifest) -> list[tuple[str, str]]:
    """Address and key of those who witnessed the log; a backup of before the witnesses has none."""
    return [(str(url), str(vkey)) for url, vkey in manifest.facts.get("witnesses", ())]


def _other_backups(pool: Pool, verifiers: list[Verifier]) -> list[Seen]:
    """What newer backups in the same place remember of the log."""
    found = []
    for file in pool.manifests():
        with suppress(Damaged, ValueError):  # an earlier one may hold no checkpoint yet
            note = str(pool.read(file).facts["checkpoint"])
            found.append(Seen(f"{BACKUP} {file.stem}", open_checkpoint(note, *verifiers)))
    return found


# -- proving ---------------------------------------------------------------------------------------


def _finish(home: Home) -> None:
    """Prove, judge, and go on when the public itself has seen nothing newer."""
    from gongkai.config.cli import set_up

    set_up()
    from gongkai.config.backups import proving

    mark = held.told(home.path) or {}
    mark["missing"] = proving.prove()
    held.write(home.path, mark)
    laying.finished(home)
    for digest in mark["missing"]:
        click.echo(f"附件缺了：{digest} / this attachment is missing", err=True)
    seen = _remembered(mark)
    _tell_seen([each for each in seen if not each.where.startswith(BACKUP)])
    _judge(home, mark, seen)
    if mark["missing"] or not any(each.live for each in seen):
        click.echo(
            "恢复好了，内容与日志一致，但是还不能签日志：没有一处能证明备份以后没有公开过别的内容。"
            f"\n请看说明，弄清楚了再运行：{CONFIRM}"
            "\nRestored and proved, but unsigned: nobody outside could say whether anything newer"
            " was published."
        )
        return
    _go_on(home)


def _judge(home: Home, mark: dict[str, Any], seen: list[Seen]) -> None:
    """``Unusable`` when somebody saw a longer log than this one, or another one."""
    from gongkai.config.backups import proving

    size, newest = proving.signed(), outside.newest(seen)
    longest = newest.checkpoint.size if newest and newest.checkpoint else 0
    if newest and longest > size:
        mark["seen"] = [_told(each) for each in seen]
        held.write(home.path, mark)
        gone = outside.missing(newest, size)
        more = longest - size - len(gone)
        raise Unusable(
            f"这份备份是旧的：{newest.where} 见过{longest}条，这里只有{size}条。"
            "再签就会分叉，所以不签。请恢复更新的备份。缺的是序号：\n"
            + "\n".join(gone + ([f"… (+{more})"] if more else []))
            + "\nThis backup is older than what the public saw; it stays unsigned."
        )
    for each in seen:
        if each.checkpoint and proving.contradicts(each.checkpoint):
            raise Unusable(
                f"{each.where} 的检查点与这里的日志是两段历史，不签。请先查清是谁改过日志。"
                " / That checkpoint is of another history of this log; it stays unsigned."
            )


def _record(mark: dict[str, Any], post: str, reason: str) -> None:
    """The administrator's act, and its entry in the log."""
    from django.utils.translation import gettext as _

    from gongkai.config.backups import proving
    from gongkai.foundation.ledger import workflow
    from gongkai.foundation.organisations import queries
    from gongkai.foundation.organisations.states import Right

    organisation = queries.installation()
    if organisation is None:
        raise Unusable("数据库里没有单位。 / The database holds no organisation.")
    officer = queries.officer_of_post(organisation, post, queries.today(organisation))
    if not officer.may(Right.ADMINISTER):
        raise Refused([_("确认恢复要由管理岗位和账号的岗位来做。")])
    workflow.resume(
        actor=officer.actor,
        organisation=organisation.slug,
        backup=mark["backup"],
        size=proving.signed(),
        reason=reason,
    )


def _go_on(home: Home) -> None:
    """Lift the mark and make the pages; the keeper signs from here on."""
    from gongkai.config import installed
    from gongkai.foundation.ledger import queries
    from gongkai.surfaces.board import commands as board

    held.lift(home.path)
    installed.write(home)
    if queries.head().exposed_size:  # cut off here, the keeper makes the pages
        click.Context(board.board).invoke(board.build)
    click.echo("恢复好了，可以启动 gongkai run。 / Restored; start gongkai run.")


# -- telling ---------------------------------------------------------------------------------------


def _tell_seen(seen: list[Seen]) -> None:
    for each in seen:
        said = f"{each.checkpoint.size}条" if each.checkpoint else each.trouble
        click.echo(f"问了 {each.where}：{said}")


def _made(mark: dict[str, Any]) -> datetime:
    """When the backup was made that was restored."""
    return datetime.strptime(mark["backup"], STAMP).replace(tzinfo=UTC)


def _told(seen: Seen) -> dict[str, Any]:
    """A place and what it saw, as the mark keeps it."""
    text = seen.checkpoint.text() if seen.checkpoint else ""
    return {"where": seen.where, "checkpoint": text, "trouble": seen.trouble, "old": seen.old}


def _remembered(mark: dict[str, Any]) -> list[Seen]:
    """What was seen outside before, as :func:`_told` wrote it."""
    return [
        Seen(
            each["where"],
            Checkpoint.parse(each["checkpoint"]) if each["checkpoint"] else None,
            each["trouble"],
            each.get("old", False),
        )
        for each in mark["seen"]
    ]
