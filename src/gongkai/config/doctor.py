"""``gongkai doctor``: looks at everything an installation stands on, and says what to do."""

import stat
import sys
import tomllib
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from re import match
from smtplib import SMTPException

import click
from django.conf import settings
from django.core.mail import get_connection
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

import gongkai
from gongkai.config import health, installed, keycommands, sealcommands, wrapping
from gongkai.config.env import PRIVATE
from gongkai.foundation.core.clock import now
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import queries as files
from gongkai.foundation.files import scanner as viruses
from gongkai.foundation.files.pages import limited
from gongkai.foundation.ledger import held, jobs
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.witness import queries as witnesses
from gongkai.procedure.duties import calendars

TOLERATED = timedelta(minutes=2)  # between the clocks of two servers
OTHERS = stat.S_IRWXG | stat.S_IRWXO
NAMED = 5


def python() -> str:
    """The interpreter is new enough."""
    return "" if sys.version_info >= (3, 11) else _("请安装 Python 3.11 以上。")


def packages() -> str:
    """What is needed is installed, in the versions that were tested together."""
    missing = [name for name in _needed() if not _version(name)]
    other = [
        name for name, locked in _locked().items() if (_version(name) or locked[0]) not in locked
    ]
    wrong = ", ".join(missing + other)
    return _("请重新安装：%(names)s。") % {"names": wrong} if wrong else ""


def home() -> str:
    """What is not the board is for the owner alone."""
    private = [settings.HOME.path / name for name in PRIVATE]
    if connection.vendor == "sqlite":
        private.append(settings.HOME.database)
    loose = [path for path in private if path.exists() and path.stat().st_mode & OTHERS]
    if not loose:
        return ""
    return _("别人能看到里面。请运行：chmod go-rwx %(files)s") % {
        "files": " ".join(map(str, loose))
    }


def keys() -> str:
    """Every secret key is readable by its owner alone."""
    folder: Path = settings.HOME.keys
    loose = [file for file in folder.glob("*") if file.stat().st_mode & OTHERS]
    if not loose:
        return ""
    return _("别人能看到密钥。请运行：chmod 600 %(files)s") % {"files": " ".join(map(str, loose))}


def encryption() -> str:
    """Encrypted keys open with the passphrase at hand, all of them are encrypted, and the
    passphrase does not lie beside them.
    """
    folder: Path = settings.HOME.keys
    if not wrapping.is_sealed(folder):
        return ""
    if trouble := keycommands.opening():
        return trouble
    if left := [file.name for file in wrapping.unwrapped(folder)]:
        return _("%(names)s 还没有加密。请停下来，再运行一次 gongkai keys encrypt。") % {
            "names": "、".join(left)
        }
    place = wrapping.passphrase_file()
    if place and (settings.HOME.path in place.resolve().parents):
        return _("口令文件在数据文件夹里，和密钥在一起，等于没有加密。请把它移到别处。")
    if place and place.stat().st_mode & OTHERS:
        return _("别人能看到口令。请运行：chmod 600 %(file)s") % {"file": place}
    return ""


def plain_keys() -> str:
    """Keys that stand as they are: allowed, but somebody should know what that means."""
    folder: Path = settings.HOME.keys
    signing = (folder / "log.key").exists() and not settings.DEMONSTRATION
    if wrapping.is_sealed(folder) or not signing:
        return ""
    return _(
        "密钥没有加密，谁拿到这块磁盘，谁就能以本站名义签日志、读联系方式。"
        "磁盘没有整盘加密的，请停下来运行 gongkai keys encrypt。"
    )


