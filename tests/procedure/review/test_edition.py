"""A sealed edition is never changed: every way of the ORM is tried."""

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from gongkai.foundation.core.errors import Broken
from gongkai.procedure.review import queries, workflow
from gongkai.procedure.review.models import Edition


@pytest.fixture
def edition(sealing, who):
    return workflow.seal(review=sealing(), officer=who("党委书记"))


def changed_copy(edition):
    """Another instance with the same key and other bytes, as if it were new."""
    copy = Edition.objects.get(pk=edition.pk)
    copy.data = b"{}"
    copy._state.adding = True
    return copy


WAYS = {
    "save": lambda e: e.save(),
    "save some fields": lambda e: e.save(update_fields=["data"]),
    "save_base": lambda e: e.save_base(),
    "save as new": lambda e: changed_copy(e).save(),
    "save by key": lambda e: Edition(pk=e.pk, data=b"{}", number=1).save(),
    "save raw": lambda e: changed_copy(e).save_base(raw=True),
    "force update": lambda e: changed_copy(e).save(force_update=True),
    "update": lambda e: Edition.objects.filter(pk=e.pk).update(data=b"{}"),
    "update the digest": lambda e: Edition.objects.update(digest="0" * 64),
    "take the bytes": lambda e: Edition.objects.update(data=None),
    "take the bytes without a date": lambda e: Edition.objects.update(data=None, erased_at=None),
    "erase with other bytes": lambda e: Edition.objects.update(
        data=b"{}", erased_at=timezone.now()
    ),
    "erase and more": lambda e: Edition.objects.update(
        data=None, erased_at=timezone.now(), digest="0" * 64
    ),
    "base manager": lambda e: Edition._base_manager.filter(pk=e.pk).update(data=b"{}"),
    "default manager": lambda e: Edition._default_manager.update(number=7),
    "bulk_update": lambda e: Edition.objects.bulk_update([e], ["data"]),
    "bulk_create over": lambda e: Edition.objects.bulk_create(
        [changed_copy(e)],
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["data"],
    ),
    "update_or_create": lambda e: Edition.objects.update_or_create(
        pk=e.pk, defaults={"data": b"{}"}
    ),
    "delete": lambda e: e.delete(),
    "delete rows": lambda e: Edition.objects.filter(pk=e.pk).delete(),
    "delete raw": lambda e: Edition.objects.filter(pk=e.pk)._raw_delete("default"),
    "load a dump": lambda e: next(
        serializers.deserialize("json", serializers.serialize("json", [changed_copy(e)]))
    ).save(),
    "delete its review": lambda e: e.review.delete(),
    "delete its disclosure": lambda e: e.disclosure.delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_changes_or_deletes_it(edition, way):
    before = Edition.objects.values().get(pk=edition.pk)
    edition.data = b"{}"
    with pytest.raises((Broken, IntegrityError)), transaction.atomic():
        WAYS[way](edition)
    assert Edition.objects.values().get() == before


def test_what_goes_round_the_orm_is_caught_when_it_is_read(edition):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE review_edition SET data = %s", [b'{"title":"x"}'])
    with pytest.raises(Broken, match="not those that were sealed"):
        queries.edition_data(Edition.objects.get())


def test_an_erasure_takes_the_bytes_and_leaves_the_row(edition):
    at = timezone.now()
    assert Edition.objects.filter(pk=edition.pk).update(data=None, erased_at=at) == 1
    erased = Edition.objects.get()
    assert (erased.digest, erased.erased_at, queries.edition_data(erased)) == (
        edition.digest,
        at,
        {},
    )
