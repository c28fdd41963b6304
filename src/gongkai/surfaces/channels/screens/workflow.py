"""The verbs of displays: ask for a code, pair, arrange, revoke; playlists; interrupt; report.

What people decide is an act. What a display tells by itself is not: it is kept as its latest word
and as totals of a day.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import poke
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.channels.screens import files, proving, queries, rules, tokens
from gongkai.surfaces.channels.screens.models import (
    Change,
    Pairing,
    Play,
    Playlist,
    Presence,
    Screen,
    Urgent,
)
from gongkai.surfaces.channels.screens.reports import Played, Report

# -- pairing ---------------------------------------------------------------------------------------


@transaction.atomic
def ask() -> tuple[Pairing, str] | None:
    """A new code for a display, and the secret by which it asks what became of it 申请配对.

    None while too many displays wait already. Codes that are over are forgotten here.
    """
    now = clock.now()
    Pairing.objects.filter(expires_at__lte=now).delete()
    if Pairing.objects.count() >= rules.HELD:
        return None
    secret = tokens.new_token()
    made = Pairing.objects.create(
        code=tokens.new_pairing_code(),
        secret=tokens.digest(secret),
        expires_at=now + rules.EXPIRES,
    )
    return made, secret


@transaction.atomic
def pair(
    *,
    code: str,
    place: str,
    layout: str,
    playlists: Sequence[Playlist],
    officer: Officer,
    instead: Screen | None = None,
    tried: int = 0,
) -> Screen:
    """The display that shows ``code`` hangs at ``place`` from now on 配对.

    It takes the place of the display ``instead``, which is revoked. ``tried`` is how often the
    officer has tried within the hour. ``Refused`` in the same words for a code that never was, was
    used, or is over.
    """
    now = clock.now()
    pairing = Pairing.objects.select_for_update().filter(code=tokens.tidied(code)).first()
    if wrong := rules.pair_obstacles(pairing, officer, place, tried, now):
        raise Refused(wrong)
    assert pairing is not None
    if instead:
        revoke(screen=instead, officer=officer)
    screen = Screen.objects.create(
        organisation=officer.organisation,
        code=tokens.new_screen_code(),
        place=place.strip(),
        layout=layout,
        paired_at=now,
    )
    screen.playlists.set(playlists)
    pairing.screen = screen
    pairing.save(update_fields=["screen"])
    _act("screen.pair", officer, screen, place=screen.place, layout=layout)
    return screen


def claim(*, secret: str) -> tuple[Screen, str] | Pairing | None:
    """What became of the code: the display with its token, the pairing while it waits, or None.

    A secret that never was is answered as one that is over. A display that lost the answer asks
    again with the same secret and gets another token, until it has used one.
    """
    pairing = queries.pairing_of(tokens.digest(secret))
    if pairing is None:
        return None
    if pairing.screen_id is None:
        return pairing if pairing.expires_at > clock.now() else None
    token = tokens.new_token()
    with transaction.atomic():
        screen = Screen.objects.select_for_update().get(pk=pairing.screen_id)
        if screen.revoked_at or screen.seen_at:
            return None
        screen.token, screen.token_at = tokens.digest(token), clock.now()
        screen.save(update_fields=["token", "token_at"])
    return screen, token


@transaction.atomic
def arrange(
    *, screen: Screen, place: str, layout: str, playlists: Sequence[Playlist], officer: Officer
) -> None:
    """Change where a display hangs and what it shows 调整显示屏."""
    screen = Screen.objects.select_for_update().get(pk=screen.pk)
    if wrong := rules.keep_obstacles(officer, screen):
        raise Refused(wrong)
    screen.place, screen.layout = place.strip(), layout
    screen.save(update_fields=["place", "layout"])
    screen.playlists.set(playlists)
    _act("screen.arrange", officer, screen, place=screen.place, layout=layout)


@transaction.atomic
def revoke(*, screen: Screen, officer: Officer) -> None:
    """Take a display out of use: its token is worth nothing from now on 停用显示屏."""
    screen = Screen.objects.select_for_update().get(pk=screen.pk)
    if wrong := rules.keep_obstacles(officer, screen):
        raise Refused(wrong)
    screen.revoked_at, screen.token, screen.next_token = clock.now(), "", ""
    screen.save(update_fields=["revoked_at", "token", "next_token"])
    _act("screen.revoke", officer, screen, place=screen.place)


# -- playlists -------------------------------------------------------------------------------------


@transaction.atomic
def keep(*, playlist: Playlist, officer: Officer) -> Playlist:
    """Make a playlist, or change one, to what its fields say 编节目单."""
    if playlist._state.adding:
        playlist.organisation = officer.organisation
    if wrong := rules.keep_obstacles(officer, playlist):
        raise Refused(wrong)
    playlist.save()
    _act("screen.playlist", officer, playlist, name=playlist.name)
    return playlist


@transaction.atomic
def drop(*, playlist: Playlist, officer: Officer) -> None:
    """Delete a playlist that no display uses 删节目单."""
    playlist = Playlist.objects.select_for_update().get(pk=playlist.pk)
    if wrong := rules.drop_obstacles(officer, playlist, queries.users_of(playlist)):
        raise Refused(wrong)
    _act("screen.playlist-drop", officer, playlist, name=playlist.name)
    playlist.delete()


# -- interruptions ---------------------------------------------------------------------------------


@transaction.atomic
def interrupt(
    *, address: str, title: str, showable: bool, minutes: int, officer: Officer
) -> Urgent:
    """Show one published item on every display, and nothing else, for so long 紧急插播.

    What interrupted before gives way to it. ``showable`` is what :func:`programme.showable` says.
    """
    now = clock.now()
    until = now + timedelta(minutes=minutes)
    if wrong := rules.urgent_obstacles(officer, showable, until, now):
        raise Refused(wrong)
    _end(officer, now)
    made = Urgent.objects.create(
        organisation=officer.organisation,
        address=address,
        title=title[:300],
        post=officer.post_names[:300],
        since=now,
        until=until,
    )
    _act("screen.interrupt", officer, made, item=address, until=clock.stamp(until))
    return made


@transaction.atomic
def resume(*, officer: Officer) -> None:
    """End the interruption before its time 结束插播; again, nothing."""
    if wrong := rules.urgent_obstacles(
        officer, True, clock.now() + timedelta(hours=1), clock.now()
    ):
        raise Refused(wrong)
    if ended := _end(officer, clock.now()):
        _act("screen.resume", officer, ended, item=ended.address)


def _end(officer: Officer, now: datetime) -> Urgent | None:
    standing = Urgent.objects.select_for_update().filter(
        organisation=officer.organisation, ended_at__isnull=True
    )
    found = standing.first()
    if found:
        found.ended_at = min(now, found.until)
        found.save(update_fields=["ended_at"])
    return found


# -- reports ---------------------------------------------------------------------------------------


def report(*, token: str, told: Report) -> dict[str, Any] | None:
    """Take in what a display tells; what to answer it, or None for a token that is worth nothing.

    A batch of plays counts once, by its number, however often it comes. A new token is handed out
    each week; the old one works until the new one is used, and never after. What was shown for the
    first time on its day is told to publication. *A crash before that: the next day tells it.*
    """
    digest = tokens.digest(token)
    first: list[Play] = []
    with repeatable():
        known = Screen.objects.select_for_update(of=("self",)).select_related("organisation")
        found = queries.by_token(digest)
        screen = known.filter(pk=found.pk).first() if found else None
        if screen is None or screen.revoked_at or digest not in (screen.token, screen.next_token):
            return None
        now = clock.now()
        answer: dict[str, Any] = {"batch": told.batch}
        if digest == screen.next_token:
            screen.token, screen.next_token, screen.token_at = digest, "", now
        elif screen.token_at is None or screen.token_at < now - rules.ROTATE:
            answer["token"] = new = tokens.new_token()
            screen.next_token = tokens.digest(new)
        if screen.seen_at is None:
            Pairing.objects.filter(screen=screen).delete()
        if told.batch > screen.batch:
            first = _count(screen, told.plays)
            screen.batch = told.batch
            screen.lost_plays = min(screen.lost_plays + told.lost, 2**31 - 1)
        screen.seen_at, screen.version = now, told.version
        screen.storage, screen.storage_full = told.storage, told.storage_full
        screen.holds = told.holds
        screen.clock_offset, screen.playing = told.clock_offset, told.playing
        screen.save()
        day = civil_day(now, screen.organisation.zone)
        row, _made = Presence.objects.get_or_create(screen=screen, day=day)
        Presence.objects.filter(pk=row.pk).update(reports=F("reports") + 1)
    proving.shown(first)
    return answer


def _count(screen: Screen, plays: Sequence[Played]) -> list[Play]:
    """Add a batch to the totals of its days, as far as it names editions of this body; returns
    the rows that are new.
    """
    first = []
    digests = {each.digest for each in plays}
    known = set(
        Edition.objects.filter(
            digest__in=digests, disclosure__organisation=screen.organisation
        ).values_list("digest", flat=True)
    )
    for each in plays:
        if each.digest not in known:
            continue
        times = {"first_at": each.first_at, "last_at": each.last_at}
        row, made = Play.objects.get_or_create(
            screen=screen, day=each.day, digest=each.digest, defaults=times
        )
        row.count = min(row.count + each.count, rules.MOST_A_DAY)
        row.seconds = min(row.seconds + each.seconds, 24 * 3600)
        row.first_at, row.last_at = min(row.first_at, each.first_at), max(row.last_at, each.last_at)
        row.save(update_fields=["count", "seconds", "first_at", "last_at"])
        if made:
            first.append(row)
    return first


def sweep(now: datetime) -> None:
    """Destroy totals that are over their time, and codes that nobody entered."""
    for old in queries.of_days(civil_day(now), rules.KEPT_DAYS):
        if old.exists():
            old.delete()
    over = Pairing.objects.filter(expires_at__lt=now - rules.EXPIRES)
    if over.exists():
        over.delete()


# -- small parts -----------------------------------------------------------------------------------


def _act(verb: str, officer: Officer, on: Screen | Playlist | Urgent, **facts: object) -> None:
    """Write the act down, and have the keeper lay the files down anew."""
    told: Mapping[str, Any] = {"post": officer.post_names, **facts}
    ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=officer.organisation.slug,
        subject=f"{on._meta.model_name}:{on.pk}",
        label=str(on) if not isinstance(on, Urgent) else on.title,
        facts=told,
    )
    row, _made = Change.objects.get_or_create(pk=1)
    Change.objects.filter(pk=row.pk).update(number=F("number") + 1)
    transaction.on_commit(_tell)


def _tell() -> None:
    files.prepare()
    poke.keeper()
