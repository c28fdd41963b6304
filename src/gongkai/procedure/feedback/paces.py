"""How fast voices may come from one network 送的快慢.

A village may stand behind one address, so nobody is shut out: the more come, the harder the work
that a page's program does (:mod:`work`), and whoever comes without it waits some minutes at most,
is told how many, and loses nothing. Counted by what was taken in (:class:`Heard`), so that several
processes count together and the count costs no write.
"""

import math
from datetime import timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.core import clock
from gongkai.foundation.core.pace import Pace
from gongkai.procedure.feedback import work
from gongkai.procedure.feedback.models import Heard

WINDOW = timedelta(minutes=10)
"""Within which voices are counted, so that nobody waits longer."""
WITH_WORK, WITHOUT = 150, 30
"""Voices that one network may send within it, by whether the work was done."""
WRITING = Pace(steady=1.0, at_once=240.0)
"""Confirmation pages for one network. They keep nothing and ask for no write."""


def today(network: str, day: str) -> str:
    """The name under which a network is counted on ``day``: a keyed digest that lasts no longer."""
    return salted_hmac("gongkai.heard", f"{day} {network}", algorithm="sha256").hexdigest()


def bits(network: str) -> int:
    """How hard the next one's work is for this network, as :func:`today` names it: 1 query."""
    most = work.HARDER * (work.MOST - work.LEAST)
    return work.bits(Heard.objects.filter(network=network)[:most].count())


def wait(network: str, *, worked: bool) -> timedelta:
    """How long until the next voice of this network is taken: 1 query. Nothing when it is now."""
    most, now = WITH_WORK if worked else WITHOUT, clock.now()
    recent = Heard.objects.filter(network=network, at__gt=now - WINDOW).order_by("-at")
    oldest = recent.values_list("at", flat=True)[most - 1 : most]
    return max((at + WINDOW - now for at in oldest), default=timedelta(0))


def in_words(wait: timedelta) -> str:
    """A wait as a person reads it: 20秒, 3分钟. Never less than it is."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds <= 60:
        return ngettext("%(n)s秒", "%(n)s秒", seconds) % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(n)s分钟", "%(n)s分钟", minutes) % {"n": minutes}


def too_many(wait: timedelta) -> str:
    """The sentence for a voice that has to wait."""
    said = _("这个网络送来的意见多，请过%(wait)s再送。您写的都在，没有丢。急事请打电话。")
    return said % {"wait": in_words(wait)}
