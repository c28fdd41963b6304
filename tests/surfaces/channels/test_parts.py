"""The pure parts: addresses, words, hours, and letters that come back."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from gongkai.surfaces.channels import bounces, mailbox, matching, rules, tokens


def test_an_address_is_known_again_in_small_letters_and_by_nobody_else(settings):
    key = mailbox.key_of("Li@example.org")
    assert key == mailbox.key_of("li@example.org") != mailbox.key_of("li+1@example.org")
    settings.SECRET_KEY = "another"
    assert key != mailbox.key_of("li@example.org")


def test_a_word_of_a_link_serves_one_purpose():
    word = tokens.token(tokens.LEAVE, "0123456789ABCDEF")
    assert tokens.handle_in(tokens.LEAVE, word) == "0123456789ABCDEF"
    forged = word[:-1] + ("0" if word[-1] != "0" else "1")
    for bad in ("", "x", word[:-1], word + "0", word.lower(), forged, "é" * 36):
        assert tokens.handle_in(tokens.LEAVE, bad) == ""
    assert tokens.handle_in(tokens.CONFIRM, word) == ""


def news(title="", body="", texts=(), **more):
    edition = SimpleNamespace(
        title=title, body=body, category="JC", entry="JC-05", document_number="", attachments=()
    )
    vars(edition).update(more)
    opening = SimpleNamespace(edition=edition, number="青溪-JC-2026-12")
    return matching.published("qingxi", opening, texts)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("低保", True),
        ("石桥村 低保", True),
        ("石桥村 高龄", False),
        ("石橋村", True),  # traditional characters
        ("ＡＩ", True),  # full-width letters
        ("〔2026〕41号", True),
        ("名单", True),  # the name of an attachment
        ("青溪-JC-2026-12", True),
    ],
)
def test_every_word_must_stand_in_the_publication(typed, found):
    attachments = (SimpleNamespace(title="附件1 名单"),)
    it = news(
        "石桥村今年的低保名额",
        "<p>由<b>ai</b>核对。</p>",
        document_number="青委发〔2026〕41号",
        attachments=attachments,
    )
    terms = matching.terms(typed)
    assert it.holds(" ".join(terms)) is found
    # whatever holds the words is found by their anchor
    chosen = matching.anchor(terms, lambda _pairs: {})
    assert (chosen in it.anchors) or not found


def test_the_anchor_is_what_fewest_others_are_found_by():
    taken = {"低保": 9, "石桥": 2, "桥村": 1}
    assert matching.anchor(["石桥村", "低保"], lambda _pairs: taken) == "桥村"
    assert matching.anchor(["低保"], lambda _pairs: taken) == "低保"


@pytest.mark.parametrize(
    ("pace", "at", "due"),
    [
        ("now", "2026-11-23T04:00", "2026-11-23T04:00"),
        ("day", "2026-11-23T04:00", "2026-11-24T00:00"),
        ("day", "2026-11-22T23:59", "2026-11-23T00:00"),
        ("day", "2026-11-23T00:00", "2026-11-24T00:00"),
        ("week", "2026-11-22T23:59", "2026-11-23T00:00"),
        ("week", "2026-11-23T00:00", "2026-11-30T00:00"),
    ],
)
def test_a_digest_goes_out_at_eight_in_the_organisations_zone(pace, at, due):
    def instant(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert rules.due_at(pace, instant(at), "Asia/Shanghai") == instant(due)


LINK = "https://b.example/follow/leave/AB12/"
REPORT = """\
From: MAILER-DAEMON@b.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=xx

--xx
Content-Type: text/plain

It did not arrive.
--xx
Content-Type: message/delivery-status

Reporting-MTA: dns; b.example

Final-Recipient: rfc822; li@example.org
Action: {action}
Status: {status}

--xx
Content-Type: {kind}

Subject: new
List-Unsubscribe:
 <{link}>

--xx--
"""


def report(status="5.1.1", action="failed", kind="text/rfc822-headers", link=LINK):
    """What a mail server says of a letter that it could not deliver."""
    return REPORT.format(action=action, status=status, kind=kind, link=link).encode()


def test_what_came_back_for_good_names_its_subscriber():
    ours = bounces.Returned(bounces.FOLLOW, "AB12", for_good=True)
    assert bounces.returned(report()) == ours
    assert bounces.returned(report(kind="message/rfc822")) == ours


def test_a_server_that_gave_up_is_told_from_a_mailbox_that_is_not_there():
    link = "https://b.example/say/letters/CD34/"
    found = bounces.returned(report(status="4.4.7", link=link))
    assert found == bounces.Returned(bounces.VOICES, "CD34", for_good=False)


def test_a_letter_of_a_booking_is_known_by_its_name():
    data = report(link="x").replace(b"Subject: new", b"Message-ID: <r.EF56.20261123@b.example>")
    assert bounces.returned(data) == bounces.Returned(bounces.RECEPTIONS, "EF56", for_good=True)


def test_delays_full_mailboxes_and_other_mail_name_nobody():
    for data in (
        report(status="2.0.0"),
        report(action="delayed"),
        report(link="https://elsewhere.example/"),
        b"",
        b"\x00\xff" * 1000,
        b"Subject: I am away\n\nUntil Monday. https://b.example/follow/leave/AB12/\n",
    ):
        assert bounces.returned(data) is None
