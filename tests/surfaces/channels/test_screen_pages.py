"""What a display makes of a programme in a real browser: nothing is clipped, and touch leads on.

The site is a handful of files, as the keeper lays them down; no database is asked.
"""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import expect

from gongkai.surfaces.channels.paper import body
from gongkai.surfaces.channels.screens import content, shell

pytestmark = [pytest.mark.browser, pytest.mark.once]
CODE = "ABCDEFGH"
SOON = 20_000
WIDE = 60_000
LATER = "2099-01-01T00:00:00Z"
RECEIPT = '<p class="receipt">QX7F</p><figure><svg viewBox="0 0 9 9"></svg></figure>'
HOSTILE = (
    "<h2>一、𠮷家湾、㐂鹊沟</h2><p>"
    + "排查渠道63公里，发现需要维修的问题128处。\U0001f600" * 40
    + "</p>"
    "<p>" + "x" * 400 + "</p>"
    "<table><caption>设施表</caption><thead><tr>"
    + "".join(f"<th>第{n}列</th>" for n in range(14))
    + "</tr></thead><tbody>"
    + ("<tr>" + "<td>石桥村三号渠</td>" * 14 + "</tr>") * 12
    + f"<tr><td rowspan='3'>{'长' * 300}</td>{'<td>1,200.5</td>' * 13}</tr>"
    + "<tr><td>2</td></tr>" * 2
    + "</tbody></table><ol><li>先修。</li><li>再修。</li></ol>"
)


def item(address, title, blocks, digest):
    codes = {name: content.code(f"https://x.example/{name}") for name in ("item", "say")}
    return {
        "format": content.FORMAT,
        "address": address,
        "digest": digest * 32,
        "title": title,
        "words": [title],
        "category": "决策决议",
        "number": f"青溪-JC-2026-{address[-1]}",
        "document": "",
        "opened": "11月16日公开",
        "corrected": True,
        "note": "更正说明",
        "hastened": "",
        "blocks": blocks,
        "cut": True,
        "attachments": 2,
        "codes": codes,
    }


def site(page, layout, *contents, urgent=None):
    """Serve a page with what a display would fetch, without a server; says what is served."""
    entries = [
        {
            "address": each["address"],
            "digest": each["digest"],
            "content": f"{each['digest']}.json",
            "title": each["title"],
            "category": each["category"],
            "number": each["number"],
            "document": "",
            "period": "公示到12月3日，还有4个工作日",
        }
        for each in contents
    ]
    part = {
        "weekdays": [0, 1, 2, 3, 4, 5, 6],
        "begins": 0,
        "ends": 1440,
        "keep": 3600,
        "ticker": ["标语"],
        "items": [
            {"address": each["address"], "until": "2099-01-01T00:00:00Z"} for each in contents
        ],
    }
    programme = {
        "parts": [part],
        "entries": entries,
        "organisation": "中共青溪镇委员会",
        "matter": "党务公开",
        "zone": "Asia/Shanghai",
        "notice": "",
        "telephones": [{"name": "热线", "number": "0000-6600100", "hours": ""}],
        "grounds": [{"key": "error", "label": "内容有错"}],
    }
    word = {
        "format": "gongkai-screen/1",
        "layout": layout,
        "programme": "p.json",
        "program": shell.version(),
        "urgent": urgent,
        "words": "w.json",
    }
    words = json.dumps(shell.WORDS, ensure_ascii=False)
    shown = render_to_string("screens/screen.html", {"words": words, "program": shell.version()})
    served = {
        f"/screen/{CODE}.json": word,
        "/screen/c/p.json": programme,
        "/screen/c/w.json": {"words": ["青溪镇", "清洁庭院", "农田水利"], "often": "溪镇院洁"},
        "/screen/report": {"batch": 0, "every": 3600},
        **{f"/screen/c/{each['digest']}.json": each for each in contents},
    }

    def answer(route):
        path = urlsplit(route.request.url).path
        if path == f"/screen/{CODE}":
            return route.fulfill(body=shown, content_type="text/html")
        if path.startswith("/assets/"):
            return route.fulfill(path=str(shell_file(path)))
        if path in served:
            return route.fulfill(json=served[path])
        if path.endswith(".webp"):
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{WIDE}"/>'
            return route.fulfill(body=svg, content_type="image/svg+xml")
        if path.startswith("/say/"):
            token = "token" not in (route.request.post_data or "")
            told = '<input name="token" value="t">' if token else RECEIPT
            return route.fulfill(body=told, content_type="text/html")
        return route.fulfill(status=404)

    page.route("**/*", answer)
    kept = {"screen": CODE, "token": "t"}
    sets = "".join(
        f"localStorage.setItem('gongkai-screen.{name}', '{json.dumps(value)}');"
        for name, value in kept.items()
    )
    page.add_init_script(f"if (!localStorage.length) {{ {sets} }}")
    return served


