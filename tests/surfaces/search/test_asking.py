"""What is found: every part of a text, in a sensible order, narrowed and counted."""

from random import Random

import pytest
from tests.bench import corpus
from tests.surfaces.board.office import address
from tests.surfaces.search.asked import answered, asking, subjects
from tests.surfaces.search.conftest import follow

from gongkai.foundation.core import clock
from gongkai.foundation.files import jobs as files
from gongkai.foundation.files.models import Reading, StoredFile
from gongkai.foundation.files.states import ReadingState
from gongkai.surfaces.search import asking as module
from gongkai.surfaces.search import documents, jobs, words

LOWEST = "K7AAAAAAA1"
ROADS = "K7AAAAAAA2"
OLDER = "K7AAAAAAA3"


@pytest.fixture
def three(shelf):
    shelf.release(
        LOWEST,
        title="关于2026年农村低保名单的公示",
        body="<p>最低生活保障对象共<b>48</b>户，𠮷田组3户。</p><p>WiFi密码不公开。</p>",
        document_number="青民发〔2026〕12号",
        number="青溪-JC-2026-7",
        kind="notice",
    )
    shelf.release(
        ROADS,
        title="关于石桥村道路维修的决定",
        body="<p>道路维修不占低保资金，名单另行公示。</p>",
        document_number="青委发〔2026〕3号",
        number="青溪-JC-2026-8",
        category="CW",
        box="CW-1",
    )
    shelf.release(
        OLDER,
        title="关于2019年农村低保名单的公示",
        body="<p>最低生活保障对象共51户。</p>",
        document_number="青民发〔2019〕12号",
        number="青溪-JC-2019-7",
        opened_at="2019-05-06T01:00:00Z",
    )
    shelf.expose()
    follow()
    return shelf


QUESTIONS = (
    ("低保名单", [LOWEST, OLDER, ROADS]),  # in the title, together; the newer one before
    ("低保怎么申请，名单有没有公示", [LOWEST, OLDER, ROADS]),
    ("農村低保", [LOWEST, OLDER]),
    ("道路", [ROADS]),
    ("ＷＩＦＩ密码", [LOWEST]),
    ("𠮷田", [LOWEST]),
    ("i密", [LOWEST]),
    ("48户", [LOWEST]),
    ("路", [ROADS]),
    ("石", [ROADS]),
)


def test_the_best_come_first(three):
    for typed, first in QUESTIONS:
        assert subjects(typed) == first, typed


NUMBERS = (
    ("青民发〔2026〕12号", LOWEST),
    ("青民发(2026)12号", LOWEST),
    ("青溪-JC-2026-8", ROADS),
    ("青溪－ＪＣ－2026－8", ROADS),
    (LOWEST, LOWEST),
    ("k7aaa-aaaa2", ROADS),
    ("〔2019〕12号", OLDER),
    ("2026年3号", ROADS),
)


def test_a_number_means_one_item(three):
    for typed, meant in NUMBERS:
        assert [hit.subject for hit in asking().numbered(typed)] == [meant], typed
    assert asking().numbered("2026年") == []


def test_counts_and_filters_agree(three):
    found = answered("低保")
    assert found.total == 3
    assert found.facets["year"] == {"2026": 2, "2019": 1}
    assert found.facets["kind"] == {"document": 2, "notice": 1}
    assert "organisation" not in found.facets  # there is but one
    for name, short in (("category", "c"), ("year", "y"), ("kind", "k")):
        for value, count in found.facets[name].items():
            assert answered("低保", **{short: value}).total == count
    assert "box" not in found.facets
    narrowed = answered("低保", c="决策决议")
    assert narrowed.total == sum(narrowed.facets["box"].values()) == 2


def test_of_very_many_those_with_the_words_in_their_title_are_the_best(three, monkeypatch):
    ways = [subjects(typed) for typed, _first in QUESTIONS]
    monkeypatch.setattr(module, "COMMON", 0)
    monkeypatch.setattr(module, "SHARE", 0)
    assert [subjects(typed) for typed, _first in QUESTIONS] == ways
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(module, "WEIGHED", 1)
    for typed, first in QUESTIONS:
        pages = [subjects(typed, p=str(page)) for page in range(1, len(first) + 1)]
        assert pages == [[each] for each in first], typed


