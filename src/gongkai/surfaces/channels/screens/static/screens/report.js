// What the display tells of itself, and how often it showed what: counted by the day, sent in
// numbered batches that count once however often they come, kept while there is no network.
import * as clock from "./clock.js";
import * as kept from "./kept.js";

const LINES = 200; // of a batch
const HELD = 600; // editions and days that are held while the network is away
const EVERY = 120;

// An edition was shown from beginning to end.
export function played(digest, zone, began, ended) {
  const { year, month, day } = clock.civil(began, zone);
  const key = `${year}-${month}-${day} ${digest}`;
  const plays = kept.get("plays") ?? {};
  if (!plays[key] && Object.keys(plays).length >= HELD) {
    kept.put("lost", (kept.get("lost") ?? 0) + 1);
    return;
  }
  const row = plays[key] ?? { digest, count: 0, seconds: 0, first: clock.stamp(began) };
  row.count += 1;
  row.seconds += Math.round((ended - began) / 1000);
  row.last = clock.stamp(ended);
  kept.put("plays", { ...plays, [key]: row });
}

export class Reports {
  constructor(program, playing, revoked) {
    this.program = program;
    this.playing = playing;
    this.revoked = revoked;
  }

  start() {
    this.round();
  }

  async round() {
    let every = EVERY;
    try {
      every = (await this.send()) ?? EVERY;
    } catch {
      // no network: what there is to tell stays
    }
    setTimeout(() => this.round(), every * 1000);
  }

  // Tells the office; says after how many seconds it wants to hear again.
  async send() {
    const batch = this.batch();
    const told = {
      version: this.program,
      storage: await kept.used(),
      full: kept.state.full,
      holds: kept.holds(),
      offset: clock.wrong(),
      playing: this.playing(),
      ...batch,
    };
    const asked = performance.now();
    const answer = await fetch("/screen/report", {
      method: "POST",
      cache: "no-store",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${kept.get("token")}` },
      body: JSON.stringify(told),
      signal: AbortSignal.timeout(20000),
    });
    clock.hear(answer, asked);
    if (answer.status === 401) {
      this.revoked();
      return EVERY;
    }
    // Refused as it stands, it would be refused for ever: the next one begins anew.
    if (answer.status === 400) kept.put("batch", null);
    if (!answer.ok) return EVERY;
    const word = await answer.json();
    if (word.token) kept.put("token", word.token);
    kept.put("batch", null);
    return word.every;
  }

  // The batch that is on its way, or the next one with what was counted since.
  batch() {
    const waiting = kept.get("batch");
    if (waiting) return waiting;
    const plays = kept.get("plays") ?? {};
    const keys = Object.keys(plays).slice(0, LINES);
    if (!keys.length) return { batch: 0, plays: [], lost: 0 };
    const number = (kept.get("number") ?? 0) + 1;
    const made = { batch: number, plays: keys.map((key) => plays[key]), lost: kept.get("lost") ?? 0 };
    kept.put("number", number);
    kept.put("batch", made);
    kept.put("plays", Object.fromEntries(Object.entries(plays).filter(([key]) => !keys.includes(key))));
    kept.put("lost", 0);
    return made;
  }
}
