"""Who sees what: each audience against each surface and file, by guessing, forwarding, caching.

One item for everybody, one for the township's members, one for its leading group, all of them open
for comment. Each is known by a word of its own, which stands in its title, text and attachment:
wherever the word is, it is seen.
"""

import json
import re
from datetime import date, time
from urllib.parse import quote

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.cast import officer_named
from tests.foundation.files import made
from tests.procedure.editions import disclosure_of, opened, planned, sealed, stored
from tests.surfaces.board.remembered import RememberedHome
from tests.surfaces.channels.conftest import _mail, go, office, work
from tests.surfaces.desk.conftest import entered
from tests.surfaces.search.conftest import _of_its_own, follow

from gongkai.foundation.core import identifiers
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.organisations.queries import post
from gongkai.participation.meetings import queries as receptions
from gongkai.participation.meetings import visiting
from gongkai.participation.meetings import workflow as meetings
from gongkai.participation.meetings.rules import Arrangement
from gongkai.procedure.feedback import handling, wall
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.models import Case, CaseFile, Hanging
from gongkai.procedure.feedback.states import CaseKind
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels import tokens
from gongkai.surfaces.channels import workflow as alerts
from gongkai.surfaces.channels.models import Subscription
from gongkai.surfaces.search import jobs as search

__all__ = ["_mail", "_of_its_own", "office"]
pytestmark = pytest.mark.django_db

WORDS = {"everybody": "maple", "members": "walnut", "leaders": "juniper"}
PLANS = {
    "everybody": planned("A1"),
    "members": planned("A3", "A1"),
    "leaders": [{"scope": "A4", "keys": ["group:qingxi/leading"], "opens": ""}],
}
SEES = {
    "stranger": {"everybody"},
    "other organisation": {"everybody"},
    "member": {"everybody", "members"},
    "leader": {"everybody", "members", "leaders"},
}
PRIVATE = {
    "text": "hornbeam",
    "name": "basswood",
    "attachment": "sycamore",
    "filename": "rosewood",
    "call": "buckthorn",
    "note": "hawthorn",
    "alone": "cottonwood",
    "answer": "tamarack",
    "turn": "mulberry",
    "original": "sequoia",
    "kept off": "spruce",
    "petition": "wisteria",
    "file of a shown one": "dogwood",
}
"""What a voice that is not shown says, and what the office says of it; of those on the wall, what
was changed, kept off, or never may hang there.
"""
ASKED = "notice"
"""A word that all three hold, by which they are searched together."""


@pytest.fixture
def readers(party_member, officer, shiqiao):
    """A browser for each audience; a stranger has none of the keys."""
    return {
        "stranger": Client(),
        "other organisation": entered(officer("村文书", shiqiao)),
        "member": entered(party_member),
        "leader": entered(officer("党委书记")),
    }


@pytest.fixture
def town(office, qingxi, home):
    """The three items, each with an attachment laid out for reading and a problem reported, and
    somebody who follows everything; then all that the keeper and the worker do.
    """
    town, sent = told(home, office, qingxi)
    mail.outbox[:] = sent
    return town


@RememberedHome
def told(home, office, qingxi):
    """The town, and the letters."""
    alerts.ask(
        town=houses.town(), address="li@example.org", what="all", words="", pace="now",
        language="zh-hans",
    )  # fmt: skip
    alerts.confirm(token=tokens.token(tokens.CONFIRM, Subscription.objects.get().handle))
    work()
    mail.outbox.clear()
    town = {}
    for name, word in WORDS.items():
        file = stored(home, made.pages([f"{word} {ASKED}"]))
        edition = sealed(
            disclosure_of(qingxi, "JC-07", title=f"{word} {ASKED}"),
            plan=PLANS[name],
            body=f"<p>{word} {ASKED}</p>",
            files=[file],
        )
        opened(edition, *(["A3"] if name == "members" else []))
        preparing.advance(file.digest, "pdf", 60)
        feedback.receive(
            organisation=qingxi, disclosure=edition.disclosure, text=word, show=True,
            kind=CaseKind.PROBLEM, ground="error",
        )  # fmt: skip
        town[name] = (edition.disclosure.address, f"{file.digest[:16]}.pdf")
    unseen(home, qingxi)
    go(office)
    follow()
    search.close()
    work()
    return town, list(mail.outbox)