def shell_file(path):
    found = finders.find(path.removeprefix("/assets/"))
    assert found, path
    return found


CLIPPED = """() => {
  const box = document.querySelector(".screen__text");
  const item = document.querySelector(".screen__item");
  return [box.scrollHeight > box.clientHeight + 1, box.scrollWidth > box.clientWidth + 1,
          item.scrollHeight > item.clientHeight + 1];
}"""


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920)])
def test_every_page_of_a_hostile_item_fits_the_panel(page, width, height):
    blocks = [content._clean(each) for each in content._split(body.nodes(HOSTILE))]
    blocks.append({"t": "figure", "file": "x", "picture": "x.webp", "alt": "图", "caption": ["图"]})
    page.set_viewport_size({"width": width, "height": height})
    site(page, "ticker", item("K700000001", "很长的标题，" * 20, blocks, "ab"))
    page.clock.install()
    page.goto(f"http://127.0.0.1:9/screen/{CODE}")
    bars = page.locator(".screen__pages")
    expect(page.locator("h1")).to_contain_text("很长的标题", timeout=SOON)
    expect(page.locator(".screen__text > *").first).to_be_visible(timeout=SOON)
    seen, label = [], ""
    while label not in seen:
        seen.append(label)
        label = bars.get_attribute("aria-label") or ""
        assert page.evaluate(CLIPPED) == [False, False, False], label
        before = label
        for _each in range(40):
            if label != before:
                break
            page.clock.run_for(4000)
            label = bars.get_attribute("aria-label") or ""
        assert len(seen) < 80
    whole = int(label.removesuffix("页").rpartition("共")[2])
    assert len(seen) - 1 == whole > 5


def pressed(page, keys):
    """Touch keys one after the other."""
    for key in keys:
        page.get_by_role("button", name=key, exact=True).click()


MEANT = """async (asked) => {
  const { Pinyin } = await import("/assets/screens/typing.js");
  const engine = new Pinyin(["青溪镇", "清洁庭院", "补贴"], "镇院溪");
  const pair = ({ text, used }) => [text, used];
  return asked.map((letters) => engine.offered(letters).slice(0, 9).map(pair));
}"""


