"""The page of letters that were given up."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.foundation.core.clock import now
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.states import Trouble

PAGE = "/desk/letters/"


@pytest.fixture
def given_up(db):
    """Makes ``n`` letters that did not go out, and one that still waits."""

    def make(n=1):
        Letter.objects.create(shown="w…@example.org", recipients=["w@example.org"])
        for _n in range(n):
            Letter.objects.create(
                shown="z…@example.org", trouble=Trouble.RECIPIENT, given_up_at=now()
            )

    return make


def test_only_the_topmost_administrator_sees_them(
    client, signed_in, administrator, organiser, village_clerk
):
    assert client.get(PAGE).status_code == 302
    assert signed_in(organiser).get(PAGE).status_code == 403
    assert signed_in(village_clerk).get(PAGE).status_code == 422
    assert signed_in(administrator).get(PAGE).status_code == 200


def test_they_are_shown_with_the_reason_and_set_aside(signed_in, administrator, given_up):
    given_up()
    desk = signed_in(administrator)
    page = desk.get(PAGE)
    (letter,) = page.context["letters"]
    assert "邮件服务器不收这个收信地址" in page.content.decode()
    assert desk.post(f"{PAGE}{letter.pk}/set-aside/").status_code == 302
    waiting = Letter.objects.get()
    desk.post(f"{PAGE}{waiting.pk}/set-aside/")
    assert Letter.objects.get() == waiting


def test_the_list_costs_the_same_for_one_and_three(signed_in, administrator, given_up):
    given_up(1)
    desk = signed_in(administrator)
    desk.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        desk.get(PAGE)
    given_up(2)
    with CaptureQueriesContext(connection) as three:
        desk.get(PAGE)
    assert len(three) == len(one)
