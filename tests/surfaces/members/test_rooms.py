"""The members' room: public records alone, through the one audience policy."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from tests.foundation.files import made
from tests.procedure.acknowledgements.conftest import confirming
from tests.procedure.duties.rows import row, settled
from tests.procedure.editions import disclosure_of, log, opened, planned, sealed, stored
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.core import clock
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM, Opening, record
from gongkai.foundation.organisations import queries as organisation_queries
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.audience import Reader
from gongkai.foundation.organisations.queries import post
from gongkai.foundation.translog.proof import Proof
from gongkai.foundation.ui import marks
from gongkai.procedure.acknowledgements import jobs as acknowledgements
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.publication import postings
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.publication.states import EvidenceKind
from gongkai.surfaces.board.queries import told_of_entries
from gongkai.surfaces.board.workflow import keep
from gongkai.surfaces.members import queries, rooms

__all__ = ["log"]
pytestmark = pytest.mark.django_db
HOME = "/members/"


@pytest.fixture
def reader(party_member):
    """A browser in which a member without a post has signed in."""
    return entered(party_member)


@pytest.fixture
def inner(qingxi):
    """An edition open to the township's members, with an attachment, not yet to the public."""

    def make(home=None, title="只给成员看的"):
        files = [stored(home, title.encode())] if home else []
        edition = sealed(disclosure_of(qingxi, title=title), plan=planned("A3", "A1"), files=files)
        opened(edition, "A3")
        return edition

    return make


def titles(client, **asked) -> list[str]:
    return [row.title for row in client.get(HOME, asked).context["page"].rows]


def page(edition, name="item", *more) -> str:
    return reverse(f"members:{name}", args=[edition.disclosure.address, *more])


# -- who reads -------------------------------------------------------------------------------------


def test_a_member_without_a_post_lands_here_and_an_officer_at_the_desk(
    client, party_member, organiser, qingxi
):
    for member, goal in [(party_member, HOME), (organiser.member, "/desk/")]:
        account = organisations.make_account(member=member, username=f"u{member.pk}", by=SYSTEM)
        account.set_password("keep-this-phrase-1")
        account.save()
        fields = {"login": account.username, "password": "keep-this-phrase-1"}
        assert client.post(reverse("account_login"), fields)["Location"] == goal
        client.logout()


def test_strangers_sign_in_first(client, inner):
    edition = inner()
    for path in (HOME, page(edition), page(edition, "file", "x.pdf"), page(edition, "proof", 1)):
        assert client.get(path)["Location"] == f"{reverse('account_login')}?next={path}"


def test_a_record_opens_when_it_lies_under_the_exposed_checkpoint(inner, reader, log):
    edition = inner()
    assert titles(reader) == []
    assert reader.get(page(edition)).status_code == 404
    log()
    assert titles(reader) == ["只给成员看的"]
    assert reader.get(page(edition)).status_code == 200


def test_what_is_for_other_readers_is_not_there(qingxi, shiqiao, reader, officer, log):
    edition = sealed(
        disclosure_of(qingxi, "FW-04", title="给领导小组的"),
        plan=[{"scope": "A4", "keys": ["group:qingxi/leading"], "opens": ""}],
    )
    opened(edition)
    log()
    assert titles(reader) == []
    assert reader.get(page(edition)).status_code == 404
    assert titles(entered(officer("党委书记"))) == ["给领导小组的"]
    assert titles(entered(officer("村文书", shiqiao))) == []


def test_the_items_of_another_organisation_stay_with_it(inner, officer, shiqiao, log):
    edition = inner()
    log()
    stranger = entered(officer("村文书", shiqiao))
    assert stranger.get(page(edition)).status_code == 404
    assert stranger.get(page(edition, "proof", 1)).status_code == 404


# -- the list --------------------------------------------------------------------------------------


def test_the_newest_comes_first_and_what_the_public_sees_can_be_left_out(
    qingxi, inner, reader, log
):
    opened(sealed(disclosure_of(qingxi, title="谁都能看的")))
    inner()
    log()
    assert titles(reader) == ["只给成员看的", "谁都能看的"]
    assert titles(reader, only="inner") == ["只给成员看的"]
    text = reader.get(HOME).content.decode()
    assert "新的在前。" in text
    assert text.count("只向成员公开</span>") == 1


def test_an_item_opened_twice_stands_once(qingxi, reader, log):
    opened(sealed(disclosure_of(qingxi, title="先党内后党外")))
    log()
    assert titles(reader) == ["先党内后党外"]
    assert titles(reader, only="inner") == []


def test_empty_rooms_say_so(reader, log):
    assert "还没有向您公开的内容" in reader.get(HOME).content.decode()
    assert "现在没有只向成员公开的内容" in reader.get(HOME, {"only": "inner"}).content.decode()