def unseen(home, qingxi):
    """A voice for the office alone, with all that may hang on one, merged, noted and answered; and
    one that agreed to be shown, in whose case it ended.
    """
    clerk, finance, deputy = (
        officer_named(qingxi, name) for name in ("党政办主任", "财政所长", "党委副书记")
    )
    given = {"organisation": qingxi, "disclosure": None}
    shown, _code = feedback.receive(**given, text=f"{ASKED} oak", show=True)
    private, code = feedback.receive(
        **given,
        text=PRIVATE["text"],
        show=False,
        contact={"name": PRIVATE["name"], "tel": ""},
        files=[(stored(home, made.pages([PRIVATE["attachment"]])), f"{PRIVATE['filename']}.pdf")],
        intake=feedback.Intake(clerk, call=PRIVATE["call"]),
    )
    handling.note(case=private, officer=clerk, text=PRIVATE["note"])
    handling.merge(case=private, officer=clerk, into=shown.number)
    alone, _other = feedback.receive(**given, text=PRIVATE["alone"], show=False)
    for case, text in ((shown, "elm"), (alone, PRIVATE["answer"])):
        feedback.assign(case=case, officer=clerk, post=post(qingxi, "finance"))
        written = feedback.answer(case=case, officer=finance, text=text, outcome="explained")
        feedback.approve(answer=written, officer=deputy)
    feedback.reopen(case=private, receipt=code, text=PRIVATE["turn"])
    shown.refresh_from_db()
    written = feedback.answer(case=shown, officer=finance, text="elm again", outcome="explained")
    feedback.approve(answer=written, officer=deputy)
    walled(home, given, clerk, deputy)


def walled(home, given, clerk, deputy):
    """Voices that agreed to be shown: one in changed words, one kept off, one of a private kind."""
    wordy, _code = feedback.receive(
        **given,
        text=f"larch {PRIVATE['original']}",
        show=True,
        contact={"name": PRIVATE["name"], "tel": ""},
        files=[(stored(home, made.pages(["birch"])), f"{PRIVATE['file of a shown one']}.pdf")],
    )
    handling.note(case=wordy, officer=clerk, text=PRIVATE["note"])
    changed = wall.propose(
        case=wordy, officer=clerk, text="larch", reason="person", why="no name of a neighbour"
    )
    unshown, _code = feedback.receive(**given, text=PRIVATE["kept off"], show=True)
    kept = wall.keep_off(case=unshown, officer=clerk, reason="insult", why="it insults")
    for each in (changed, kept):
        wall.pass_wording(wording=each, officer=deputy)
    feedback.receive(**given, text=PRIVATE["petition"], show=True, kind=CaseKind.LETTER)


def answer(client, path) -> str:
    """What a page says; nothing for a page that is not there, or asks to sign in."""
    response = client.get(path)
    if response.status_code != 200:
        assert response.status_code in {302, 404}, (path, response.status_code)
        return ""
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode("utf-8", "replace")


def seen(text: str, town) -> set[str]:
    """The items of which ``text`` tells: by their word, address or attachment."""
    return {
        name
        for name, (address, filename) in town.items()
        if any(each in text for each in (WORDS[name], address, filename[:16]))
    }


def test_the_board_with_feeds_calendars_maps_and_files_tells_strangers_of_nothing_inner(town, home):
    files = [path for path in home.board.rglob("*") if path.is_file()]
    plain = [path for path in files if path.suffix not in {".br", ".gz", ".webp", ".pdf"}]
    kinds = {path.name.partition(".")[2] for path in plain}
    assert {"html", "atom", "ics", "xml", "json"} <= kinds
    for name in ("calendar.ics", "feed.atom", "sitemap-items-0.xml", "open.html"):
        assert seen((home.board / name).read_text("utf-8"), town) == {"everybody"}, name
    told = {name for path in plain for name in seen(path.read_text("utf-8", "replace"), town)}
    told |= {name for path in files for name in seen(str(path), town)}
    assert told == {"everybody"}
    counted = re.search(r"<dd>(\d+)<small>", (home.board / "statistics.html").read_text("utf-8"))
    assert counted[1] == "1"


def test_alerts_tell_followers_of_nothing_inner(town):
    letters = "\n".join(str(message.message()) for message in mail.outbox)
    assert len(mail.outbox) == 1
    assert seen(letters + mail.outbox[0].body + mail.outbox[0].subject, town) == {"everybody"}


SURFACES = {
    "search": lambda word: f"/search/?q={word}",
    "search for all": lambda word: f"/search/?q={ASKED}",
    "English search": lambda word: f"/search/en/?q={word}",
}
ROOM = {
    "list": lambda word: "/members/",
    "inner list": lambda word: "/members/?only=inner",
    "room's search": lambda word: f"/members/search/?q={ASKED}",
}
OF_ITEM = {
    "page": "/members/i/{address}/",
    "proof": "/members/i/{address}/proof/1/",
    "attachment": "/members/i/{address}/files/{filename}",
    "reader": "/members/i/{address}/read/{filename}/",
    "text of the reader": "/members/i/{address}/read/{filename}/text.txt",
}
OF_VOICES = {
    "voices": lambda word: f"/search/?q={word}&w=voices",
    "every voice": lambda word: "/search/?w=voices",
    "English, open ones": lambda word: "/search/en/?w=voices&s=open",
}
FORMS = {"opinion": "/say/{address}/", "problem": "/say/{address}/problem/"}


