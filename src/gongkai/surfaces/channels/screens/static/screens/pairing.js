// Shows a code until somebody enters it at the desk; then keeps the token that came for it.
import * as clock from "./clock.js";
import * as kept from "./kept.js";
import { code, make, say } from "./drawing.js";

const ASK = 3000;
const AGAIN = 15000;
const BUSY = 60000;

export function pair(into) {
  return new Promise((done) => round(into, done));
}

async function round(into, done) {
  let wait = AGAIN;
  try {
    const told = await post("/screen/ask", {});
    show(into, told.code, told.qr);
    const until = performance.now() + told.seconds * 1000 - ASK;
    while (performance.now() < until) {
      await pause(ASK);
      const word = await post("/screen/claim", { secret: told.secret }).catch(() => ({ state: "waiting" }));
      if (word.state === "paired") {
        kept.put("screen", word.screen);
        kept.put("token", word.token);
        kept.put("number", 0);
        done();
        return;
      }
      if (word.state === "gone") break;
    }
    wait = 0;
  } catch (wrong) {
    into.replaceChildren(plain(wrong.message === "429" ? "pairBusy" : "pairNone"));
    if (wrong.message === "429") wait = BUSY;
  }
  setTimeout(() => round(into, done), wait);
}

function show(into, letters, qr) {
  const shown = `${letters.slice(0, 3)} ${letters.slice(3)}`;
  into.replaceChildren(
    make(
      "main",
      "pair",
      make("h1", "", say("pairTitle")),
      make("p", "", say("pairDo")),
      make("p", "pair__code", shown),
      code(qr, letters),
      make("p", "pair__note", say("pairWait")),
      kept.holds() ? "" : make("p", "pair__note pair__note--warn", say("pairPlain")),
    ),
  );
}

const plain = (name) => make("main", "pair", make("h1", "", say("pairTitle")), make("p", "", say(name)));

async function post(address, value) {
  const asked = performance.now();
  const answer = await fetch(address, {
    method: "POST",
    cache: "no-store",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
    signal: AbortSignal.timeout(20000),
  });
  clock.hear(answer, asked);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