def database() -> str:
    """The database answers; SQLite keeps a write-ahead log."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if mode == "wal":
        return ""
    return _("SQLite 没有用 WAL（现在是 %(mode)s）。数据文件夹要在本机磁盘上。") % {"mode": mode}


def migrations() -> str:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting or installed.differs(settings.HOME):
        return _("请停下来，运行 gongkai upgrade，再启动。")
    return ""


def keeper() -> str:
    """The keeper lives and keeps up."""
    lag = health.keeper_lag()
    if not lag.short:
        return _("台账落后 %(seconds)s 秒。请看日志里 keeper 的最后几行。") % {
            "seconds": lag.waiting_seconds
        }
    if health.keeper_lives():
        return ""
    return _("keeper 没有在运行。请启动 gongkai run 或 gongkai keeper。")


def log() -> str:
    """Log and database tell one story at the log's head."""
    return _head(PUBLIC, "gongkai log verify")


def office() -> str:
    """The office log keeps up with the acts, and tells the database's story at its head."""
    if ill := _head(OFFICE, "gongkai audit verify"):
        return ill
    lag = health.office_lag()
    if lag <= health.MOST_LAG.total_seconds():
        return ""
    return _("办公日志落后 %(seconds)s 秒。请看日志里 keeper 的最后几行。") % {"seconds": lag}


def search() -> str:
    """What is public can be found: there is an index, and it keeps up."""
    lag = health.search_lag()
    if lag is None:
        return _("还没有能用的检索库，keeper 会自己做。等不及，请运行 gongkai search rebuild。")
    if lag <= health.MOST_LAG.total_seconds():
        return ""
    return _(
        "检索落后 %(seconds)s 秒，搜到的是旧的。请看磁盘满没满，再看日志里 search index 的话。"
    ) % {"seconds": lag}


def _head(log: Log, verify: str) -> str:
    """What is wrong at the head of ``log``, and what to do."""
    try:
        jobs.check_head(log)
    except held.Held:
        return _("从备份恢复后还没有确认，所以停签。请按说明运行 gongkai restore confirm。")
    except jobs.RolledBack as error:
        told = {"exposed": error.exposed, "signed": error.signed}
        return (
            _(
                "数据库是旧的：日志已公布%(exposed)s条，数据库只记到%(signed)s条。再签就会分叉，"
                "所以已经停签。请停下来，换回最新的数据库。"
            )
            % told
        )
    except Broken as error:
        return _("日志核对不上：%(error)s。请停下来，把数据文件夹留一份，再运行 %(command)s。") % {
            "error": error,
            "command": verify,
        }
    if lost := jobs.hidden(log):
        return _("公布过的日志有%(lost)s条不在了。请启动 gongkai run，keeper 会重新写出。") % {
            "lost": lost
        }
    return ""


def kept() -> str:
    """Nothing that the integrity watch has read again was damaged."""
    found = list(files.damages()[:NAMED])
    if not found:
        return ""
    told = {"names": "、".join(each.path for each in found), "count": files.damages().count()}
    if all("/" in each.path for each in found):  # files, none of them a row of the database
        return (
            _("%(count)s个文件坏了或者缺了：%(names)s。请运行：gongkai backup mend 备份文件夹")
            % told
        )
    return (
        _(
            "%(count)s处损坏：%(names)s。文件请用 gongkai backup mend 备份文件夹 取回；"
            "数据库里被改动的，请停下来，运行 gongkai log verify 和 gongkai audit verify 查清，"
            "再从备份恢复。"
        )
        % told
    )


def witness() -> str:
    """Who witnesses us signs, whom we witness has one history."""
    return " ".join(each.say for each in witnesses.complaints(now(), timedelta(0)))


def mail() -> str:
    """The mail server lets us in."""
    if settings.DEMONSTRATION:
        return ""
    if not settings.EMAIL_HOST:
        return _("没有设置 MAIL_URL，邮件只会留在 %(path)s。") % {"path": settings.EMAIL_FILE_PATH}
    try:
        get_connection(settings.MAIL_BACKEND).open()
    except (OSError, SMTPException) as error:
        return _("邮件服务器不通：%(error)s。请核对 MAIL_URL。") % {"error": error}
    return ""


def clock() -> str:
    """The clock has not gone back behind what was done already."""
    last = Act.objects.order_by("-id").first()
    if last is None or last.at <= now() + TOLERATED:
        return ""
    return _("最近一次操作记在 %(at)s，比现在还晚。请校准本机时钟。") % {"at": last.at}


