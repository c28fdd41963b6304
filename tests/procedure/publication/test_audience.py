"""One audience policy: for one record and for a queryset, over every audience and reader."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import Head, PublicRecord
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.organisations.audience import (
    ANONYMOUS,
    PARTY,
    PUBLIC,
    Reader,
    group_key,
    member_key,
    org_key,
)
from gongkai.procedure.publication.audience import covers, readable, readable_records

KEYS = [
    PUBLIC,
    PARTY,
    org_key("qingxi"),
    org_key("shiqiao"),
    group_key("qingxi", "leading"),
    member_key("0000000001"),
]
AUDIENCES = st.frozensets(st.sampled_from(KEYS), min_size=1)
READERS = st.frozensets(st.sampled_from(KEYS)).map(lambda keys: Reader(keys | {PUBLIC}))


@transaction.atomic
def record(audience, seq, closed):
    opening = ledger.Opening("release", "7K3QX0M2ZD", audience, {"title": "某件"})
    made = ledger.record(
        verb="release.open",
        actor=ledger.SYSTEM,
        organisation="qingxi",
        subject="7K3QX0M2ZD",
        label="某件",
        opens=opening,
    )
    made.seq, made.closed_at = seq, timezone.now() if closed else None
    made.save()
    return made


def exposed(size):
    Head.objects.filter(pk=head().pk).update(size=size, signed_size=size, exposed_size=size)


@pytest.mark.django_db
@given(
    audiences=st.lists(st.tuples(AUDIENCES, st.booleans(), st.booleans()), max_size=5),
    size=st.integers(0, 5),
    reader=READERS,
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_both_forms_agree_on_every_audience_and_reader(audiences, size, reader):
    PublicRecord.objects.all().delete()
    exposed(size)
    records = [
        record(audience, seq if ordered else None, closed)
        for seq, (audience, ordered, closed) in enumerate(audiences)
    ]
    one_by_one = {each.pk for each in records if readable(reader, each)}
    assert {each.pk for each in readable_records(reader)} == one_by_one
    assert one_by_one == {
        each.pk
        for each in records
        if each.seq is not None
        and each.seq < size
        and not each.closed_at
        and set(each.audience) & reader.keys
    }


@pytest.mark.django_db
def test_a_record_opens_by_the_log_and_not_by_the_clock():
    made = record({PUBLIC}, 0, closed=False)
    assert not readable(ANONYMOUS, made)
    exposed(1)
    assert readable(ANONYMOUS, made)


@pytest.mark.django_db
def test_before_the_first_checkpoint_nothing_is_readable():
    made = record({PUBLIC}, 0, closed=False)
    assert not readable(ANONYMOUS, made)
    assert list(readable_records(ANONYMOUS)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_queryset_is_one_query(count, django_assert_num_queries):
    exposed(3)
    for seq in range(count):
        record({PUBLIC, PARTY}, seq, closed=False)
    with django_assert_num_queries(1):
        assert len(readable_records(Reader(frozenset({PUBLIC, PARTY})))) == count


@given(AUDIENCES, AUDIENCES, READERS)
def test_whoever_is_covered_reads_both(wider, narrower, reader):
    if covers(wider, narrower) and reader.keys & narrower:
        assert reader.keys & wider
