"""The last step of every verb: act and public record, or neither."""

import json
from contextlib import suppress

import pytest
from django.db import connection, transaction

from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import Act, AudienceKey, PublicRecord

CLERK = ledger.Actor("member:0000000001", "组织干事")


def opening(**changes):
    given = {
        "kind": "release",
        "subject": "7K3QX0M2ZD",
        "audience": {"public"},
        "body": {"title": "关于水利设施的决定"},
    }
    return ledger.Opening(**{**given, **changes})


def record(**changes):
    given = {
        "verb": "release.open",
        "actor": CLERK,
        "organisation": "qingxi",
        "subject": "7K3QX0M2ZD",
        "label": "关于水利设施的决定",
    }
    return ledger.record(**{**given, **changes})


@pytest.mark.django_db
def test_an_act_says_who_did_what():
    assert record(verb="draft.begin", facts={"entry": "JC-05"}) is None
    act = Act.objects.get()
    assert (act.verb, act.actor, act.actor_label, act.subject, act.facts) == (
        "draft.begin",
        "member:0000000001",
        "组织干事",
        "7K3QX0M2ZD",
        {"entry": "JC-05"},
    )


@pytest.mark.django_db
def test_the_entry_commits_to_what_the_salt_opens():
    made = record(opens=opening(audience={"party", "org:qingxi"}))
    entry = canonical.decode(bytes(made.entry))
    assert entry == {
        "commitment": ledger.commitment(
            bytes(made.salt),
            subject="7K3QX0M2ZD",
            version=1,
            organisation="qingxi",
            audience=["org:qingxi", "party"],
            digest=canonical.digest(made.body.encode()),
        ),
        "kind": "release",
        "time": entry["time"],
    }
    assert sorted(AudienceKey.objects.values_list("key", flat=True)) == ["org:qingxi", "party"]


@pytest.mark.django_db
def test_an_entry_says_nothing_of_a_members_item():
    made = record(opens=opening(audience={"party"}, body={"title": "某同志的处分"}))
    assert set(json.loads(bytes(made.entry))) == {"commitment", "kind", "time"}


@pytest.mark.django_db
def test_the_same_words_twice_give_two_commitments():
    first = record(opens=opening())
    second = record(opens=opening())
    assert (first.version, second.version) == (1, 2)
    assert bytes(first.entry) != bytes(second.entry)


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_a_transaction_is_refused():
    with pytest.raises(Broken):
        record()
    assert Act.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_fails_leaves_nothing():
    with suppress(KeyError), transaction.atomic():
        record(opens=opening())
        raise KeyError
    assert (Act.objects.count(), PublicRecord.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_closing_marks_and_erasing_destroys():
    made = record(opens=opening())
    assert ledger.close(subject=made.subject, kinds=["release"], at=made.at) == 1
    assert ledger.close(subject=made.subject, kinds=["release"], at=made.at) == 0
    before = bytes(made.entry)
    ledger.erase(subject=made.subject, kinds=["release"], at=made.at)
    made.refresh_from_db()
    assert (made.body, bytes(made.salt), bytes(made.entry)) == ("{}", b"", before)


@pytest.mark.django_db
def test_numbers_are_dense_and_given_back():
    assert [ledger.next_number("seal:qingxi:2026") for _ in range(3)] == [1, 2, 3]
    with suppress(KeyError), transaction.atomic():
        ledger.next_number("seal:qingxi:2026")
        raise KeyError
    assert ledger.next_number("seal:qingxi:2026") == 4
    assert ledger.next_number("seal:qingxi:2027") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_records_queries_do_not_grow(count, django_assert_num_queries):
    for _ in range(count - 1):
        record(opens=opening())
    with django_assert_num_queries(4):
        record(opens=opening())
    assert connection.in_atomic_block


@pytest.mark.django_db
def test_the_log_of_operations_names_the_act_and_nothing_of_its_text(
    caplog, django_capture_on_commit_callbacks
):
    with caplog.at_level("INFO"), django_capture_on_commit_callbacks(execute=True):
        record(verb="review.return", facts={"text": "户数不对"})
    lines = [(line.getMessage(), line.act) for line in caplog.records]
    assert lines == [("done: review.return", Act.objects.get().pk)]
