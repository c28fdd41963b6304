"""The members' search, before real editions: what is open to members, to nobody else."""

from html import unescape
from urllib.parse import quote

import pytest
from django.urls import reverse
from tests.procedure.editions import disclosure_of, log, opened, planned, sealed
from tests.surfaces.desk.conftest import entered
from tests.surfaces.search.conftest import follow

__all__ = ["log"]
pytestmark = pytest.mark.django_db
ROOM, PUBLIC = f"/members/search/?q={quote('水塘')}", f"/search/?q={quote('水塘')}"


@pytest.fixture
def inner(qingxi, log):
    """An item open to the township's members, and not yet to the public; the index follows."""
    item = disclosure_of(qingxi, title="水塘的安排")
    item.address = "KYWQWAQTPG"  # as some addresses are: letters alone
    item.save()
    edition = sealed(item, plan=planned("A3", "A1"))
    opened(edition, "A3")
    log()
    follow()
    return edition.disclosure.address


def test_a_member_finds_what_is_open_to_members_and_a_stranger_does_not(
    inner, client, party_member, officer, shiqiao
):
    reader, villager = entered(party_member), entered(officer("村文书", shiqiao))
    answer = reader.get(ROOM)
    text = answer.content.decode()
    assert "找到1件" in text
    assert f'href="{reverse("members:item", args=[inner])}"' in text
    assert "只向成员公开" in text
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.get(ROOM)["Location"].startswith(reverse("account_login"))
    for stranger, path in ((client, PUBLIC), (villager, ROOM), (reader, PUBLIC)):
        told = stranger.get(path).content.decode()
        assert "没有找到" in told
        assert inner not in told
    by_number = f"/members/search/?q={inner}"
    assert reader.get(by_number)["Location"] == reverse("members:item", args=[inner])
    assert "没有找到" in villager.get(by_number).content.decode()


def test_what_is_not_found_is_asked_for_with_the_words_filled_in(inner, client):
    text = client.get(f"/search/?q={quote('自来水<改造>')}").content.decode()
    href = unescape(text.partition('请有关部门公开：<a href="')[2].partition('"')[0])
    form = client.get(href[href.index("/say/") :]).content.decode()
    assert "我想看到关于“自来水&lt;改造&gt;”的公开内容。</textarea>" in form
    kind = form.partition('value="topic"')
    assert "checked" in kind[2].partition(">")[0]
