// The program of a display: pairs it, then shows what it is told to.
import { Feed } from "./feed.js";
import * as kept from "./kept.js";
import { Kiosk } from "./kiosk.js";
import { pair } from "./pairing.js";
import { Player } from "./player.js";
import { Reports } from "./report.js";

const program = document.body.dataset.program;

function begin() {
  const code = kept.get("screen");
  if (location.pathname !== `/screen/${code}`) history.replaceState(null, "", `/screen/${code}`);
  let seen = "";
  const reports = new Reports(program, () => player.digest, startAnew);
  const feed = new Feed(code, changed, () => reports.send());
  const player = new Player(feed, document.body);
  const kiosk = new Kiosk(feed, player);

  function changed() {
    const word = JSON.stringify(feed.word);
    if (word !== seen) player.renewed();
    seen = word;
    player.look();
    // A newer program is taken where it can be had, and never more than once for the same word.
    const newer = feed.online && feed.word && feed.word.program !== program && feed.word.program;
    if (newer && kept.get("reloaded") !== newer) {
      kept.put("reloaded", newer);
      location.reload();
    }
  }

  setInterval(() => player.look(), 1000);
  feed.start();
  reports.start();
  kiosk.start();
}

// The office no longer knows this display: nothing of what it held stays.
function startAnew() {
  kept.forget();
  location.replace("/screen/");
}

async function main() {
  try {
    await navigator.serviceWorker?.register("/screen/worker.js", { scope: "/screen/" });
  } catch {
    // without a secure connection it shows all the same, but does not start without a network
  }
  if (!kept.get("screen") || !kept.get("token")) await pair(document.body);
  begin();
}

main();