def test_each_page_leads_to_older_ones_and_back(qingxi, reader, log, monkeypatch):
    monkeypatch.setattr(rooms, "PAGE", 2)
    for n in range(5):
        opened(sealed(disclosure_of(qingxi, title=f"第{n}件")))
    log()
    seen, page = [], {}
    while page is not None:
        seen.append(titles(reader, **page))
        text = reader.get(HOME, page).content.decode()
        assert (">回到最新的</a>" in text) == bool(page)
        older = re.search(r"\?before=(\d+)", text)
        page = {"before": older[1]} if older else None
    assert seen == [["第4件", "第3件"], ["第2件", "第1件"], ["第0件"]]


def test_a_page_is_found_along_the_log_and_not_by_sorting_all_of_it():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps statistics, and chooses by them")
    plan = queries.listed(Reader(frozenset({"public", "party"})))[:31].explain()
    assert "(seq<?)" in plan.splitlines()[0]
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 19])
def test_a_place_that_is_no_number_is_not_found(reader, log, before):
    assert reader.get(HOME, {"before": before}).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    many, qingxi, reader, log, django_assert_num_queries
):
    for n in range(many):
        opened(sealed(disclosure_of(qingxi, title=f"第{n}件")))
    log()
    reader.get(HOME)
    with django_assert_num_queries(7):
        assert len(titles(reader)) == many


# -- an item ---------------------------------------------------------------------------------------


def test_an_item_shows_text_seal_and_proof(inner, reader, log):
    edition = inner()
    log()
    answer = reader.get(page(edition))
    opening = answer.context["opening"]
    text = answer.content.decode()
    for shown in (
        "<p>正文。</p>",
        edition.seal_number,
        f"sha256:{edition.digest}",
        opening.salt,
        "在本镇党员干部中公开",
        f'href="/say/{edition.disclosure.address}/"',
    ):
        assert shown in text
    assert answer["Cache-Control"] == "no-store, private"


def test_members_see_where_it_hangs_and_others_only_what_they_were_told(
    qingxi, shiqiao, reader, officer, log
):
    edition = sealed(disclosure_of(qingxi), channels=["wall", "members-meeting"])
    opened(edition)
    now = clock.now()
    for release in Release.objects.filter(edition=edition).order_by("order"):
        channel = "members-meeting" if release.scope == "A3" else "wall"
        postings.deliver(release.pk, channel, postings.Proof(EvidenceKind.NOTE, "1", now))
    log()
    day = marks.day(clock.civil_day(now, qingxi.zone))
    rows = [("党员大会", f"{day}宣读"), ("公开栏", f"{day}起")]
    assert reader.get(page(edition)).context["hung"] == rows
    neighbour = entered(officer("村文书", shiqiao).member)
    assert neighbour.get(page(edition)).context["hung"] == rows[1:]
    text = unescape(reader.get(page(edition), headers={"accept-language": "en"}).content.decode())
    assert ("Where it has been disclosed" in text, "Members' meeting" in text) == (True, True)


def test_the_proof_can_be_checked_without_us(inner, reader, log):
    edition = inner()
    log()
    answer = reader.get(page(edition, "proof", 1))
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{edition.disclosure.address}-v1.tlog-proof"'
    )
    opening = reader.get(page(edition)).context["opening"]
    assert Proof.parse(answer.content.decode()).index == opening.seq
    assert reader.get(page(edition, "proof", 2)).status_code == 404


def test_a_withdrawn_item_says_when_who_and_why(inner, reader, officer, log):
    edition = inner()
    log()
    publication.withdraw(
        disclosure=edition.disclosure, officer=officer("党委副书记"), reason="附件有误"
    )
    assert reader.get(page(edition)).status_code == 404
    log()
    text = reader.get(page(edition)).content.decode()
    assert "附件有误" in text
    assert "党委副书记" in text
    assert "正文。" not in text
    assert "已撤下，有说明" in reader.get(HOME).content.decode()


def test_an_erased_item_keeps_its_place_and_nothing_else(inner, reader, officer, log):
    edition = inner(title="误发的名单")
    log()
    erasure = publication.ask_erasure(
        disclosure=edition.disclosure, officer=officer("纪委书记"), reason="法院"
    )
    publication.confirm_erasure(erasure=erasure, officer=officer("党委书记"))
    log()
    text = reader.get(page(edition)).content.decode()
    assert "内容已经清除" in text
    assert "误发的名单" not in text
    assert "误发的名单" not in reader.get(HOME).content.decode()


# -- what comes next -------------------------------------------------------------------------------