@pytest.mark.parametrize("who", SEES)
def test_every_audience_against_every_surface(town, readers, who):
    client, sees = readers[who], SEES[who]
    wrong = []

    def expect(surface: str, found: set[str], wanted: set[str]) -> None:
        if found != wanted:
            wrong.append((surface, sorted(found), sorted(wanted)))

    for surface, path in SURFACES.items():
        found = {
            name
            for word in WORDS.values()
            for name, (address, _file) in town.items()
            if address in answer(client, path(word))
        }
        expect(surface, found, {"everybody"})
    signed_in = sees if who != "stranger" else set()
    for surface, path in ROOM.items():
        wanted = signed_in - {"everybody"} if surface == "inner list" else signed_in
        expect(surface, seen(answer(client, path("")), town), wanted)
    for name, (address, filename) in town.items():
        for surface, path in OF_ITEM.items():
            there = bool(answer(client, path.format(address=address, filename=quote(filename))))
            expect(f"{surface} of {name}", {name} if there else set(), signed_in & {name})
        for surface, path in FORMS.items():
            there = WORDS[name] in answer(client, path.format(address=address))
            expect(f"{surface} on {name}", {name} if there else set(), sees & {name})
    assert wrong == []


def test_what_members_get_is_kept_by_no_cache_and_forwarded_to_nobody(town, readers):
    address, filename = town["members"]
    paths = [path.format(address=address, filename=filename) for path in OF_ITEM.values()]
    page = answer(readers["member"], paths[0])
    linked = [each for each in re.findall(r'(?:href|src)="(/[^"#?]*)"', page) if address in each]
    assert len(linked) >= 4
    picture = re.search(r'src="([^"]+\.webp)"', answer(readers["member"], paths[3]))[1]
    for path in sorted({*paths, *linked, picture, "/members/", "/members/search/?q=walnut"}):
        response = readers["member"].get(path)
        assert response.status_code == 200, path
        held = {each.strip() for each in response["Cache-Control"].split(",")}
        assert held >= {"private", "no-store"}, path
    for path in {*paths, *linked, picture}:
        assert readers["stranger"].get(path).status_code in {302, 404}, path
        assert readers["other organisation"].get(path).status_code == 404, path


def told_of(text: str) -> set[str]:
    """What of the private voice stands in ``text``."""
    return {name for name, word in PRIVATE.items() if word in text}


def test_a_private_voice_leaks_through_nothing(town, home, readers, caplog):
    """Wall, item pages, feeds, figures, search, room, records, acts, letters, forms and logs."""
    assert {each.text for each in Case.objects.filter(show=False)} >= {"hornbeam", "cottonwood"}
    leaks = {}

    def look(where: str, text: str) -> None:
        if found := told_of(text):
            leaks[where] = found

    for path in home.board.rglob("*"):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            look(str(path), f"{path.name} {path.read_bytes().decode('utf-8', 'replace')}")
    for record in PublicRecord.objects.all():
        look(f"record {record.kind}", str(vars(record)))
    for act in Act.objects.all():
        look(f"act {act.verb}", str(vars(act)))
    for message in mail.outbox:
        look("letter", f"{message.subject} {message.body}")
    for who, client in readers.items():
        for surface in (*ROOM.values(), *SURFACES.values(), *OF_VOICES.values()):
            look(f"{who} {surface('')}", answer(client, surface(ASKED)))
        for path in ("/say/", "/say/topics/", "/say/question/", "/say/status/"):
            look(f"{who} {path}", answer(client, path))
    look("logs", caplog.text)
    assert leaks == {}
    assert "oak" in (home.board / "wall.html").read_text("utf-8")
    waiting = (home.board / "wall/open.html").read_text("utf-8")
    assert ("larch" in waiting, "oak" in waiting) == (True, False)
    assert "写到了别人的个人情况" in (home.board / "wall/register.html").read_text("utf-8")
    for public in (
        (home.board / "wall/feed.atom").read_text("utf-8"),
        answer(client, "/search/?w=voices"),
    ):
        assert ("larch" in public, "oak" in public) == (True, True)


@pytest.mark.parametrize("who", SEES)
def test_a_private_voice_is_found_by_no_search_and_no_guess(town, readers, who):
    client = readers[who]
    for word in PRIVATE.values():
        for path in (SURFACES["search"], SURFACES["English search"], OF_VOICES["voices"]):
            nothing = answer(client, path("x" * len(word))).replace("x" * len(word), word)
            assert answer(client, path(word)) == nothing, (who, word)
    private = Case.objects.get(text="hornbeam")
    file = CaseFile.objects.get(case=private)
    for name, more in (("case", []), ("case-handle", []), ("case-file", [file.pk])):
        path = reverse(f"desk:{name}", args=[private.number, *more])
        assert client.get(path).status_code in {302, 403, 404} or who == "leader", (who, name)


