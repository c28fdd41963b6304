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
from gongkai.config.keys import make_next_key
from gongkai.config.run import only_one
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import keyring, queries, workflow
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.states import Right


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


# -- changing what signs ---------------------------------------------------------------------------

WHICH = click.argument("which", type=click.Choice(["log", "audit"]))
AS = click.option("--as", "post", required=True, help="The post whose holder acts, by its key.")
REASON = click.option("--reason", required=True, help="Why; it stands in the log.")


@keys.command()
@WHICH
@AS
@REASON
def rotate(which: str, post: str, reason: str) -> None:
    """Let another key follow the key of the log (or of the office log, audit)."""
    _follow(_log(which), keyring.ROTATED, post, reason)
    click.echo(_("已经写进日志。keeper 先用旧密钥签这一条，以后两把一起签。"))
    click.echo(
        _("请把新公钥告诉见证方和印过公钥的地方，都换过以后运行 gongkai keys retire %s。") % which
    )


@keys.command()
@WHICH
@AS
@REASON
def retire(which: str, post: str, reason: str) -> None:
    """Sign no more with the key that another one follows; its file is destroyed."""
    log = _log(which)
    old = log.key_file("old")
    vkey = wrapping.public(old) if old.exists() else ""
    _announce(log, keyring.RETIRED, vkey, "", 0, post, reason)
    click.echo(_("已经写进日志。keeper 签过这一条，就销毁旧密钥；旧公钥签过的照样核对得了。"))


@keys.command()
@WHICH
@AS
@REASON
@click.option("--from", "size", type=int, help="Up to this size it is believed; all, if left out.")
def compromised(which: str, post: str, reason: str, size: int | None) -> None:
    """Declare that the key was stolen: another one signs at once, and vouches for the log so far.

    Checkpoints by the stolen key above the size --from are to be believed by nobody.
    """
    log = _log(which)
    believed = queries.head(log.name).signed_size if size is None else size
    _follow(log, keyring.COMPROMISED, post, reason, believed)
    click.echo(_("已经写进日志。keeper 从现在起只用新密钥签：%s") % _next(log))
    click.echo(_("请马上把新公钥告诉所有见证方，并在网站以外的地方公布：偷钥匙的人签得出旧公钥。"))


def _follow(log: Log, change: str, post: str, reason: str, size: int = 0) -> None:
    """Make the next key, unless an earlier try has made it, and announce it."""
    if wrong := keyring.obstacles(log, change, new=_next(log), size=size):
        raise Refused(wrong)
    make_next_key(settings.HOME, log.place, log.origin)
    _announce(log, change, log.vkey, _next(log), size, post, reason)


def _announce(log: Log, change: str, old: str, new: str, size: int, post: str, reason: str) -> None:
    organisation = organisations.installation()
    if organisation is None:
        raise Unusable("数据库里没有单位。 / The database holds no organisation.")
    officer = organisations.officer_of_post(organisation, post, organisations.today(organisation))
    if not officer.may(Right.ADMINISTER):
        raise Refused([_("换密钥要由管理岗位和账号的岗位来做。")])
    workflow.change_key(
        log=log,
        change=change,
        old=old,
        new=new,
        size=size,
        actor=officer.actor,
        organisation=organisation.slug,
        why=reason.strip(),
    )


def _log(which: str) -> Log:
    return PUBLIC if which == PUBLIC.place else OFFICE


def _next(log: Log) -> str:
    file = log.key_file("next")
    return wrapping.public(file) if file.exists() else ""


def _passphrase(file: Path | None, *, new: bool) -> str:
    """From ``file``, else from the surroundings, else from the person."""
    given = "" if file else wrapping.passphrase()
    return sealing.entered(file, _("密钥口令"), new=new, given=given)


@contextmanager
def _stopped() -> Iterator[None]:
    """Nobody else uses the keys: a process at work would not know the passphrase."""
    with only_one(settings.HOME), upgrade.alone():
        yield
