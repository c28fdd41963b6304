"""``gongkai backup``: save everything elsewhere, and see whether it is still what was saved."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gongkai.config.backups import sealing
from gongkai.config.backups.keeping import Schedule
from gongkai.config.backups.pool import STAMP, Damaged, Pool
from gongkai.config.env import Unusable

FOLDER = click.Path(path_type=Path, file_okay=False)
PASSPHRASE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that holds the passphrase; else BACKUP_PASSPHRASE, else it is asked for.",
)
FULL = {errno.ENOSPC, errno.EDQUOT}
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
DEFAULTS = Schedule()


class OftenUnsaid(click.Group):
    """A group whose usual command may be left unsaid: ``gongkai backup DEST``."""

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual = usual

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command first where none is named."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [self._usual, *args]
        return super().parse_args(ctx, args)


@click.group(cls=OftenUnsaid, usual="to")
def backup() -> None:
    """Save the installation, online, and verify what was saved."""


@backup.command()
@click.argument("dest", type=FOLDER)
@PASSPHRASE
@click.option("--last", default=DEFAULTS.last, show_default=True, help="Backups kept in any case.")
@click.option("--daily", default=DEFAULTS.daily, show_default=True, help="Days kept.")
@click.option("--weekly", default=DEFAULTS.weekly, show_default=True, help="Weeks kept.")
@click.option("--monthly", default=DEFAULTS.monthly, show_default=True, help="Months kept.")
@click.option("--yearly", default=DEFAULTS.yearly, show_default=True, help="Years kept.")
def to(dest: Path, passphrase_file: Path | None, **numbers: int) -> None:
    """Save everything into the folder DEST, then let go of what the schedule does not keep."""
    from django.conf import settings

    from gongkai.config import copying
    from gongkai.config.backups.gathering import Gathering

    refuse_inside(dest.resolve(), settings.HOME.path)
    copying.require("pg_dump")
    passphrase = sealing.ask(passphrase_file, new=True)
    with plainly(dest), Pool.written(dest, settings.LOG_ORIGIN) as pool:
        with click.progressbar(length=_expected(settings.HOME.path), label="备份 / backup") as bar:
            gathering = Gathering(pool, bar.update)
            manifest = gathering.take(passphrase)
            bar.update(max(0, (bar.length or 0) - bar.pos))
        removed = _prune(pool, Schedule(**numbers))
    click.echo(
        f"备份好了：{manifest.name.removesuffix('.json')}，{len(manifest.files)}个文件，"
        f"新存{pool.copied}个，清理{removed}个。 / Saved; {pool.copied} new files."
    )
    for fault in gathering.faults:
        click.echo(f"没有备份，原文件坏了或缺了：{fault} / damaged or missing: {fault}", err=True)
    if gathering.faults:
        raise SystemExit(1)


@backup.command()
@click.argument("dest", type=click.Path(path_type=Path, file_okay=False, exists=True))
def verify(dest: Path) -> None:
    """Read every byte saved in DEST again. Needs no passphrase, and no installation.

    Exit status 1 when something is damaged or missing; a damaged file is set aside, so that the
    next backup saves it anew.
    """
    pool = Pool(dest)
    needed: dict[str, int] = {}
    named: dict[str, str] = {}
    faults = []
    for file in pool.manifests():
        try:
            manifest = pool.read(file)
        except Damaged:
            faults.append(f"清单坏了：{file.name} / this list is damaged")
            continue
        needed |= manifest.blobs
        named |= {kept.sha256: f"{file.stem} {kept.path}" for kept in manifest.files}
    if not (needed or faults):
        raise Unusable(f"{dest} 里没有备份。 / There is no backup here.")
    with click.progressbar(needed.items(), label="核对 / verify") as blobs:
        for digest, size in blobs:
            if fault := pool.fault(digest, size):
                faults.append(f"{_FAULTS[fault]}：{named[digest]} / {fault}")
                with suppress(OSError):
                    pool.blob(digest).rename(pool.blob(digest).with_suffix(".damaged"))
    for each in faults:
        click.echo(each, err=True)
    if faults:
        raise SystemExit(1)
    count = len(pool.manifests())
    click.echo(f"完好：{count}份备份，{len(needed)}个文件。 / All {count} backups are sound.")


@backup.command()
@click.argument("dest", type=click.Path(path_type=Path, file_okay=False, exists=True))
def mend(dest: Path) -> None:
    """Put damaged or missing files back from the backups in DEST, where these are sound.

    Which they are, `gongkai doctor` says. Exit status 1 when some are not in any backup.
    """
    from gongkai.config.backups.mending import mended

    left = False
    for path, done in mended(Pool(dest)):
        left |= not done
        said = "取回了" if done else "备份里没有完好的"
        click.echo(f"{said}：{path} / {'put back' if done else 'in no backup'}")
    if left:
        raise SystemExit(1)
    click.echo("该取回的都取回了。 / Nothing is left to put back.")


_FAULTS = {"missing": "缺了", "damaged": "坏了"}


def refuse_inside(dest: Path, home: Path) -> None:
    """``Unusable`` when the backups would lie in what they are to save."""
    if dest == home or home in dest.parents:
        raise Unusable(
            f"{dest} 在数据文件夹里面，盘坏了会一起丢。请换一个地方，最好是另一块盘。"
            " / The backups would lie inside the data folder; choose another disk."
        )


@contextmanager
def plainly(place: Path) -> Iterator[None]:
    """Say what a disk's refusal means for the backups, and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Unusable(
                f"{place} 满了。这一次不算备份，以前的都还在。请腾出空间再做一次。"
                " / The disk is full; earlier backups are whole. Make room and repeat."
            ) from error
        inside = place.resolve() in Path(error.filename or "").absolute().parents
        if error.errno in CLOSED and (inside or str(error.filename) == str(place)):
            raise Unusable(
                f"{place} 不能写入。这一次不算备份，以前的都还在。请改它的权限，或者换一个地方。"
                " / The folder cannot be written; earlier backups are whole."
            ) from error
        if error.errno == errno.ENOENT and str(error.filename) == str(place):
            raise Unusable(
                f"没有 {place.parent} 这个文件夹。盘挂上了吗？ / No such folder; is it mounted?"
            ) from error
        raise


def _expected(home: Path) -> int:
    """How many files there are about; only the bar asks."""
    return 1 + sum(1 for name in ("files", "archive") for _each in (home / name).rglob("*"))


def _prune(pool: Pool, schedule: Schedule) -> int:
    """Let go of outdated backups and of the blobs that only they needed; how many blobs."""
    files = {
        datetime.strptime(file.stem, STAMP).replace(tzinfo=UTC): file for file in pool.manifests()
    }
    try:
        return pool.drop([files[at] for at in schedule.outdated(files)])
    except Damaged:
        click.echo(
            "有一份清单坏了，所以没有清理旧文件。请运行 gongkai backup verify。"
            " / A list is damaged; nothing was cleared away.",
            err=True,
        )
        return 0