def holidays() -> str:
    """The holidays of this year, and from December of the next, are known."""
    calendars.notice()
    year = calendars.missing(timezone.localdate(now()))
    if year is None:
        return ""
    return _("还没有%(year)s年的放假安排，日期按周末推算。请装入：gongkai calendar load 文件") % {
        "year": year
    }


def disk() -> str:
    """There is room to write."""
    free = health.free_space()
    if free >= health.LEAST_FREE:
        return ""
    return _("磁盘只剩 %(megabytes)s MB。请腾出空间。") % {"megabytes": free // 2**20}


def converter() -> str:
    """LibreOffice is there, if a file needs it to be read."""
    waiting = files.without_office().count()
    if not waiting or limited.office():
        return ""
    return _("%(n)s个附件要装了 LibreOffice 才能在线看，现在只能下载。请安装它。") % {"n": waiting}


def scanner() -> str:
    """The virus scanner that the settings name answers: without it nothing is taken in."""
    if not settings.CLAMD or viruses.reachable():
        return ""
    return _("查毒程序 %(address)s 不应答，现在什么文件都收不下。请启动它，或者改 CLAMD。") % {
        "address": settings.CLAMD
    }


def address() -> str:
    """Passwords do not cross a network in plain text."""
    if settings.SECURE or settings.ON_LOOPBACK:
        return ""
    return _("办公地址是明文 http。请在前面装 https，再改 PUBLIC_URL。")


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Python", python),
    ("软件包 packages", packages),
    ("数据文件夹 home", home),
    ("密钥 keys", keys),
    ("密钥加密 encryption", encryption),
    ("数据库 database", database),
    ("数据表 migrations", migrations),
    ("签章 seals", sealcommands.ailing),
    ("台账 keeper", keeper),
    ("透明日志 log", log),
    ("办公日志 audit", office),
    ("保存 kept", kept),
    ("检索 search", search),
    ("见证 witness", witness),
    ("邮件 mail", mail),
    ("时钟 clock", clock),
    ("放假 calendar", holidays),
    ("磁盘 disk", disk),
    ("转换 converter", converter),
    ("查毒 scanner", scanner),
    ("地址 address", address),
)

NOTES: tuple[tuple[str, Callable[[], str]], ...] = (("密钥加密 encryption", plain_keys),)
"""What is not ill, and yet worth knowing."""


@click.command(help="体检：每一项好不好，不好该怎么办。 / Check the installation.")
def doctor() -> None:
    """Print a line for each check; exit 1 when one is not well."""
    ill = 0
    for name, check in CHECKS:
        remedy = examined(check)
        ill += bool(remedy)
        click.echo(f"不好 {name}：{remedy}" if remedy else f"好   {name}")
    for name, note in NOTES:
        if said := examined(note):
            click.echo(f"留意 {name}：{said}")
    sys.exit(1 if ill else 0)


def examined(check: Callable[[], str]) -> str:
    """What ``check`` says; a check that cannot even look is not well either."""
    try:
        return check()
    except DatabaseError as error:
        return _("数据库不通（%(error)s）。请核对 DATABASE_URL，看数据库有没有启动。") % {
            "error": type(error).__name__
        }
    except Exception as error:
        return _("没有查成：%(error)s") % {"error": error}


def _needed() -> list[str]:
    """The names of the distributions that the base installation asks for."""
    wanted = [text for text in requires("gongkai") or [] if "extra ==" not in text]
    return [found[0] for text in wanted if (found := match(r"[A-Za-z0-9._-]+", text))]


def _locked() -> dict[str, list[str]]:
    """The tested versions, where the lock file lies beside the source; else nothing to compare."""
    lock = Path(gongkai.__file__).parents[2] / "uv.lock"
    if not lock.exists():
        return {}
    versions: dict[str, list[str]] = {}
    for package in tomllib.loads(lock.read_text("utf-8"))["package"]:
        versions.setdefault(package["name"], []).append(package.get("version", ""))
    return versions


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