def test_a_private_voice_is_in_no_public_count(town, home):
    """Two rounds of one answered voice were opened, and no problem: nothing tells of the others."""
    kinds = sorted(PublicRecord.objects.values_list("kind", flat=True))
    assert (kinds.count("answer"), kinds.count("report")) == (2, 0)
    said = PublicRecord.objects.filter(kind="voice").values_list("body", flat=True)
    assert sorted({json.loads(each)["state"] for each in said}) == ["answered", "off", "open"]
    figures = (home.board / "wall/departments.html").read_text("utf-8")
    assert re.findall(r'data-label="分到">(\d+)<', figures) == ["1"]
    assert "找到2件" in answer(Client(), OF_VOICES["every voice"](""))
    assert (home.board / "wall/feed.atom").read_text("utf-8").count("<entry>") == 2


def test_between_two_shown_voices_nobody_counts_a_private_one(town, home):
    """The office counts all that comes in one sequence: none of its numbers, nor a key of the
    database, leaves it; what hangs has an address of its own, which says nothing.
    """
    numbers = set(Case.objects.values_list("number", flat=True))
    shown, between = Case.objects.get(text__endswith="oak"), Case.objects.get(text="hornbeam")
    after = Case.objects.get(text__startswith="larch")
    order = [int(each.number.partition("-")[2]) for each in (shown, between, after)]
    assert order == sorted(order)
    told = {
        f"record {each.pk}": f"{each.subject} {each.body}" for each in PublicRecord.objects.all()
    }
    files = (path for path in home.board.rglob("*") if path.is_file())
    told |= {
        str(path): f"{path.relative_to(home.board)} {path.read_text('utf-8')}"
        for path in files
        if path.suffix in {".html", ".json", ".atom", ".xml", ".txt", ".ics"}
    }
    told |= {path: answer(Client(), path) for path in ("/say/topics/", f"/search/?q={ASKED}")}
    told |= {"letters": "".join(str(message.message()) for message in mail.outbox)}
    number = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, numbers))})(?![\w-])")
    assert {where: found[0] for where, text in told.items() if (found := number.search(text))} == {}
    hung = Hanging.objects.exclude(record=None).values_list("address", flat=True)
    assert {each for each in hung if not re.fullmatch("[0-9A-Z]{10}", each)} == set()


def test_nothing_of_who_visits_a_leader_leaves_the_desk(office, qingxi, officer, home):
    """Name, number, address, words and codes stand on no file, in no record, act or search."""
    assistant, second = officer("党政办主任"), officer("纪委副书记")
    arranged = Arrangement(post(qingxi, "deputy"), time(13), 20, 3, "一楼接访室")
    (day,) = meetings.plan(
        officer=assistant, organisation=qingxi, on=[date(2026, 11, 23)], wanted=arranged
    )
    meetings.approve(notice=receptions.in_hand(day), officer=second)
    contact = {"name": "hazelname", "tel": "hazeltel", "mail": "hazel@example.org"}
    booking, code = visiting.book(day=day, persons=2, about="hazelmatter", contact=contact)
    away, other = visiting.book(day=day, persons=1, about="hazelother", contact=contact)
    with time_machine.travel(day.at(1), tick=False):
        visiting.arrive(booking=booking, officer=assistant)
        visiting.stay_away(booking=away, officer=assistant)
        _case, third = visiting.hear(
            booking=booking, officer=assistant, text="hazelsaid", show=False, category="FW"
        )
        meetings.conclude(day=day, officer=assistant, held=True)
        meetings.approve(notice=receptions.in_hand(day), officer=second)
    go(office)
    follow()
    files = [path for path in home.board.rglob("*") if path.is_file()]
    assert "接待1批，2人" in (home.board / "receptions.html").read_text("utf-8")
    told = [path.read_bytes().decode("utf-8", "replace") for path in files]
    told += [f"{act.facts} {act.subject_label} {act.actor_label}" for act in Act.objects.all()]
    told += PublicRecord.objects.values_list("body", flat=True)
    told.append(answer(Client(), "/search/?q=hazelmatter").replace("hazelmatter", "", 9))
    secrets = ("hazel", code, other, third, identifiers.normalised(code))
    assert [each for each in secrets if any(each in text for text in told)] == []
    for who, status in ((officer("组织干事"), 404), (officer("纪委书记"), 404), (assistant, 200)):
        path = f"/desk/receptions/{day.key}/visitors/"
        assert entered(who).get(path).status_code == status, who.post_names
