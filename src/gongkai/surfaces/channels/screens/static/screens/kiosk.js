// A touch screen that people use: what is on it, to be looked through, looked up and spoken about.
// When nobody touches it for a while it goes back to its programme, and nothing of what somebody wrote
// or was told stays on it.
import * as kept from "./kept.js";
import { button, make, say } from "./drawing.js";
import { Keyboard } from "./keyboard.js";
import { lay, turnTo } from "./player.js";
import { Speaking } from "./speaking.js";
import { Pinyin } from "./typing.js";

const IDLE = 90; // seconds
const WARN = 15;
const WORDS = 12;
const ROWS = 60;

export class Kiosk {
  constructor(feed, player) {
    this.feed = feed;
    this.player = player;
    this.open = false;
    this.left = 0;
    this.at = 0; // the number of the page that is open: what comes late belongs to another one
    this.speaking = new Speaking(this);
  }

  start() {
    document.addEventListener("pointerdown", () => this.touched(), { capture: true });
    document.addEventListener("keydown", () => this.touched(), { capture: true });
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
    if (warned) {
      const left = Math.max(0, this.left);
      warned.textContent = this.secret ? say("idleSecret", left) : left <= WARN ? say("idle", left) : "";
    }
    // An item that was taken back is not read on, and an interruption waits for nobody.
    const gone = this.reading && !this.feed.items().some((each) => each.content === this.reading);
    if (this.left <= 0 || this.feed.urgent() || !this.here) this.close();
    else if (gone) this.home();
  }

  close() {
    this.open = false;
    this.leave();
    delete this.player.main.dataset.plain;
    this.body = null;
    this.player.main.replaceChildren(); // whatever the programme shows next, and however long it takes
    this.player.paused = false;
    this.player.showing = null;
    this.player.look();
  }

  // The page that was open is over, with all that was written on it. Says the number of the next.
  leave() {
    this.keyboard?.close();
    this.keyboard = null;
    this.reading = "";
    this.secret = false;
    this.at += 1;
    return this.at;
  }

  // Another page: its number, by which what comes later knows whether it is still open.
  show(...inside) {
    const main = this.player.main;
    delete main.dataset.plain;
    main.className = "screen__main screen__main--kiosk";
    this.body = make("div", "kiosk", ...inside, make("p", "kiosk__idle"));
    main.replaceChildren(this.body);
    return this.at;
  }

  // What letters mean on this board; made anew when its words are others.
  async engine() {
    const name = this.feed.word?.words ?? "";
    if (this.made?.name !== name) {
      let told = { words: [], often: "" };
      try {
        if (name) told = await kept.content(`/screen/c/${name}`);
      } catch {
        // without the board's own words the common ones are there all the same
      }
      this.made = { name, engine: new Pinyin(told.words, told.often) };
    }
    return this.made.engine;
  }

  bar(...more) {
    return make(
      "nav",
      "kiosk__bar",
      button(say("home"), () => this.home()),
      button(say("find"), () => this.find()),
      ...more,
    );
  }

  home() {
    this.leave();
    const items = this.feed.items();
    const categories = [...new Set(items.map((each) => each.category).filter(Boolean))];
    this.show(
      this.bar(),
      make("h1", "kiosk__title", say("homeTitle")),
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
    this.leave();
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
    const at = this.leave();
    let content;
    try {
      content = await kept.content(`/screen/c/${entry.content}`);
    } catch {
      content = null;
    }
    if (this.at !== at || !this.open) return;
    if (!content) return this.home();
    this.reading = entry.content;
    const main = this.player.main;
    let number = 0;
    const before = button(say("before"), () => turn(number - 1));
    const next = button(say("next"), () => turn(number + 1));
    const bar = this.bar(before, next, button(say("speak"), () => this.speaking.choose(entry, content)));
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

  // Words are written or chosen, and what holds them stands below at once.
  async find() {
    const at = this.leave();
    const engine = await this.engine();
    if (this.at !== at || !this.open) return;
    const results = make("div", "kiosk__results");
    const board = new Keyboard(engine, () => this.found(board, results));
    this.keyboard = board;
    const words = offered(this.feed.items());
    this.show(
      this.bar(),
      make(
        "div",
        "kiosk__writing",
        make(
          "div",
          "kiosk__written",
          make("h1", "kiosk__title", say("find")),
          make("p", "kiosk__how", say("findHow")),
          board.paper,
          make("div", "kiosk__words", ...words.map((word) => button(word, () => board.put(word)))),
        ),
        board.element,
        results,
      ),
    );
    board.tell();
  }

  found(board, results) {
    const found = board.query ? this.feed.items().filter((each) => holds(each, board.text, board.letters)) : [];
    // Nothing is missing yet while letters wait to become characters.
    const told = found.length ? say("found", found.length) : board.query && !board.letters ? say("findNone") : "";
    results.replaceChildren(told ? make("p", "kiosk__how", told) : "", this.rows(found));
    results.parentElement.classList.toggle("kiosk__writing--begun", Boolean(board.query));
  }
}

const plain = (text) => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");

// Whether an entry holds what was written. Letters that are no characters yet may be those of a number.
export function holds(entry, text, letters = "") {
  const told = [entry.title, entry.number, entry.document, entry.category].map(plain);
  const wanted = [plain(text + letters), plain(text)].filter(Boolean);
  return wanted.some((each, n) => (n === 0 || letters) && told.some((one) => one.includes(each)));
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
