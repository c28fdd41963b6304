// A touch screen that people use: what is on it, to be looked through, looked up and spoken about.
// When nobody touches it for a while it goes back to its programme.
import * as kept from "./kept.js";
import { button, code, make, say } from "./drawing.js";
import { lay, turnTo } from "./player.js";

const IDLE = 90; // seconds
const WARN = 15;
const KEYS = ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM-"];
const WORDS = 12;
const ROWS = 60;

export class Kiosk {
  constructor(feed, player) {
    this.feed = feed;
    this.player = player;
    this.open = false;
    this.left = 0;
  }

  start() {
    document.addEventListener("pointerdown", () => this.touched(), { capture: true });
    setInterval(() => this.second(), 1000);
  }

  get here() {
    return this.feed.word?.layout === "kiosk";
  }

  touched() {
    if (!this.here) return;
    this.left = IDLE;
    if (this.open || this.feed.urgent()) return;
    this.open = true;
    this.player.paused = true;
    clearTimeout(this.player.timer);
    // The touch that wakes it presses nothing that was not there when the finger came down.
    setTimeout(() => this.home(), 0);
  }

  second() {
    if (!this.open) return;
    this.left -= 1;
    const warned = this.body?.querySelector(".kiosk__idle");
    if (warned) warned.textContent = this.left <= WARN ? say("idle", Math.max(0, this.left)) : "";
    // An item that was taken back is not read on, and an interruption waits for nobody.
    const gone = this.reading && !this.feed.items().some((each) => each.content === this.reading);
    if (this.left <= 0 || this.feed.urgent() || !this.here) this.close();
    else if (gone) this.home();
  }

  close() {
    this.open = false;
    this.reading = "";
    this.player.paused = false;
    this.player.showing = null;
    this.player.look();
  }

  show(...inside) {
    const main = this.player.main;
    delete main.dataset.plain;
    main.className = "screen__main screen__main--kiosk";
    this.body = make("div", "kiosk", ...inside, make("p", "kiosk__idle"));
    main.replaceChildren(this.body);
  }

  bar(...more) {
    return make(
      "nav",
      "kiosk__bar",
      button(say("home"), () => this.home()),
      button(say("find"), () => this.find("")),
      ...more,
    );
  }

  home() {
    this.reading = "";
    const items = this.feed.items();
    const categories = [...new Set(items.map((each) => each.category).filter(Boolean))];
    this.show(
      this.bar(),
      make(
        "div",
        "kiosk__grid",
        button(say("all"), () => this.list(say("all"), this.feed.items())),
        ...categories.map((name) =>
          button(name, () => this.list(name, this.feed.items().filter((each) => each.category === name))),
        ),
      ),
      this.rows(items.slice(0, 5)),
    );
  }

  list(title, items) {
    this.reading = "";
    this.show(this.bar(), make("h1", "kiosk__title", title), this.rows(items));
  }

  rows(items) {
    return make(
      "ul",
      "kiosk__list",
      ...items.slice(0, ROWS).map((each) => {
        const line = button("", () => this.item(each), "press--line");
        line.append(make("b", "", each.title), make("span", "", [each.number, each.period].filter(Boolean).join("　")));
        return make("li", "", line);
      }),
    );
  }

  async item(entry) {
    let content;
    try {
      content = await kept.content(`/screen/c/${entry.content}`);
    } catch {
      return this.home();
    }
    this.reading = entry.content;
    const main = this.player.main;
    let number = 0;
    const before = button(say("before"), () => turn(number - 1));
    const next = button(say("next"), () => turn(number + 1));
    const bar = this.bar(before, next, button(say("speak"), () => this.speak(entry, content)));
    const below = make("div", "kiosk__below", bar, make("p", "kiosk__idle"));
    const pages = lay(main, content, entry, false, this.feed.programme, below);
    this.body = main;
    const turn = (to) => {
      number = Math.max(0, Math.min(pages.length - 1, to));
      turnTo(main, pages, number);
      before.disabled = number === 0;
      next.disabled = number === pages.length - 1;
    };
    turn(0);
  }

  // There is no way to write Chinese here: letters and figures find numbers, words are offered.
  find(typed) {
    this.reading = "";
    const items = this.feed.items();
    const found = typed ? items.filter((each) => holds(each, typed)) : [];
    const put = (text) => this.find(text);
    this.show(
      this.bar(),
      make("p", "kiosk__how", say("findHow")),
      make("output", "kiosk__typed", typed || "　"),
      make(
        "div",
        "kiosk__words",
        ...offered(items).map((word) => button(word, () => put(word))),
      ),
      make(
        "div",
        "kiosk__keys",
        ...KEYS.map((row) =>
          make("div", "", ...[...row].map((key) => button(key, () => put(latin(typed) + key), "press--key"))),
        ),
        make(
          "div",
          "",
          button(say("erase"), () => put([...typed].slice(0, -1).join(""))),
          button(say("clear"), () => put("")),
        ),
      ),
      typed ? make("p", "kiosk__how", found.length ? say("found", found.length) : say("findNone")) : "",
      this.rows(found),
    );
  }

  speak(entry, content) {
    this.reading = entry.content;
    this.show(
      this.bar(button(say("back"), () => this.item(entry))),
      make("h1", "kiosk__title", entry.title),
      make("p", "kiosk__how", say("groundHow")),
      make(
        "div",
        "kiosk__grid",
        ...this.feed.programme.grounds.map((each) => button(each.label, () => this.send(entry, each))),
      ),
      make("section", "screen__qr", code(content.codes.say, content.codes.say.text), make("p", "", say("say"))),
    );
  }

  // The same two pages that a form without script goes through: what is shown is confirmed.
  async send(entry, ground) {
    const wait = make("p", "kiosk__how", say("sending"));
    this.show(this.bar(), wait);
    try {
      const form = { ground: ground.key, say: say("groundSay", ground.label), show: "no", name: "", tel: "", website: "" };
      const address = `/say/${entry.address}/problem/`;
      const page = await posted(address, form);
      const token = page.querySelector("input[name=token]")?.value;
      const receipt = token && (await posted(address, { token })).querySelector(".receipt")?.textContent;
      if (!receipt) throw new Error("no receipt");
      this.show(this.bar(), make("p", "kiosk__how", say("sent")), make("output", "kiosk__receipt", receipt.trim()));
    } catch {
      this.show(this.bar(), make("p", "kiosk__how", say("unsent")));
    }
  }
}

async function posted(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    credentials: "omit",
    signal: AbortSignal.timeout(20000),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

const plain = (text) => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
const latin = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : "");

export function holds(entry, typed) {
  const wanted = plain(typed);
  return Boolean(wanted) && [entry.title, entry.number, entry.document, entry.category].some((each) => plain(each).includes(wanted));
}

// Words that several titles have in common, as the browser parts them; the commonest first.
export function offered(items) {
  const parts = globalThis.Intl?.Segmenter ? new Intl.Segmenter("zh-CN", { granularity: "word" }) : null;
  if (!parts) return [];
  const counted = new Map();
  for (const { title } of items) {
    const own = new Set([...parts.segment(title)].filter((each) => each.isWordLike).map((each) => each.segment));
    for (const word of own) if (/^\p{Script=Han}{2,6}$/u.test(word)) counted.set(word, (counted.get(word) ?? 0) + 1);
  }
  const ranked = [...counted].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "zh-CN"));
  return ranked.slice(0, WORDS).map(([word]) => word);
}
