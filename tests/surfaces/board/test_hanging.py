"""An item's page says where it hangs, in either language, and only that page changes for it."""

from .office import Office, address, pages

A = address(1)


def posting(since="2026-11-17T01:00:00Z", until="", **more):
    wall = {"channel": "wall", "name": "公开栏", "name_en": "Notice board"}
    meeting = {"channel": "delegates-meeting", "name": "群众代表会", "name_en": "Delegates"}
    return {
        "format": "gongkai-posting/1",
        "edition": 1,
        "channels": [
            {**wall, "since": since, "until": until},
            {**meeting, "since": "2026-11-20T01:00:00Z", "until": ""},
        ],
    } | more


def test_the_page_alone_says_where_it_hangs(qingxi_board: Office):
    qingxi_board.release(A, channels=["website", "wall"])
    qingxi_board.go()
    before = pages(qingxi_board.home.board)
    assert "在哪里公开过" not in qingxi_board.page(f"i/{A}.html")
    qingxi_board.record("posting", A, {"public"}, posting())
    qingxi_board.record("posting", A, {"org:qingxi"}, posting(since="2026-11-12T01:00:00Z"))
    qingxi_board.go()
    shown = qingxi_board.page(f"i/{A}.html")
    days = ("在哪里公开过", "2026年11月16日起", "2026年11月17日起", "2026年11月20日宣读")
    assert [words for words in days if words not in shown] == []
    assert "11月12日" not in shown, "what members are told stays theirs"
    english = qingxi_board.page(f"en/i/{A}.html")
    assert ("Notice board" in english, "since 17 November 2026" in english) == (True, True)
    after = pages(qingxi_board.home.board)
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if "log" not in name} == {
        f"{root}i/{A}.html{twin}" for root in ("", "en/") for twin in ("", ".br", ".gz")
    }
    qingxi_board.record("posting", A, {"public"}, posting(until="2026-11-22T01:00:00Z"))
    qingxi_board.go()
    taken_down = "2026年11月17日到2026年11月22日，已取下"
    assert taken_down in qingxi_board.page(f"i/{A}.html")