def test_a_touch_leads_to_an_item_a_search_and_a_voice_and_idling_leaves_nothing(page):
    page.set_viewport_size({"width": 1080, "height": 1920})
    plain = [{"t": "p", "in": ["正文。"]}]
    site(
        page,
        "kiosk",
        item("K700000001", "农田水利设施维修补贴的决定", plain, "ab"),
        item("K700000002", "清洁庭院推荐对象的公示", plain * 60, "cd"),
    )
    page.clock.install()
    page.goto(f"http://127.0.0.1:9/screen/{CODE}")
    expect(page.locator("h1")).to_be_visible(timeout=SOON)

    own, known, both, short, begun, odd = page.evaluate(
        MEANT, ["qingxizhen", "butie", "nongcunbutie", "bt", "zhen", "vvv"]
    )
    assert own[0] == ["青溪镇", 10]
    assert known[0] == ["补贴", 5]
    assert both[0] == ["农村补贴", 12]
    assert ["农村", 7] in both
    assert short[0] == ["补贴", 2]
    assert begun[0] == ["镇", 4]  # the board's own character before commoner ones
    assert odd == []

    page.mouse.click(500, 900)
    page.clock.run_for(100)
    page.get_by_role("button", name="查找").click()
    typed, results = page.locator(".kiosk__typed"), page.locator(".kiosk__list li")
    pressed(page, "butiex")
    page.get_by_role("button", name="删一个").click()  # a letter, and no more
    page.get_by_role("button", name="补贴", exact=True).first.click()
    expect(typed).to_have_text("补贴", timeout=SOON)
    expect(results).to_have_count(1)
    pressed(page, ["清空", "英", *"JC", "数字", *"20262"])
    expect(typed).to_have_text("JC20262")
    expect(results).to_have_count(1)
    page.keyboard.press("Escape")
    pressed(page, ["中"])
    page.keyboard.type("qingjietingyuan ")  # a keyboard that is plugged in does the same
    expect(typed).to_have_text("清洁庭院")
    small = "[...document.querySelectorAll('button')].filter((b) => b.offsetHeight < 80).length"
    assert page.evaluate(small) == 0

    results.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("清洁庭院推荐对象的公示", timeout=SOON)
    assert page.evaluate(CLIPPED) == [False, False, False]
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".screen__pages")).to_have_attribute("aria-label", re.compile("^第2页"))
    pressed(page, ["有话要说", "自己写几句"])
    expect(page.get_by_role("button", name="写好了")).to_be_disabled(timeout=SOON)
    pressed(page, ["w", "o", "m", "e", "n", "我们", "。", "写好了"])
    expect(page.locator(".kiosk__said")).to_have_text("我们。", timeout=SOON)
    refused = '<div class="problem"><ul><li>今天收不下。</li></ul></div>'
    page.route("**/say/**", lambda r: r.fulfill(status=422, body=refused), times=1)
    pressed(page, ["送出"])
    expect(page.locator(".kiosk__wrong")).to_have_text("今天收不下。", timeout=SOON)
    expect(page.locator(".kiosk__typed")).to_have_text("我们。")  # nothing is lost
    pressed(page, ["写好了"])
    with page.expect_request("**/say/K700000002/") as told:
        pressed(page, ["送出"])
    assert "say=%E6%88%91%E4%BB%AC%E3%80%82" in (told.value.post_data or "")
    expect(page.locator(".kiosk__receipt")).to_have_text("QX7F", timeout=SOON)
    expect(page.locator(".kiosk .screen__qr svg")).to_be_visible()
    page.clock.run_for(95_000)
    expect(page.locator(".screen__side")).to_be_visible(timeout=SOON)
    held = "document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage])"
    assert {each for each in ("QX7F", "我们。") if each in page.evaluate(held)} == set()


def test_an_answer_that_comes_when_something_else_is_shown_is_shown_to_nobody(page):
    only = item("K700000001", "一件", [{"t": "p", "in": ["正文。"]}], "ab")
    served, waiting = site(page, "kiosk", only), []

    def slowly(route):
        if "token" in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.fulfill(body='<input name="token" value="t">', content_type="text/html")

    page.route("**/say/**", slowly)
    page.clock.install()
    page.goto(f"http://127.0.0.1:9/screen/{CODE}")
    expect(page.locator("h1")).to_be_visible(timeout=SOON)
    page.mouse.click(500, 500)
    page.clock.run_for(100)
    page.locator(".kiosk__list button").click()
    pressed(page, ["有话要说"])
    with page.expect_request(lambda told: "token=t" in (told.post_data or "")):
        pressed(page, ["内容有错"])
    (entry,) = served["/screen/c/p.json"]["entries"]
    served[f"/screen/{CODE}.json"] |= {"urgent": {**entry, "until": LATER}}
    page.clock.run_for(6_000)  # the display's next round
    expect(page.locator(".screen__urgent")).to_be_visible(timeout=SOON)
    with page.expect_event("requestfinished", lambda told: "/say/" in told.url):
        waiting.pop().fulfill(body=RECEIPT, content_type="text/html")
    assert "programme" in page.evaluate(f"fetch('/screen/{CODE}.json').then((told) => told.text())")
    expect(page.locator(".screen__urgent")).to_be_visible()
    assert page.locator(".kiosk__receipt").count() == 0


def test_what_is_broken_keeps_nothing_else_from_being_shown(page):
    """A content that is no JSON, and a browser that keeps nothing because its storage is full."""
    plain = [{"t": "p", "in": ["正文。"]}]
    broken = item("K700000001", "坏的", plain, "ab")
    site(page, "full", broken, item("K700000002", "好的", plain, "cd"))
    page.route(f"**/screen/c/{broken['digest']}.json", lambda route: route.fulfill(body="{"))
    page.goto(f"http://127.0.0.1:9/screen/{CODE}")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    expect(page.locator("h1")).to_have_text("好的", timeout=SOON)
    expect(page.locator(".screen__fresh")).to_contain_text("联机", timeout=SOON)
