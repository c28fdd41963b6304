import importlib.util
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import reverse
from tests import axe

import gongkai.foundation.ui
from gongkai.foundation.ui import context
from gongkai.foundation.ui.jinja import component
from gongkai.foundation.ui.parts import Act, Frame

_spec = importlib.util.spec_from_file_location("specimen", Path(__file__).with_name("specimen.py"))
specimen = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(specimen)

FOLDER = Path(gongkai.foundation.ui.__file__).parent
STATIC = FOLDER / "static"
INLINE = re.compile(r"\sstyle=|<style|\son\w+=|<script(?! src=)|<meta http-equiv")
LANGUAGES = ["zh-hans", "en"]
ERRORS = ["400", "403", "403_csrf", "404", "409", "500", "503", "obstacles"]
ACCOUNT = [
    file.relative_to(FOLDER / "templates").as_posix()
    for name in ("account", "mfa")
    for file in sorted((FOLDER / "templates" / name).rglob("*.*"))
]


def _request(path: str = "/specimen/"):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", specimen.PAGES)
def test_pages_obey_the_strict_content_policy(name, language):
    html = specimen.page(name, language)
    assert INLINE.findall(html) == []
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in html
    assert html.count("<h1") == 1
    assert html.count('<main id="main"') + html.count('id="main">') == 1


@pytest.mark.parametrize("name", specimen.PAGES)
def test_ids_are_unique_and_labels_meet_them(name):
    html = specimen.page(name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    meant = re.findall(r'(?:for|aria-describedby|aria-labelledby)="([^"]+)"', html)
    assert {one for many in meant for one in many.split()} - set(ids) == set()


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_stand_with_and_without_a_request(name):
    values = {"title": "现在还不能这样做", "reasons": ["审核章还没有盖"], "back": "/desk/"}
    assert "<h1>" in render_to_string(f"{name}.html", values, _request())
    assert "<h1>" in render_to_string(f"{name}.html", values)


@pytest.mark.parametrize("name", ACCOUNT)
def test_our_account_pages_go_before_those_of_the_library(name):
    assert Path(get_template(name).origin.name) == FOLDER / "templates" / name


def test_board_and_office_share_one_frame():
    frame = Frame("中共青溪镇委员会", categories=[specimen.Category("决策决议", "/c/jc/")])
    office = render_to_string("ui/reader.html", {"frame": frame}, _request())
    board = specimen.environment().get_template("ui/board/frame.jinja").render(frame=frame)
    assert _header(office) == _header(board)
    assert _footer(office) == _footer(board)


def _header(html: str) -> str:
    return html[html.index("<header") : html.index("</header>")]


def _footer(html: str) -> str:
    return html[html.index("<footer") : html.index("</footer>")]


def test_an_obstacle_keeps_the_button_and_says_why():
    act = Act("向社会公开", "/x/", ["要先在党内公开。"], post=True)
    assert component("act", act, "open") == (
        '<div class="act"><button type="button" class="btn" aria-disabled="true"'
        ' aria-describedby="open-about">向社会公开</button>\n'
        '<ul class="why" id="open-about"><li>要先在党内公开。</li></ul></div>'
    )


def test_pages_are_counted_from_the_oldest():
    words = re.sub(r"<[^>]+>", " ", component("pager", 47, 48, "?page={n}", "/c/jc/")).split()
    assert words == ["更新的", "48", "47", "46", "…", "1", "更早的", "第1页是最早的"]
    assert 'href="/c/jc/">48</a>' in component("pager", 47, 48, "?page={n}", "/c/jc/")
    assert component("pager", 1, 1, "?page={n}") == ""


def test_text_from_people_is_escaped():
    assert "<script>" not in component("badge", "plain", "<script>")
    assert "<script>" not in component("row", "<script>", "#")


def test_the_language_is_remembered_and_the_reader_returns(client):
    english = reverse("language", args=["en"])
    answer = client.get(english, {"next": "/say/?item=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/say/?item=1")
    assert answer.cookies["gongkai_language"].value == "en"
    assert client.get(english, {"next": "https://evil.invalid/"})["Location"] == "/"
    assert client.get(reverse("language", args=["xx"])).status_code == 404


def test_a_middleware_may_give_the_whole_frame():
    request = _request()
    request.frame = Frame("镇纪委")
    assert context.frame(request) == Frame("镇纪委")


@pytest.mark.browser
@pytest.mark.parametrize("name", specimen.PAGES)
def test_pages_fit_their_window_and_pass_axe(page, tmp_path, name):
    for language in LANGUAGES:
        _open(page, tmp_path, specimen.page(name, language))
        assert axe.complaints(page, (1440, 390, 320)) == [], language


def _open(page, folder: Path, html: str) -> None:
    file = folder / "page.html"
    file.write_text(html.replace('"/assets/', f'"{STATIC.as_uri()}/'), "utf-8")
    page.goto(file.as_uri())
