"""Short messages: through the same worker as letters, signed, tried again, given up by number."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core import mail
from tests.foundation.notices.receiving import receiver
from tests.foundation.notices.working import work

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.notices import addresses, jobs, queries, signing, workflow
from gongkai.foundation.notices.models import Letter

__all__ = ["receiver"]
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = signing.new_secret()


@pytest.fixture
def connected(settings, receiver, db):
    settings.SMS_URL, settings.SMS_SECRET = receiver.address, SECRET
    return receiver


def kept(number="13800001234"):
    letter = workflow.accept_text(number, "编号2026-1有答复了。", "voices", "ABC")
    jobs.send.enqueue(letter.pk)
    return letter


def test_a_gateway_gets_number_and_words_signed_and_nothing_is_kept(connected):
    letter = kept()
    assert "13800001234" not in str(Letter.objects.values().get())
    work()
    ((headers, body),) = connected.came
    told = {"format": "gongkai-text/1", "to": "13800001234", "text": "编号2026-1有答复了。"}
    assert json.loads(body) == told
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert headers["webhook-id"] == f"text-{letter.pk}-{letter.made_at:%Y%m%d%H%M%S}"
    assert Letter.objects.count() == 0
    assert mail.outbox == []


def test_a_gateway_that_is_down_gets_it_later_under_the_same_name(connected):
    with time_machine.travel(START, tick=False) as clock:
        connected.status = 503
        kept()
        work()
        assert [each.trouble for each in Letter.objects.all()] == ["gateway"]
        connected.status = 200
        clock.shift(timedelta(seconds=61))
        work()
    first, second = connected.seqs()
    assert first == second
    assert Letter.objects.count() == 0


def test_a_number_that_the_gateway_refuses_is_given_up_at_once(connected):
    connected.status = 422
    kept()
    work()
    (letter,) = queries.given_up("voices")
    assert (letter.trouble, letter.content, letter.about) == ("number", {}, "ABC")


@pytest.mark.once
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000-1234", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("+4915112345678", None),
    ],
)
def test_a_mobile_number_has_one_spelling(typed, kept):
    assert addresses.mobile(typed) == (kept or typed)


@pytest.mark.once
@pytest.mark.parametrize(
    "typed", ["", "0000-6600101", "12800001234", "1380000123４", "138000012345"]
)
def test_a_number_that_takes_no_short_message_is_refused_with_what_to_do(typed):
    with pytest.raises(Refused) as refusal:
        addresses.mobile(typed)
    assert refusal.value.obstacles == ["短信只能发到手机。请写11位手机号，国外的写加号和国家代码。"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("secret", "good"),
    [(SECRET, True), ("", False), ("whsec_", False), ("whsec_%%%", False), (SECRET[6:], False)],
    ids=["one that was made", "none", "a prefix alone", "no base64", "without its prefix"],
)
def test_a_secret_that_cannot_sign_is_known(secret, good):
    assert signing.good(secret) is good
