// Shows one item after the other, page by page; what is no longer to be shown disappears at once.
import * as clock from "./clock.js";
import * as kept from "./kept.js";
import { code, make, say } from "./drawing.js";
import { draw, paged } from "./paging.js";
import { played } from "./report.js";

export class Player {
  constructor(feed, body) {
    this.feed = feed;
    this.body = body;
    this.last = "";
    this.showing = null; // {entry, urgent, began, pages, page}
    this.paused = false;
    this.broken = new Set();
    this.frame();
  }

  get digest() {
    return this.showing?.entry.digest ?? "";
  }

  frame() {
    this.org = make("p", "screen__org");
    this.time = make("p", "screen__clock");
    this.main = make("main", "screen__main");
    this.ticker = make("p", "screen__ticker");
    this.fresh = make("p", "screen__fresh");
    this.foot = make("footer", "screen__foot", this.ticker, this.fresh);
    this.body.replaceChildren(make("header", "screen__head", this.org, this.time), this.main, this.foot);
    addEventListener("resize", () => this.again());
  }

  // Called with every round of the feed, and each second by itself.
  look() {
    this.around();
    if (this.paused) return;
    const urgent = this.feed.urgent();
    const now = this.showing;
    if (urgent && now?.entry.content !== urgent.content) this.show(urgent, true);
    else if (!urgent && now?.urgent) this.next();
    else if (now && !now.urgent && !this.stands(now.entry)) this.next();
    else if (!now) this.next();
  }

  // Whether the very content that is shown is still to be shown.
  stands(entry) {
    return this.feed.items().some((each) => each.content === entry.content);
  }

  next() {
    clearTimeout(this.timer);
    const items = this.feed.items().filter((each) => !this.broken.has(each.content));
    if (!items.length) return this.nothing();
    const at = items.findIndex((each) => each.address === this.last);
    const entry = items[(at + 1) % items.length];
    this.last = entry.address;
    this.show(entry, false);
  }

  again() {
    if (this.paused) return;
    const now = this.showing;
    if (now) this.show(now.entry, now.urgent);
  }

  async show(entry, urgent) {
    clearTimeout(this.timer);
    const showing = { entry, urgent, began: clock.now(), page: 0 };
    this.showing = showing;
    let content;
    try {
      content = await kept.content(`/screen/c/${entry.content}`);
      if (content.format !== "gongkai-screen-item/1") throw new Error("not an item");
    } catch {
      if (this.showing !== showing) return;
      this.showing = null; // another one is shown; this one is tried again with the next word
      this.broken.add(entry.content);
      this.timer = setTimeout(() => this.next(), 1000);
      return;
    }
    if (this.showing !== showing || this.paused) return;
    showing.began = clock.now();
    showing.pages = lay(this.main, content, entry, urgent, this.feed.programme);
    this.turn(showing);
  }

  turn(showing) {
    const { pages, page } = showing;
    turnTo(this.main, pages, page);
    this.timer = setTimeout(() => {
      if (this.showing !== showing) return;
      showing.page += 1;
      if (showing.page < pages.length) this.turn(showing);
      else this.ended(showing);
    }, pages[page].seconds * 1000);
  }

  ended(showing) {
    played(showing.entry.digest, this.feed.programme.zone, showing.began, clock.now());
    if (showing.urgent) this.show(showing.entry, true);
    else this.next();
  }

  // A new word of the feed: what could not be had is tried again.
  renewed() {
    this.broken.clear();
  }

  nothing() {
    this.showing = null;
    const name = !this.feed.programme
      ? "waiting"
      : this.feed.tooOld()
        ? "expired"
        : this.feed.parts().length
          ? "nothing"
          : "resting";
    if (this.main.dataset.plain !== name) {
      this.main.className = "screen__main screen__main--plain";
      this.main.replaceChildren(make("p", "screen__plain", say(name)));
      this.main.dataset.plain = name;
    }
  }

  // Name, clock, ticker, freshness: touched only where they say something else.
  around() {
    const told = this.feed.programme;
    const zone = told?.zone ?? "Asia/Shanghai";
    const civil = clock.civil(clock.now(), zone);
    const day = say("weekdays").split(" ")[(civil.weekday + 1) % 7];
    text(this.org, told?.organisation ?? "", told?.matter ?? "");
    text(this.time, civil.time, `${civil.year}年${civil.month}月${civil.day}日　${day}`);
    const heard = this.feed.heard ? clock.civil(this.feed.heard, zone) : null;
    const today = heard && heard.day === civil.day && heard.month === civil.month;
    const when = heard ? (today ? heard.time : `${heard.month}月${heard.day}日${heard.time}`) : "—";
    const minutes = Math.round(Math.abs(clock.wrong()) / 60000);
    plain(
      this.fresh,
      say(this.feed.online ? "online" : "offline", when) +
        (minutes >= 2 ? `；${say("clockWrong", minutes)}` : ""),
    );
    this.fresh.classList.toggle("screen__fresh--off", !this.feed.online);
    const layout = this.feed.word?.layout ?? "full";
    const lines = layout === "full" ? [] : this.feed.ticker();
    const notice = told?.notice ? [told.notice] : [];
    this.crawl([...notice, ...lines].join("　　　"));
    this.body.dataset.layout = layout;
  }

