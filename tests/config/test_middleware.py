"""What every view can rely on: a door, a policy, an identity, and a page for a refusal."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from gongkai.config import logs
from gongkai.config.urls import handler500  # noqa: F401 - Django looks for it here
from gongkai.foundation.core.errors import Broken, Conflict, Refused
from gongkai.foundation.organisations.doors import ANYONE, SIGNED_IN, door


@door(ANYONE)
def open_view(request):
    return HttpResponse("open")


@door(SIGNED_IN)
def closed_view(request):
    return HttpResponse("closed")


def undeclared_view(request):
    return HttpResponse("nobody thought of me")


@door(ANYONE)
def session_view(request):
    return HttpResponse(str(request.session.get("seen")))


@door(ANYONE)
def refused_view(request):
    raise Refused(["起草人不得封存自己的草案", "审查尚未通过"])


@door(ANYONE)
def late_view(request):
    raise Conflict


@door(ANYONE)
def broken_view(request, receipt):
    raise Broken("the log does not hold together")


@door(ANYONE)
def failing_view(request, receipt):
    raise ValueError(f"the text of a person: {receipt}")


urlpatterns = [
    path("open/", open_view),
    path("closed/", closed_view),
    path("undeclared/", undeclared_view),
    path("session/", session_view),
    path("refused/", refused_view),
    path("late/", late_view),
    path("broken/<receipt>/", broken_view),
    path("failing/<receipt>/", failing_view),
    path("accounts/login/", open_view, name="account_login"),
    path("accounts/logout/", open_view, name="account_logout"),
    path("accounts/password/change/", open_view, name="account_change_password"),
    path("accounts/language/<code>/", open_view, name="language"),
]


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.ROOT_URLCONF = "tests.config.test_middleware"


@pytest.fixture
def lines(caplog):
    """Gives the lines that the log would hold."""
    caplog.set_level(logging.INFO)
    return lambda: [json.loads(logs.Lines().format(record)) for record in caplog.records]


def test_an_open_door_admits_a_stranger(client):
    assert client.get("/open/").content == b"open"


def test_a_door_for_those_signed_in_sends_a_stranger_to_sign_in(client):
    response = client.get("/closed/?page=2")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/closed/%3Fpage%3D2",
    )


def test_a_view_without_a_door_is_refused_and_reported(client, lines):
    assert client.get("/undeclared/").status_code == 403
    errors = [line["message"] for line in lines() if line["level"] == "error"]
    assert errors[0].startswith("A view without a door was asked for")


def test_every_page_carries_the_policy(client):
    response = client.get("/open/")
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_page_that_knows_its_reader_stays_out_of_caches(client):
    assert client.get("/session/")["Cache-Control"] == "no-store, private"
    assert "Cache-Control" not in client.get("/open/").headers


def test_a_refusal_shows_every_obstacle(client):
    response = client.get("/refused/")
    assert response.status_code == 422
    assert "<li>起草人不得封存自己的草案</li><li>审查尚未通过</li>" in response.content.decode()


def test_a_lost_race_asks_to_look_again(client):
    response = client.post("/late/", headers={"Referer": "http://testserver/desk/i/1/"})
    assert response.status_code == 409
    assert "别人刚刚改过这一件。请看最新的情况，再做一次。" in response.content.decode()
    assert 'href="/desk/i/1/"' in response.content.decode()


def test_a_foreign_page_is_never_offered_as_the_way_back(client):
    response = client.post("/late/", headers={"Referer": "https://elsewhere.invalid/"})
    assert "elsewhere" not in response.content.decode()


def test_broken_stays_loud(client):
    with pytest.raises(Broken):
        client.get("/broken/1/")


def test_the_identity_of_a_request_is_the_proxys_or_a_new_one(client):
    assert client.get("/open/", headers={"X-Request-ID": "0123456789ab"})["X-Request-ID"] == (
        "0123456789ab"
    )
    assert len(client.get("/open/", headers={"X-Request-ID": "<script>"})["X-Request-ID"]) == 16


def test_the_log_tells_the_route_and_no_personal_text(client, lines):
    client.raise_request_exception = False
    client.get(
        "/failing/QX7F-2M9D/?telephone=13900000000",
        REMOTE_ADDR="203.0.113.77",
        headers={"X-Request-ID": "0123456789ab"},
    )
    told = lines()
    (answered,) = (line for line in told if line["message"] == "answered")
    del answered["time"], answered["milliseconds"]
    assert answered == {
        "level": "info",
        "logger": "gongkai.config.middleware",
        "message": "answered",
        "request": "0123456789ab",
        "route": "failing/<receipt>/",
        "method": "GET",
        "status": 500,
        "client": "203.0.113.0/24",
    }
    everything = json.dumps(told, ensure_ascii=False)
    assert [word for word in ("QX7F", "13900000000", "203.0.113.77") if word in everything] == []
    (error,) = (line["error"] for line in told if "error" in line)
    assert error["type"] == "builtins.ValueError"
    assert error["at"][-1].endswith("failing_view")


def test_a_forged_form_leaves_no_address_in_the_log(lines):
    forged = Client(enforce_csrf_checks=True)
    assert forged.post("/failing/7K3Q-X0M2/", {"text": "王某某"}).status_code == 403
    forged.get("/open/", headers={"Host": "evil.example"})
    said = [line["message"] for line in lines()]
    assert "A request was refused: csrf." in said
    assert "A request was refused: DisallowedHost." in said
    assert not any("7K3Q" in words or "evil" in words for words in said)


def test_behind_a_proxy_the_client_is_whom_the_proxy_saw(client, lines, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.get("/open/", headers={"X-Forwarded-For": "10.0.0.1, 198.51.100.7"})
    assert lines()[-1]["client"] == "198.51.100.0/24"
