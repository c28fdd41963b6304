"""``gongkai demo``: a fictional township in a home of its own, made by the real verbs.

Every step first looks how far things have come and then does the next act, so a load that was cut
off is completed by the next one. Nothing is dated back: everything happens when it is loaded.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import click
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.config import keeper
from gongkai.config.demonstration import (
    ITEMS,
    VOICES,
    Item,
    Voice,
    accounts,
    hall,
)
from gongkai.config.demonstration.days import DAYS, Day
from gongkai.config.demonstration.township import Township
from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.charter import parse, sample
from gongkai.procedure.duties import jobs as duties

CHARTER = "township"


@click.group(help="演示：一个虚构的乡镇。 / The demonstration.")
def demo() -> None:
    """The demonstration."""


@demo.command(help="装入演示内容；装到一半的接着装。 / Load it, or complete it.")
def load() -> None:
    """Load the demonstration into this home, or complete it."""
    if not settings.DEMONSTRATION:
        message = _("这里不是演示：日志的名称不以demo.invalid/开头。请换一个空的GONGKAI_HOME。")
        raise Refused([message])
    before = Act.objects.count()
    obstacles = load_all()
    if obstacles:
        raise Refused([_("演示内容没有装完，再运行一次会接着装。"), *obstacles])
    changed = Act.objects.count() - before
    said = _("演示内容装好了：%(acts)s个步骤。账号和密码在%(file)s。")
    same = _("演示内容早已装好，什么也没有改。账号和密码在%(file)s。")
    told = {"acts": changed, "file": settings.HOME.path / accounts.ACCOUNTS}
    click.echo((said if changed else same) % told)


def load_all() -> list[str]:
    """Do all that is still to do; return why something could not be done."""
    catalogue.apply(source=sample(CHARTER), by=SYSTEM)
    township = Township(organisations.organisation(parse(sample(CHARTER)).organisation.slug))
    with transaction.atomic():
        named = township.staff()
    accounts.give(named, township.today)
    township.read()
    duties.follow(clock.now())
    duties.plan(clock.now())
    obstacles = [
        *_each(ITEMS, township.bring),
        *township.open_due(),
        *township.hang(),
        *_each(VOICES, township.hear),
        *_each(DAYS, township.rota.arrange),
        *_each(DAYS, township.rota.hold),
        *_each(ITEMS, township.follow_up),
        *township.open_due(),
        *_each(ITEMS, township.file),
    ]
    township.send_away()
    hall.arrange(township.officer("office"))
    _expose()
    return obstacles


Thing = TypeVar("Thing", Item, Voice, Day)


def _each(things: tuple[Thing, ...], act: Callable[[Thing], None]) -> Iterator[str]:
    """Do ``act`` for each, in one transaction a thing, and go on when a rule refuses one.

    Each verb commits by itself elsewhere; here a disk that syncs slowly would be waited for two
    hundred times.
    """
    for thing in things:
        try:
            with transaction.atomic():
                act(thing)
        except Refused as refusal:
            name = thing.file if isinstance(thing, Item) else thing.key
            yield from (f"{name}：{obstacle}" for obstacle in refusal.obstacles)


def _expose() -> None:
    """Order, sign and render what was opened; where a keeper runs already, it does so itself."""
    lease = Lease()
    try:
        if lease.acquire():
            keeper.run_once(lease)
    finally:
        lease.release()