  crawl(line) {
    if (this.ticker.dataset.line === line) return; // it runs already
    this.ticker.dataset.line = line;
    const span = make("span", "", line);
    this.ticker.replaceChildren(span);
    // So fast that a letter passes in the time in which it is read.
    const pace = Math.max(20, Math.round([...line].length / 3.5));
    span.getAnimations?.().forEach((each) => each.cancel());
    if (line && !matchMedia("(prefers-reduced-motion: reduce)").matches)
      span.animate(
        [{ transform: `translateX(${this.ticker.clientWidth}px)` }, { transform: "translateX(-100%)" }],
        { duration: pace * 1000, iterations: Infinity },
      );
  }
}

// Lays an item out on the panel, with what stands below it, and cuts it into pages; draws none yet.
export function lay(main, content, entry, urgent, programme, below = "") {
  delete main.dataset.plain;
  const kind = urgent ? "urgent" : below ? "reading" : "";
  main.className = `screen__main${kind && ` screen__main--${kind}`}`;
  const box = make("div", "screen__text");
  const kicker = make(
    "p",
    "screen__kicker",
    urgent ? make("b", "screen__urgent", say("urgent")) : "",
    content.category ? make("b", "", content.category) : "",
    content.document || content.number,
    make("span", "", [content.opened, content.corrected ? say("corrected") : ""].filter(Boolean).join("　")),
  );
  const item = make(
    "article",
    "screen__item",
    kicker,
    make("h1", sized(content.title), ...between(content.words)),
    entry.period ? make("p", "screen__period", entry.period) : "",
    content.hastened ? make("p", "screen__note", content.hastened) : "",
    content.note ? make("p", "screen__note", content.note) : "",
    box,
    make("div", "screen__pages"),
  );
  main.replaceChildren(item, side(content, programme), below);
  const more = [
    ...(content.cut ? [say("cut")] : []),
    ...(content.attachments ? [say("attachments", content.attachments)] : []),
  ];
  const tail = more.map((line) => ({ t: "p", in: [{ t: "strong", in: [line] }] }));
  const pages = paged([...content.blocks, ...tail], box, () => item.classList.add("screen__item--on"));
  return pages.length ? pages : [{ pieces: [], seconds: 8 }]; // a title alone
}

export function turnTo(main, pages, number) {
  const box = main.querySelector(".screen__text");
  const bars = main.querySelector(".screen__pages");
  main.querySelector(".screen__item").classList.toggle("screen__item--on", number > 0);
  box.replaceChildren(...draw(pages[number]));
  bars.setAttribute("role", "img");
  bars.setAttribute("aria-label", say("page", number + 1, pages.length));
  const most = 40;
  bars.replaceChildren(
    ...(pages.length > 1 && pages.length <= most
      ? pages.map((_, n) => make("i", n === number ? "on" : ""))
      : [make("span", "", say("page", number + 1, pages.length))]),
  );
}

function side(content, programme) {
  const numbers = (programme?.telephones ?? []).slice(0, 3);
  return make(
    "aside",
    "screen__side",
    make("section", "screen__qr", code(content.codes.item, content.codes.item.text), make("p", "", say("scan"))),
    make("section", "screen__qr", code(content.codes.say, content.codes.say.text), make("p", "", say("say"))),
    ...numbers.map((each) =>
      make("section", "screen__call", make("h2", "", each.name), make("p", "screen__tel", each.number)),
    ),
  );
}

// A long title is set smaller, so that all of it is read.
const sized = (title) => (title.length > 90 ? "longest" : title.length > 40 ? "long" : "");

// A title that breaks between its words alone.
const between = (words) => words.flatMap((each, n) => (n ? [make("wbr"), each] : [each]));

function plain(into, told) {
  if (into.textContent !== told) into.textContent = told;
}

function text(into, first, second = "") {
  const told = `${first}\n${second}`;
  if (into.dataset.told === told) return;
  into.dataset.told = told;
  into.replaceChildren(make("b", "", first), ...(second ? [make("span", "", second)] : []));
}
