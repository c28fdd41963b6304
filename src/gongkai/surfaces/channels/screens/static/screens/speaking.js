// Saying something of an item at a touch screen: by one touch, or in words. What is written lives in the
// page alone and goes with it; so does the code of the receipt.
import { button, code, make, say } from "./drawing.js";
import { Keyboard } from "./keyboard.js";

const MOST = 500; // characters: whoever has more to say takes a telephone
const PATIENCE = 20000;

export class Speaking {
  constructor(kiosk) {
    this.kiosk = kiosk;
  }

  back(entry) {
    return this.kiosk.bar(button(say("back"), () => this.kiosk.item(entry)));
  }

  choose(entry, content) {
    this.kiosk.leave();
    this.kiosk.reading = entry.content;
    const grounds = this.kiosk.feed.programme.grounds;
    this.kiosk.show(
      this.back(entry),
      make("h1", "kiosk__title", entry.title),
      make("p", "kiosk__how", say("groundHow")),
      make(
        "div",
        "kiosk__twin",
        make(
          "div",
          "kiosk__grid",
          ...grounds.map((each) => button(each.label, () => this.ground(entry, each))),
          button(say("write"), () => this.write(entry), "press--go"),
        ),
        make("section", "screen__qr", code(content.codes.say, content.codes.say.text), make("p", "", say("say"))),
      ),
    );
  }

  ground(entry, { key, label }) {
    this.send(entry, "problem/", { ground: key, say: say("groundSay", label) });
  }

  // In words. `text` is what was written before it could not be sent, `wrong` why.
  async write(entry, text = "", wrong = "") {
    const { kiosk } = this;
    const at = kiosk.leave();
    const engine = await kiosk.engine();
    if (kiosk.at !== at || !kiosk.open) return;
    kiosk.reading = entry.content;
    const go = button(say("look"), () => this.look(entry, board.query.trim()), "press--go");
    const board = new Keyboard(engine, () => (go.disabled = !board.query.trim()), { most: MOST, lines: true, text });
    kiosk.keyboard = board;
    board.paper.classList.add("kiosk__typed--long");
    kiosk.show(
      this.back(entry),
      make("h1", "kiosk__title", entry.title),
      wrong ? alarm(wrong) : "",
      make(
        "div",
        "kiosk__writing",
        make("div", "kiosk__written", make("p", "kiosk__how", say("writeHow")), board.paper, go),
        board.element,
      ),
    );
    board.tell();
  }

  // What was written, once more, before it goes.
  look(entry, text) {
    this.kiosk.leave();
    this.kiosk.reading = entry.content;
    this.kiosk.show(
      this.back(entry),
      make("h1", "kiosk__title", say("lookTitle")),
      make("blockquote", "kiosk__said", text),
      make("p", "kiosk__how", say("lookHow")),
      make(
        "div",
        "kiosk__bar",
        button(say("go"), () => this.send(entry, "", { say: text }, text), "press--go"),
        button(say("edit"), () => this.write(entry, text)),
      ),
    );
  }

  // The same two pages that a form without script goes through: what is shown is confirmed.
  async send(entry, page, told, written = "") {
    const { kiosk } = this;
    kiosk.leave();
    const at = kiosk.show(kiosk.bar(), make("p", "kiosk__how", say("sending")));
    let answer = null;
    let wrong = "";
    try {
      const form = { show: "no", name: "", tel: "", website: "", ...told };
      const address = `/say/${entry.address}/${page}`;
      const asked = await posted(address, form);
      const token = asked.querySelector("input[name=token]")?.value;
      answer = token ? await posted(address, { token }) : asked;
      wrong = answer.querySelector(".problem :is(li, div)")?.textContent.trim() ?? "";
    } catch {
      // no network, or no answer in time
    }
    if (kiosk.at !== at || !kiosk.open) return; // somebody else stands there by now
    const receipt = answer?.querySelector(".receipt")?.textContent.trim();
    if (receipt) return this.receipt(receipt, answer);
    if (written) return this.write(entry, written, wrong || say("unsent"));
    kiosk.show(kiosk.bar(), alarm(wrong || say("unsent")));
  }

  receipt(letters, answer) {
    const { kiosk } = this;
    const drawn = answer.querySelector("figure svg");
    drawn?.setAttribute("class", "qr");
    kiosk.show(
      make("h1", "kiosk__title", say("sentTitle")),
      make("p", "kiosk__how", say("sent")),
      make(
        "div",
        "kiosk__twin",
        make(
          "div",
          "kiosk__told",
          make("output", "kiosk__receipt", letters),
          button(say("sentDone"), () => kiosk.close(), "press--go"),
        ),
        drawn ? make("section", "screen__qr", document.importNode(drawn, true), make("p", "", say("sentScan"))) : "",
      ),
    );
    kiosk.secret = true;
  }
}

function alarm(words) {
  const told = make("p", "kiosk__wrong", words);
  told.setAttribute("role", "alert");
  return told;
}

// The page that answers a form; one that was refused says why.
async function posted(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok && ![422, 429].includes(answer.status)) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
