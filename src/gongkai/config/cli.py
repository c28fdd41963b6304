"""``gongkai``: one command with many verbs, each loaded only when it is asked for.

``gongkai run`` must stand within a second, so a command names its module as text, and Django is
loaded only for those that need it.
"""

import os
import secrets
import sys
from importlib import import_module

import click

from gongkai.config import process
from gongkai.config.env import Home, Unusable
from gongkai.foundation.core.errors import Broken, Conflict, Refused

# name -> module and command in it: a click command, or a function without arguments.
# Apps add their own line here.
PLAIN = {
    "init": "gongkai.config.init:init",
    "run": "gongkai.config.run:run",
    "restore": "gongkai.config.backups.restoring:restore",
    "monitor": "gongkai.config.monitor.commands:monitor",
}
WITH_DJANGO = {
    "keeper": "gongkai.config.keeper:main",
    "worker": "gongkai.config.worker:worker",
    "upgrade": "gongkai.config.upgrade:upgrade",
    "doctor": "gongkai.config.doctor:doctor",
    "keys": "gongkai.config.keycommands:keys",
    "backup": "gongkai.config.backups.commands:backup",
    "log": "gongkai.foundation.ledger.commands:log",
    "audit": "gongkai.foundation.ledger.commands:audit",
    "witness": "gongkai.foundation.witness.commands:witness",
    "board": "gongkai.surfaces.board.commands:board",
    "proof": "gongkai.surfaces.board.item_commands:proof",
    "verify": "gongkai.surfaces.board.item_commands:verify",
    "search": "gongkai.surfaces.search.commands:search",
    "charter": "gongkai.procedure.catalogue.commands:charter",
    "calendar": "gongkai.procedure.duties.commands:calendar",
    "catalogue": "gongkai.procedure.catalogue.commands:catalogue",
    "demo": "gongkai.config.demo:demo",
    "import": "gongkai.procedure.imports.commands:import_",
    "propose": "gongkai.procedure.review.commands:propose",
    "review": "gongkai.procedure.review.commands:review",
    "seal": "gongkai.config.sealcommands:seal",
    "publish": "gongkai.procedure.publication.commands:publish",
    "correct": "gongkai.procedure.publication.commands:correct",
    "withdraw": "gongkai.procedure.publication.commands:withdraw",
    "erase": "gongkai.procedure.publication.commands:erase",
    "case": "gongkai.procedure.feedback.commands:case",
    "reception": "gongkai.participation.meetings.commands:reception",
    "file": "gongkai.procedure.archive.commands:file",
    "members": "gongkai.foundation.organisations.commands:members",
    "reach": "gongkai.surfaces.reach.commands:reach",
    "mail": "gongkai.surfaces.channels.commands:mail",
}


PURE = {("charter", "check"), ("backup", "verify"), ("proof",), ("verify",)}
"""Commands that only read what they are given: they work before ``init``, and without any home."""

LASTING = {"keeper", "worker"}
"""Commands that run on and tell the log; the others tell the person who called them."""

DATABASE_AWAY = {"OperationalError", "InterfaceError", "DatabaseError"}
"""Django's errors, by name since it is loaded only when needed; the others are ours."""


class Lazy(click.Group):
    """A group whose commands stand in the two tables above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the tables' order."""
        return [*PLAIN, *WITH_DJANGO]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, with Django set up when it needs it."""
        if cmd_name in PLAIN:
            return _load(cmd_name, PLAIN[cmd_name])
        if cmd_name not in WITH_DJANGO:
            return None
        if _help_is_asked() or PURE & {tuple(sys.argv[1:2]), tuple(sys.argv[1:3])}:
            _need_no_key()
        if cmd_name not in LASTING:
            os.environ.setdefault("LOG_LEVEL", "WARNING")
        set_up()
        return _load(cmd_name, WITH_DJANGO[cmd_name])


def set_up() -> None:
    """Load Django with Gongkai's settings, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _help_is_asked() -> bool:
    """Whether the words on the line ask what a command does, rather than to do it."""
    return len(sys.argv) < 2 or bool({"-h", "--help"} & set(sys.argv))


def _need_no_key() -> None:
    """What comes before ``gongkai init`` must not ask for what that makes."""
    if not (Home().keys / "django.key").exists():
        os.environ.setdefault("SECRET_KEY", secrets.token_hex())


def _load(name: str, address: str) -> click.Command:
    module, _, attribute = address.partition(":")
    found = getattr(import_module(module), attribute)
    return found if isinstance(found, click.Command) else click.command(name)(found)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai")
def gongkai() -> None:
    """Gongkai 公开: publish, and be able to prove it."""


def main() -> None:
    """Run the command; what a person can put right is one line, not a traceback."""
    process.follow_supervisor()
    try:
        gongkai()
    except Unusable as error:
        sys.exit(f"gongkai: {error}")
    except Refused as refusal:
        sys.exit("\n".join(f"gongkai: {obstacle}" for obstacle in refusal.obstacles))
    except Conflict as conflict:
        sys.exit(f"gongkai: {conflict or '别人刚刚改过这一件。请看最新的情况，再做一次。'}")
    except Exception as error:
        if trouble := _trouble(error):
            sys.exit(f"gongkai: {trouble}")
        raise


def _trouble(error: Exception) -> str:
    """What to say when data, disk or database failed; empty for an error of ours: it stays loud."""
    if isinstance(error, Broken):
        return f"数据对不上，已经停下：{error}。请运行 gongkai doctor。 / Broken; stopped."
    if isinstance(error, OSError):
        return f"磁盘或者文件出错，没有做成：{error}。 / A disk or a file failed."
    if type(error).__module__ == "django.db.utils" and type(error).__name__ in DATABASE_AWAY:
        return f"数据库出错，没有做成：{error}。请运行 gongkai doctor。 / The database failed."
    return ""


if __name__ == "__main__":
    main()
