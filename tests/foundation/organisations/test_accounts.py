"""Signing in: who gets in, how a password is set, and what stops guessing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries, workflow
from gongkai.foundation.organisations.adapter import link_address

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "竹林七贤与溪水-2026"


@pytest.fixture(autouse=True)
def no_attempts_yet(db):
    cache.clear()


@pytest.fixture
def account(organiser):
    made = workflow.make_account(
        member=organiser.member, username="zuzhi", email="zuzhi@example.org", by=SYSTEM
    )
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(client, username="zuzhi", password=PASSWORD):
    return client.post("/accounts/login/", {"login": username, "password": password})


def reasons(response) -> list[str]:
    return list(response.context["form"].non_field_errors())


def test_a_post_holder_is_led_to_the_desk_and_others_to_the_members_room(
    client, account, party_member
):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    other = workflow.make_account(member=party_member, username="dangyuan", by=SYSTEM)
    other.set_password(PASSWORD)
    other.save()
    client.logout()
    answer = sign_in(client, "DangYuan")
    assert (answer.status_code, answer["Location"]) == (302, "/members/")


def test_a_wrong_password_tells_nothing(client, account):
    wrong = reasons(sign_in(client, password="x" * 12))
    assert wrong == reasons(sign_in(client, username="nobody", password="x" * 12))
    assert len(wrong) == 1


def test_whoever_left_is_refused_with_a_sentence(client, account, organiser, qingxi):
    workflow.leave(member=organiser.member, on=queries.today(qingxi), by=SYSTEM)
    assert reasons(sign_in(client)) == [
        "密码对，但这个账号现在不属于任何成员：可能已登记为离开。请找本单位管理员。"
    ]
    assert "_auth_user_id" not in client.session
    assert reasons(sign_in(client, password="x" * 12)) != reasons(sign_in(client))


def test_guessing_is_stopped(client, account):
    for _attempt in range(5):
        sign_in(client, password="x" * 12)
    answer = sign_in(client)
    assert answer.status_code == 200
    assert len(reasons(answer)) == 1
    assert "_auth_user_id" not in client.session


def test_the_pages_about_accounts_are_ours(client):
    for page in ("login", "password/reset"):
        templates = client.get(f"/accounts/{page}/").templates
        assert "ui/entrance.html" in [template.name for template in templates]


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code in {302, 403}


def set_password(client, link, password=PASSWORD):
    """Open the link as a browser does, and fill in the form behind it."""
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    if "token_fail" in form.context:
        return None
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_a_link_sets_the_password_once(client, party_member, office):
    workflow.make_account(member=party_member, username="dangyuan", by=office)
    link = link_address(*workflow.make_link(member=party_member, by=office))
    assert set_password(client, link).status_code == 302
    assert sign_in(client, "dangyuan").status_code == 302
    client.logout()
    assert set_password(client, link, "another-one-2026") is None


def test_a_link_expires(client, party_member, office):
    workflow.make_account(member=party_member, username="dangyuan", by=office)
    with time_machine.travel(NOW, tick=False) as clock:
        link = link_address(*workflow.make_link(member=party_member, by=office))
        clock.shift(timedelta(days=3, seconds=1))
        assert set_password(client, link) is None


def test_a_common_password_is_refused(client, party_member, office):
    workflow.make_account(member=party_member, username="dangyuan", by=office)
    link = link_address(*workflow.make_link(member=party_member, by=office))
    answer = set_password(client, link, "12345678")
    assert answer.status_code == 200
    assert "password1" in answer.context["form"].errors


def test_a_forgotten_password_is_set_by_letter(client, account):
    for address in ("zuzhi@example.org", "nobody@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": address})
        assert answer.status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["zuzhi@example.org"]
    link = next(line for line in letter.body.splitlines() if line.startswith("http://"))
    assert set_password(client, link, "another-one-2026").status_code == 302
    assert sign_in(client, password="another-one-2026").status_code == 302


def test_changing_the_password_ends_other_sessions(client, account, party_member, office):
    sign_in(client)
    account.set_password("another-one-2026")
    account.save()
    assert client.get("/accounts/password/change/").status_code == 302
