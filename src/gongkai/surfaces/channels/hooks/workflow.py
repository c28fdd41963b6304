"""The verbs on hooks: add, replace the secret, stop, resume, remove; and what the worker notes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.workflow import SYSTEM, Actor
from gongkai.foundation.notices import signing
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.channels import queries as alerts
from gongkai.surfaces.channels.hooks import messengers, queries, rules, vault
from gongkai.surfaces.channels.hooks.models import Delivery, Hook
from gongkai.surfaces.channels.hooks.states import Carrier, HookState, Service, Trouble
from gongkai.surfaces.channels.hooks.vault import Kept

AT_ONCE = 1000
"""Attempts that one statement forgets."""


@transaction.atomic
def add_webhook(
    *, officer: Officer, name: str, address: str, categories: Sequence[str]
) -> tuple[Hook, str]:
    """Tell the program at ``address`` of what is published from now on 设推送.

    Returns the hook and its secret, which can be read at this moment and never again.
    """
    obstacles = rules.add_obstacles(officer, name) + rules.address_obstacles(address)
    if obstacles:
        raise Refused(obstacles)
    secret = signing.new_secret()
    hook = _add(
        officer,
        name=name,
        carrier=Carrier.WEBHOOK,
        sealed=Kept(address, secret).sealed,
        host=urlsplit(address).hostname or "",
        categories=list(categories),
    )
    return hook, secret


@transaction.atomic
def add_messenger(
    *,
    officer: Officer,
    name: str,
    service: str,
    pasted: str,
    signing_key: str,
    template: str,
    categories: Sequence[str],
) -> Hook:
    """Write to a group of what is published from now on 设群消息."""
    if obstacles := rules.add_obstacles(officer, name):
        raise Refused(obstacles)
    address = messengers.address(service, pasted, signing_key)
    return _add(
        officer,
        name=name,
        carrier=Carrier.MESSENGER,
        service=service,
        template=template,
        sealed=Kept(address).sealed,
        host=str(Service(service).label),
        categories=list(categories),
    )


def _add(officer: Officer, **fields: object) -> Hook:
    _matched, shown = alerts.position()
    hook: Hook = Hook.objects.create(
        organisation=officer.organisation, cursor=shown, made_at=clock.now(), **fields
    )
    _tell("hook.add", officer.actor, hook, host=hook.host)
    return hook


@transaction.atomic
def rotate(*, officer: Officer, hook: Hook) -> str:
    """Replace the secret; the old one signs too for a day. Returns the new one, once 换密钥."""
    now, hook = clock.now(), _locked(hook)
    if obstacles := rules.rotate_obstacles(officer, hook, now):
        raise Refused(obstacles)
    kept, secret = vault.opened(hook), signing.new_secret()
    hook.sealed = replace(kept, secret=secret, old=kept.secret).sealed
    hook.old_until = now + rules.OVERLAP
    hook.save(update_fields=["sealed", "old_until"])
    _tell("hook.rotate", officer.actor, hook)
    return secret


@transaction.atomic
def stop(*, officer: Officer, hook: Hook) -> Hook:
    """Hand nothing over until somebody resumes it 停推送."""
    hook = _locked(hook)
    if obstacles := rules.own_obstacles(officer, hook):
        raise Refused(obstacles)
    hook.state = HookState.STOPPED
    hook.save(update_fields=["state"])
    _tell("hook.stop", officer.actor, hook)
    return hook


@transaction.atomic
def resume(*, officer: Officer, hook: Hook, from_now: bool) -> Hook:
    """Go on where it stopped, or ``from_now``: then what was missed is not told 恢复推送."""
    hook = _locked(hook)
    if obstacles := rules.resume_obstacles(officer, hook):
        raise Refused(obstacles)
    if from_now:
        hook.cursor = max(hook.cursor, alerts.position()[1])
    hook.state, hook.attempts, hook.trouble = HookState.ON, 0, ""
    hook.failing_since = hook.next_at = None
    hook.save()
    _tell("hook.resume", officer.actor, hook, **({"from_now": True} if from_now else {}))
    return hook


@transaction.atomic
def remove(*, officer: Officer, hook: Hook) -> None:
    """Destroy the hook, its secrets, and what was kept of its attempts 去掉推送."""
    hook = _locked(hook)
    if obstacles := rules.own_obstacles(officer, hook):
        raise Refused(obstacles)
    _tell("hook.remove", officer.actor, hook)
    hook.delete()


def _locked(hook: Hook) -> Hook:
    found = Hook.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=hook.pk)


def _tell(verb: str, actor: Actor, hook: Hook, **facts: object) -> None:
    ledger.record(
        verb=verb,
        actor=actor,
        organisation=hook.organisation.slug,
        subject=f"hook:{hook.pk}",
        label=hook.name,
        facts={"carrier": hook.carrier, "name": hook.name, **facts},
    )


# -- what the worker notes -------------------------------------------------------------------------


def queue(hooks: Iterable[Hook], now: datetime) -> None:
    """These are in the worker's hands."""
    Hook.objects.filter(pk__in=[each.pk for each in hooks]).update(queued_at=now)


def put_down(hook: Hook) -> None:
    """The worker has done what it could."""
    Hook.objects.filter(pk=hook.pk).update(queued_at=None)


@transaction.atomic
def took(*, hook: Hook, attempt: Delivery, upto: int) -> bool:
    """The receiver has it: all below ``upto`` is done. Says whether nobody else went on before."""
    attempt.save()
    own = Hook.objects.filter(pk=hook.pk, cursor=hook.cursor, state=HookState.ON)
    going = own.update(
        cursor=upto,
        attempts=0,
        failing_since=None,
        next_at=None,
        trouble="",
        told_at=attempt.at,
        queued_at=attempt.at,
    )
    return bool(going)


def passed(*, hook: Hook, upto: int) -> bool:
    """Nothing below ``upto`` concerns the hook; as :func:`took`."""
    own = Hook.objects.filter(pk=hook.pk, cursor=hook.cursor, state=HookState.ON)
    return bool(own.update(cursor=upto))


@transaction.atomic
def failed(*, hook: Hook, attempt: Delivery) -> bool:
    """It was not taken: wait for longer, or give it up after a day. Says whether given up."""
    attempt.save()
    hook = _locked(hook)
    since = hook.failing_since or attempt.at
    hook.attempts, hook.failing_since, hook.trouble = attempt.attempt, since, attempt.trouble
    hook.next_at = attempt.at + rules.pause(attempt.attempt)
    given_up = hook.state == HookState.ON and rules.too_long(since, attempt.at)
    if given_up:
        hook.state = HookState.GIVEN_UP
        trouble = str(Trouble(attempt.trouble).value)
        _tell("hook.give-up", SYSTEM, hook, trouble=trouble, attempts=hook.attempts)
    hook.save(update_fields=["attempts", "failing_since", "trouble", "next_at", "state"])
    return given_up


def tried(attempt: Delivery) -> None:
    """Somebody tried the hook out; that changes nothing else."""
    attempt.save()


def forget(now: datetime) -> int:
    """Attempts end after some weeks. Returns how many did."""
    old = list(queries.old(now - rules.KEPT).values_list("pk", flat=True)[:AT_ONCE])
    if old:
        Delivery.objects.filter(pk__in=old).delete()
    return len(old)
