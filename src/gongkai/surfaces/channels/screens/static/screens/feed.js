// What the display is to show: asked for every five seconds, and believed until it is too old.
import * as clock from "./clock.js";
import * as kept from "./kept.js";

const EVERY = 5000;
const PATIENCE = 10000;

export class Feed {
  // `changed` is called when what is to be shown may be another, `gone` when the office no longer
  // knows the display.
  constructor(code, changed, gone) {
    this.code = code;
    this.changed = changed;
    this.gone = gone;
    this.tag = "";
    this.online = false;
    const old = kept.get("feed");
    this.word = old?.word ?? null;
    this.programme = old?.programme ?? null;
    this.heard = old?.heard ?? 0;
  }

  start() {
    this.round();
  }

  async round() {
    try {
      await this.ask();
    } catch {
      this.online = false;
    }
    this.changed();
    setTimeout(() => this.round(), EVERY);
  }

  async ask() {
    const asked = performance.now();
    const answer = await fetch(`/screen/${this.code}.json`, {
      cache: "no-store",
      headers: this.tag ? { "If-None-Match": this.tag } : {},
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 404) {
      clock.hear(answer, asked);
      this.online = false;
      await this.gone();
      return;
    }
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      const word = await answer.json();
      if (word.format !== "gongkai-screen/1") throw new Error("not a display's file");
      const programme = await kept.content(`/screen/c/${word.programme}`);
      clock.hear(answer, asked);
      this.take(word, programme);
      this.tag = answer.headers.get("ETag") ?? "";
    } else {
      clock.hear(answer, asked);
    }
    this.online = true;
    const before = this.heard;
    this.heard = clock.now();
    // Once a minute is often enough: what is kept is believed for hours.
    if (answer.status !== 304 || this.heard - (this.noted ?? 0) > 60000 || !before) this.note();
  }

  take(word, programme) {
    this.word = word;
    this.programme = programme;
    this.fetched = null;
    this.fetchAll(word, programme);
  }

  note() {
    this.noted = this.heard;
    kept.put("feed", { word: this.word, programme: this.programme, heard: this.heard });
    clock.remember();
  }

  // Everything that a power cut must not take away; what nobody needs any more goes.
  async fetchAll(word, programme) {
    const wanted = [`/screen/c/${word.programme}`];
    if (word.words) {
      wanted.push(`/screen/c/${word.words}`);
      await kept.content(`/screen/c/${word.words}`).catch(() => null); // the common words are there
    }
    for (const each of [...programme.entries, ...(word.urgent ? [word.urgent] : [])]) {
      const address = `/screen/c/${each.content}`;
      wanted.push(address);
      try {
        const content = await kept.content(address);
        for (const name of pictures(content.blocks)) {
          wanted.push(`/screen/c/${name}`);
          await kept.picture(`/screen/c/${name}`);
        }
      } catch {
        // one that cannot be had keeps no other from being shown
      }
      if (this.word !== word) return; // another word came meanwhile
    }
    await kept.only(wanted);
    this.fetched = word;
    this.changed();
  }

  // What interrupts everything at this moment.
  urgent() {
    const told = this.word?.urgent;
    return told && Date.parse(told.until) > clock.now() && this.fresh(24 * 3600) ? told : null;
  }

  // Whether what was heard last may still be shown, so many seconds after it.
  fresh(seconds) {
    return this.online || clock.now() < this.heard + seconds * 1000;
  }

  // The parts of the programme whose hours these are.
  parts() {
    if (!this.programme) return [];
    const { weekday, minute } = clock.civil(clock.now(), this.programme.zone);
    return this.programme.parts.filter(
      (each) => each.weekdays.includes(weekday) && each.begins <= minute && minute < each.ends,
    );
  }

  // The items to show at this moment, in their order, each once.
  items() {
    const found = new Map();
    for (const part of this.parts()) {
      if (!this.fresh(part.keep)) continue;
      for (const { address, until } of part.items)
        if (Date.parse(until) > clock.now() && !found.has(address)) found.set(address, this.entry(address));
    }
    return [...found.values()].filter(Boolean);
  }

  entry(address) {
    return this.programme.entries.find((each) => each.address === address);
  }

  ticker() {
    return [...new Set(this.parts().flatMap((each) => (this.fresh(each.keep) ? each.ticker : [])))];
  }

  // Whether there would be something to show, had the network not been away for so long.
  tooOld() {
    const parts = this.parts();
    return parts.length > 0 && !parts.some((each) => this.fresh(each.keep));
  }
}

export function* pictures(blocks) {
  for (const block of blocks) {
    if (block.t === "figure" && block.picture) yield block.picture;
    else if (block.t === "quote") yield* pictures(block.in);
    else if (block.t === "list") for (const point of block.items) yield* pictures(point);
  }
}