def test_members_see_when_the_public_will_read_and_every_change_of_it(qingxi, reader, officer, log):
    first = clock.now().replace(microsecond=0) + timedelta(days=3)
    edition = sealed(disclosure_of(qingxi), plan=planned("A3", "A1"))
    steps = [Step("A3"), Step("A1", opens_at=first)]
    inner, outer = publication.schedule(edition=edition, officer=officer("党政办主任"), steps=steps)
    publication.open_stages(stages=[inner])

    def told() -> tuple[date | None, date | None]:
        log()
        (row,) = reader.get(HOME).context["page"].rows
        return row.public_on, reader.get(page(edition)).context["public_on"]

    def day(at):
        return clock.civil_day(at, qingxi.zone)

    assert told() == (day(first),) * 2
    text = reader.get(page(edition)).content.decode()
    assert f"按安排，{marks.moment(first, qingxi.zone)}向社会公开。" in text
    assert "还有3日" in text
    later = first + timedelta(days=7)
    publication.reschedule(release=outer, officer=officer("党政办主任"), opens_at=later)
    assert told() == (day(later),) * 2
    publication.cancel(release=outer, officer=officer("党政办主任"))
    assert told() == (None, None)
    publication.schedule(
        edition=edition, officer=officer("党政办主任"), steps=[Step("A1", opens_at=later)]
    )
    assert told() == (day(later),) * 2
    told_of_plans = PublicRecord.objects.filter(kind="plan")
    assert {"public" in record.audience for record in told_of_plans} == {False}


def test_a_draft_for_comment_says_until_when_and_what_was_adopted(qingxi, reader, officer, log):
    edition = sealed(disclosure_of(qingxi, "JC-07"), plan=planned("A3", "A1"))
    opened(edition, "A3")
    case, _code = feedback.receive(
        organisation=qingxi, disclosure=edition.disclosure, text="太短。", show=True
    )
    office = officer("党政办主任")
    feedback.assign(case=case, officer=office, post=post(qingxi, "finance"))
    answer = feedback.answer(
        case=case, officer=officer("财政所长"), text="改了。", outcome="adopted"
    )
    feedback.approve(answer=answer, officer=officer("党委副书记"))
    log()
    until = clock.civil_day(clock.now(), qingxi.zone) + timedelta(days=7)
    (row,) = reader.get(HOME).context["page"].rows
    assert row.comments_until == until
    answer = reader.get(page(edition))
    assert answer.context["became"] == [("已采纳", "1")]
    assert f"{marks.day(until)}以前可以提意见。" in answer.content.decode()


# -- attachments -----------------------------------------------------------------------------------


def test_an_attachment_is_a_download_and_nothing_else(home, inner, reader, log):
    edition = inner(home)
    log()
    file = reader.get(page(edition)).context["edition"].attachments[0]
    path = page(edition, "file", file.filename)
    answer = reader.get(path)
    assert b"".join(answer.streaming_content) == "只给成员看的".encode()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "application/pdf"
    assert reader.get(page(edition, "file", "0" * 16 + ".pdf")).status_code == 404


def test_an_attachment_closes_with_its_item(home, inner, reader, officer, log):
    edition, other = inner(home), inner(home, "另一件")
    log()
    file = reader.get(page(edition)).context["edition"].attachments[0]
    path = page(edition, "file", file.filename)
    assert reader.get(page(other, "file", file.filename)).status_code == 404
    publication.withdraw(
        disclosure=edition.disclosure, officer=officer("党委副书记"), reason="附件有误"
    )
    assert reader.get(path).status_code == 404


def test_an_attachment_is_not_for_other_readers(home, inner, reader, officer, shiqiao, client, log):
    edition = inner(home)
    log()
    file = reader.get(page(edition)).context["edition"].attachments[0]
    file_path = page(edition, "file", file.filename)
    assert entered(officer("村文书", shiqiao)).get(file_path).status_code == 404
    assert client.get(file_path).status_code == 302