def test_order_is_the_readers_choice(three):
    assert subjects("低保", sort="oldest") == [LOWEST, ROADS, OLDER]  # by their place in the log
    assert subjects("低保", sort="newest") == [OLDER, ROADS, LOWEST]
    assert subjects(y="2019") == [OLDER]


def test_when_nothing_is_found_there_is_a_way_on(three):
    assert answered("低宝").similar == ["低保"]
    assert answered("低保 ", c="财务公开", y="2011").unfiltered == 3
    loose = answered("道路 密码 水库")
    assert loose.loose
    assert {hit.subject for hit in loose.hits} == {LOWEST, ROADS}
    assert answered("从来没有写过").total == 0
    without = answered("低宝 名单")  # one word stands nowhere: asked without it
    assert without.loose
    assert [hit.subject for hit in without.hits] == subjects("名单")


def test_what_people_say_finds_what_offices_write(shelf):
    shelf.release(LOWEST, title="最低生活保障申请指南", body="<p>带户口簿。</p>")
    shelf.release(ROADS, title="救灾款物分配", body="<p>大米8吨。</p>")
    shelf.expose()
    follow()
    assert subjects("低保 户口簿") == [LOWEST]
    assert answered("低保").total == 1
    found = answered("救灾物资")  # no dictionary of ours knows the whole; its parts are found
    assert found.loose
    assert [hit.subject for hit in found.hits] == [ROADS]


def test_a_files_text_is_found_when_it_comes(shelf):
    file = shelf.attachment(b"scan", title="扫描件")
    shelf.release(LOWEST, attachments=[file])
    shelf.expose()
    follow()
    assert subjects("危房改造") == []
    stored = StoredFile.objects.create(
        digest=file["digest"],
        size=4,
        media_type="application/pdf",
        extension="pdf",
        text="农村危房改造补助花名册",
        readable=True,
        stored_at="2026-11-23T00:00:00Z",
    )
    for _again in range(2):
        assert jobs.reread([stored.digest, "0" * 64]) == 1
        follow()
        assert subjects("危房改造") == [LOWEST]


def test_what_the_worker_has_read_is_followed_once(shelf):
    file = shelf.attachment(b"scan", title="扫描件")
    shelf.release(LOWEST, attachments=[file])
    shelf.expose()
    follow()
    stored = StoredFile.objects.create(
        digest=file["digest"],
        size=4,
        media_type="application/pdf",
        extension="pdf",
        text="农村危房改造补助花名册",
        readable=True,
        stored_at=clock.now(),
    )
    Reading.objects.create(file=stored, state=ReadingState.READY, pages=1, finished_at=clock.now())
    files.number(clock.now())
    assert jobs.follow_readings(clock.now()) == 1
    assert subjects("危房改造") == [LOWEST]
    assert jobs.follow_readings(clock.now()) == 0


def test_every_part_of_a_text_is_found(shelf):
    chance = Random(11)
    texts = {}
    for number in range(120):
        title, body = corpus.title(chance), corpus.body(chance)
        texts[address(number)] = words.letters(title) + "\n" + words.letters(documents.plain(body))
        shelf.release(
            address(number),
            title=title,
            body=body,
            number=f"青溪-JC-2026-{number}",
            document_number="",
        )
    shelf.expose()
    follow()
    for _ in range(150):
        text = texts[chance.choice(list(texts))]
        begin = chance.randrange(len(text) - 8)
        typed = text[begin : begin + chance.randint(2, 7)].replace("\n", "")
        holding = {each for each, own in texts.items() if typed in own}
        found = answered(typed)
        assert found.total >= len(holding), typed
        pages = range(1, found.pages + 1)
        assert holding <= {each for page in pages for each in subjects(typed, p=str(page))}, typed
