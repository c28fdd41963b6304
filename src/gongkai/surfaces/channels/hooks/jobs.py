"""The follower of the log that hands things on, in the worker; the keeper only wakes it.

Each hook has its own cursor and is served by one task at a time, in the log's order: what comes
later waits for what failed. *A crash after the receiver took something repeats it*; the receiver
knows it by its ``seq``.
"""

import secrets
import ssl
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django_tasks import task

from gongkai.foundation.core import canonical, clock, outward
from gongkai.foundation.core.fetching import Unreachable
from gongkai.foundation.notices import signing
from gongkai.foundation.notices.jobs import LOW
from gongkai.surfaces.board import houses, items
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.channels import queries as alerts
from gongkai.surfaces.channels.hooks import (
    events,
    letters,
    messengers,
    queries,
    vault,
    workflow,
)
from gongkai.surfaces.channels.hooks.events import Event
from gongkai.surfaces.channels.hooks.models import Delivery, Hook
from gongkai.surfaces.channels.hooks.states import Carrier, HookState, Trouble

DELIVERIES_AT_ONCE = 50
"""What one task hands over at most: the other hooks wait for it."""
TEST = "test"

Outcome = tuple[int, Trouble | None]


def wake() -> None:
    """Have the worker serve each hook whose turn it is: one question, more if there is any."""
    now = clock.now()
    _matched, shown = alerts.position()
    found = list(queries.due(now, shown))
    if not found:
        return
    with transaction.atomic():
        workflow.queue(found, now)
        for each in found:
            push.enqueue(each.pk)


def upkeep(now: datetime) -> None:
    """For the tick: what waits for its next attempt, and attempts long past."""
    wake()
    workflow.forget(now)


@task(priority=LOW)
def push(hook_id: int) -> None:
    """Hand over what waits for one hook, in order, until something fails. May run twice."""
    hook = _hook(hook_id)
    if hook is None:
        return
    house = houses.town().house(hook.organisation.slug)
    _matched, shown = alerts.position()
    for _each in range(DELIVERIES_AT_ONCE):
        if hook.state != HookState.ON or hook.cursor >= shown:
            return workflow.put_down(hook)
        if not _one_more(hook, house, shown):
            return workflow.put_down(hook)
    push.enqueue(hook_id)  # behind what the others wait for


def _one_more(hook: Hook, house: House, shown: int) -> bool:
    """Hand over the next thing, if any lies in the next stretch of the log; says whether to go on.

    What is told is read at this moment: it may have been withdrawn since the one before.
    """
    stop = min(hook.cursor + events.AT_ONCE, shown)
    event = events.first(house, hook.categories, hook.cursor, stop)
    reached = event.seq + 1 if event else stop
    if event and not (hook.carrier == Carrier.MESSENGER and event.kind == items.ERASURE):
        going = _handed_over(hook, event, house, reached)
    else:
        going = workflow.passed(hook=hook, upto=reached)
    hook.cursor = reached
    return going


@task
def try_out(hook_id: int) -> None:
    """Send something that says of itself that it is a trial."""
    if hook := _hook(hook_id):
        house = houses.town().house(hook.organisation.slug)
        carry = _webhook_trial if hook.carrier == Carrier.WEBHOOK else _messenger_trial
        body, send = carry(hook, house)
        workflow.tried(_attempt(hook, None, body, send(), attempt=1))


def _hook(pk: int) -> Hook | None:
    return Hook.objects.select_related("organisation").filter(pk=pk).first()


def _handed_over(hook: Hook, event: Event, house: House, reached: int) -> bool:
    """Whether the receiver took ``event``, so that the hook goes on from ``reached``."""
    if hook.carrier == Carrier.MESSENGER:
        category = house.categories.get(event.category)
        said = messengers.words(event, hook.template, category.name if category else "")
        body, send = _message(hook, said)
    else:
        body, send = _request(hook, f"seq-{event.seq}", canonical.encode(event.payload))
    attempt = _attempt(hook, event, body, send(), attempt=hook.attempts + 1)
    if not attempt.trouble:
        hook.attempts = 0
        return workflow.took(hook=hook, attempt=attempt, upto=reached)
    if workflow.failed(hook=hook, attempt=attempt):
        hook.trouble = attempt.trouble
        letters.given_up(hook)
    return False


def _attempt(
    hook: Hook, event: Event | None, body: bytes, outcome: Outcome, attempt: int
) -> Delivery:
    status, trouble = outcome
    return Delivery(
        hook=hook,
        seq=event.seq if event else None,
        item=event.item if event else "",
        at=clock.now(),
        attempt=attempt,
        status=status,
        trouble=trouble or "",
        digest=canonical.digest(body),
    )


# -- by HTTP ---------------------------------------------------------------------------------------


def _request(hook: Hook, identity: str, body: bytes) -> tuple[bytes, Callable[[], Outcome]]:
    kept, now = vault.opened(hook), clock.now()
    headers = signing.headers(identity, now, body, vault.keys(hook, kept, now))
    return body, lambda: _posted(kept.address, body, headers)


def _webhook_trial(hook: Hook, _house: House) -> tuple[bytes, Callable[[], Outcome]]:
    told = {"format": events.FORMAT, "kind": TEST, "log": settings.LOG_ORIGIN}
    return _request(hook, f"{TEST}-{secrets.token_hex(8)}", canonical.encode(told))


def _posted(address: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """The status that the receiver answered, 0 without one, and what was wrong."""
    try:
        status = outward.post(address, body, headers=headers, inside=settings.HOOKS_INSIDE)
    except outward.Forbidden:
        return 0, Trouble.INSIDE
    except outward.TooSlow:
        return 0, Trouble.SLOW
    except ssl.SSLError:
        return 0, Trouble.CERTIFICATE
    except Unreachable:
        return 0, Trouble.UNREACHABLE
    return status, _against(status)


def _against(status: int) -> Trouble | None:
    """What a status says against the delivery; none if it was taken."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Trouble.MOVED
    return Trouble.DECLINED if status < 500 else Trouble.FAILING


# -- by a messenger --------------------------------------------------------------------------------


def _message(hook: Hook, said: str) -> tuple[bytes, Callable[[], Outcome]]:
    kept = vault.opened(hook)
    return said.encode(), lambda: _written(kept.address, said)


def _messenger_trial(hook: Hook, house: House) -> tuple[bytes, Callable[[], Outcome]]:
    return _message(hook, messengers.trial(house.name, hook.name))


def _written(address: str, said: str) -> Outcome:
    try:
        return 0, None if messengers.send(address, said) else Trouble.MESSENGER
    except messengers.Missing:
        return 0, Trouble.MISSING
