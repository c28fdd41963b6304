"""``gongkai keys``: how the secret keys are kept, and their encryption 密钥."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.config import upgrade, wrapping
from gongkai.config.backups import sealing
from gongkai.config.env import Unusable
from gongkai.config.run import only_one


@click.group()
def keys() -> None:
    """The secret keys: encrypt them, replace them, say that one was stolen."""


@keys.command()
def status() -> None:
    """Say of each key whether it is encrypted; exit status 1 when something is to be done."""
    folder: Path = settings.HOME.keys
    wrong = False
    for file in sorted(folder.glob("*.key")):
        said, good = _state(file)
        wrong |= not good
        click.echo(f"{file.name}  {said}")
    if trouble := opening():
        click.echo(trouble, err=True)
        wrong = True
    raise SystemExit(1 if wrong else 0)


def _state(file: Path) -> tuple[str, bool]:
    if file.name in wrapping.IN_CLEAR:
        return _("不加密（丢了可以重造）"), True
    try:
        if wrapping.is_wrapped(file):
            return _("已加密"), True
    except Unusable as error:
        return str(error), False
    if wrapping.is_sealed(file.parent):
        return _("还没有加密，请再运行一次 gongkai keys encrypt"), False
    return _("没有加密"), True


def opening() -> str:
    """Why the encrypted keys do not open with the passphrase at hand; nothing when they do."""
    try:
        wrapping.require(settings.HOME.keys)
        for file in sorted(settings.HOME.keys.glob("*.key")):
            wrapping.read(file)
    except Unusable as error:
        return str(error)
    return ""


PASSPHRASE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that holds the passphrase; else KEYS_PASSPHRASE(_FILE), else it is asked for.",
)


@keys.command()
@PASSPHRASE
def encrypt(passphrase_file: Path | None) -> None:
    """Encrypt the keys by a passphrase. Repeat it when it was cut off."""
    folder: Path = settings.HOME.keys
    with _stopped():
        words = _passphrase(passphrase_file, new=not wrapping.is_sealed(folder))
        done = wrapping.seal(folder, words)
    said = ngettext("加密了%(count)s把密钥。", "加密了%(count)s把密钥。", len(done))
    click.echo(said % {"count": len(done)})
    click.echo(
        _(
            "以后启动要有口令：请把它写进一个只有本人能读的文件，不要放在数据文件夹里，再设"
            " KEYS_PASSPHRASE_FILE。口令丢了，密钥就打不开，请离线留一份。"
        )
    )
    click.echo(_("以前的明文可能还留在磁盘的空闲块和旧备份里。"))


@keys.command()
@PASSPHRASE
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that holds the new passphrase; else it is asked for.",
)
def passphrase(passphrase_file: Path | None, new_passphrase_file: Path | None) -> None:
    """Let another passphrase open the keys. The keys themselves stay, and whoever runs runs on."""
    folder: Path = settings.HOME.keys
    if not wrapping.is_sealed(folder):
        raise Unusable(_("密钥还没有加密。请先运行 gongkai keys encrypt。"))
    old = _passphrase(passphrase_file, new=False)
    new = sealing.entered(new_passphrase_file, _("新的密钥口令"), new=True)
    wrapping.change(folder, old, new)
    click.echo(_("口令换好了。请把 KEYS_PASSPHRASE_FILE 指的文件也换掉，旧备份仍要旧口令。"))


def _passphrase(file: Path | None, *, new: bool) -> str:
    """From ``file``, else from the surroundings, else from the person."""
    given = "" if file else wrapping.passphrase()
    return sealing.entered(file, _("密钥口令"), new=new, given=given)


@contextmanager
def _stopped() -> Iterator[None]:
    """Nobody else uses the keys: a process at work would not know the passphrase."""
    with only_one(settings.HOME), upgrade.alone():
        yield