def test_an_attachment_is_read_page_by_page_by_those_it_is_open_to(
    home, qingxi, reader, officer, shiqiao, client, log
):
    data = made.pages(*([f"inner page {n}"] for n in range(1, 12)))
    file = stored(home, data)
    edition = sealed(disclosure_of(qingxi), plan=planned("A3", "A1"), files=[file])
    opened(edition, "A3")
    log()
    name = f"{file.digest[:16]}.pdf"
    first, second = page(edition, "read", name), page(edition, "read-part", name, 2)
    assert "在线看的页面还没有做好" in reader.get(first).content.decode()
    preparing.advance(file.digest, "pdf", 60)
    answer = reader.get(first)
    assert answer["Cache-Control"] == "no-store, private"
    assert "inner page 10</span>" in answer.content.decode()
    text = reader.get(second).content.decode()
    assert "inner page 11</span>" in text
    assert "inner page 10" not in text
    picture = re.search(r'src="([^"]+\.webp)"', text)[1]
    words = page(edition, "read-piece", name, "text.txt")
    for path, kind in [(picture, "image/webp"), (words, "text/plain; charset=utf-8")]:
        answer = reader.get(path)
        assert (answer["Content-Type"], answer["Cache-Control"]) == (kind, "no-store, private")
        assert answer["X-Content-Type-Options"] == "nosniff"
        b"".join(answer.streaming_content)
    for wrong in ("head.json", "0" * 64 + ".webp", "..%2Fhead.json"):
        assert reader.get(f"{first}{wrong}").status_code == 404
    assert reader.get(f"{first}3/").status_code == 404
    everything = (first, second, picture, words)
    stranger = entered(officer("村文书", shiqiao))
    assert [stranger.get(path).status_code for path in everything] == [404] * 4
    assert [client.get(path).status_code for path in everything] == [302] * 4
    publication.withdraw(
        disclosure=edition.disclosure, officer=officer("党委副书记"), reason="附件有误"
    )
    assert [reader.get(path).status_code for path in everything] == [404] * 4


# -- what is kept for members ----------------------------------------------------------------------


def test_members_see_how_inner_entries_are_kept_and_only_theirs(qingxi, reader, log):
    late = row(settled("2026-09", "2026-09-30", "met", "2026-10-02"))
    for audience, code in (("party", "JC-01"), ("group:qingxi:none", "LZ-02"), ("public", "JC-06")):
        with transaction.atomic():
            record(
                verb="coverage.show",
                actor=SYSTEM,
                organisation="qingxi",
                subject="cover:qingxi",
                label="",
                opens=Opening(
                    "coverage", "cover:qingxi", [audience], {"rows": [late | {"entry": code}]}
                ),
            )
    log()
    keep(told_of_entries(0, 1000))
    page = reader.get("/members/coverage/")
    assert [line.code for line in page.context["lines"]] == ["JC-01"]
    assert "晚了2日公开" in page.text


# -- confirming ------------------------------------------------------------------------------------


@pytest.fixture
def circulated(qingxi, inner, log):
    """An inner edition that asks for confirmations, exposed, its readers asked."""

    def make(title="请确认的"):
        if not charter_of(qingxi)[1].entry("JC-05").confirm:
            confirming(qingxi)
        edition = inner(title=title)
        log()
        acknowledgements.ask(clock.now())
        return edition

    return make


def test_a_member_confirms_without_script_and_the_list_lets_go(reader, circulated):
    edition = circulated()
    listed = reader.get(HOME)
    assert [row.title for row in listed.context["asked"]] == ["请确认的"]
    assert [row.title for row in reader.get(HOME, {"only": "inner"}).context["asked"]] == []
    body = reader.get(page(edition)).content.decode()
    assert f'action="{page(edition, "confirm")}"' in body
    pressed = {"edition": edition.digest}
    done = reader.post(page(edition, "confirm"), pressed)
    assert done["Location"] == page(edition)
    assert reader.post(page(edition, "confirm"), pressed)["Location"] == page(edition)
    body = reader.get(page(edition)).content.decode()
    assert "确认读过这一版" in body
    assert "我读过了</button>" not in body
    assert reader.get(HOME).context["asked"] == []


def test_strangers_others_and_older_editions_confirm_nothing(
    reader, circulated, inner, client, officer, shiqiao
):
    other, edition = inner(title="别的"), circulated()
    address = page(edition, "confirm")
    assert reader.get(address).status_code == 405
    assert client.post(address)["Location"].startswith(reverse("account_login"))
    village = entered(officer("村文书", shiqiao))
    assert village.post(address, {"edition": edition.digest}).status_code == 404
    assert "请您读过以后确认" not in village.get(HOME).content.decode()
    for path, digest in [(address, "0" * 64), (page(other, "confirm"), edition.digest)]:
        refused = reader.post(path, {"edition": digest})
        assert refused.status_code == 422
        assert "没有记下您的确认" in refused.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = reader.cookies
    assert strict.post(address, {"edition": edition.digest}).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_what_is_asked_costs_the_same_for_one_and_three(
    many, circulated, party_member, django_assert_num_queries
):
    for n in range(many):
        circulated(title=f"第{n}件")
    keys = organisation_queries.reader_of(party_member, clock.civil_day(clock.now()))
    with django_assert_num_queries(2):
        assert len(rooms.asked(party_member, keys, "Asia/Shanghai")) == many
