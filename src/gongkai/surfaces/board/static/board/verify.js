// 核对: checks one item in the reader's own browser, line by line. What is given here (a file, a text,
// a number) is read by this script and sent to nobody; only public files of this board are fetched.
// The sentences stand in the page (<template id="sentences">), so both languages share this file.
(function () {
  "use strict";
  const prove = window.gongkai.prove, Fault = prove.Fault;
  const HEAD = /^(.*?)#?([1-9]\d{0,15})\.([\w-]{32})$/;
  const ADDRESS = /^[0-9A-HJKMNP-TV-Z]{10}$/, LARGEST = 512 * 1024 * 1024, LARGEST_TEXT = 8 * 1024 * 1024;
  const page = document.getElementById("check"), result = document.getElementById("result");
  const form = page.querySelector("form"), field = function (name) { return form.elements[name]; };
  const root = page.dataset.root, board = page.dataset.board;
  const sentences = new Map(Array.from(
    document.getElementById("sentences").content.querySelectorAll("[data-say]"),
    function (each) { return [each.dataset.say, each.textContent]; }
  ));
  let turn = 0; // only the newest question may answer

  /** The sentence `name` with its blanks filled in. */
  function say(name, values) {
    return sentences.get(name).replace(/\{(\w+)\}/g, function (whole, key) {
      return values && key in values ? String(values[key]) : whole;
    });
  }

  // -- what is told -------------------------------------------------------------------------------

  /** An answer that grows line by line: state, what it is about, what was checked, what is not proved. */
  class Answer {
    constructor() { this.about = []; this.lines = []; this.open = []; this.links = []; this.save = null; }
    ok(name, values) { this.lines.push(["ok", say(name, values)]); }
    bad(name, values) { this.lines.push(["bad", say(name, values)]); }
    unknown(name, values) { this.lines.push(["unknown", say(name, values)]); }
  }

  function element(tag, words, css) {
    const made = document.createElement(tag);
    if (words) made.textContent = words;
    if (css) made.className = css;
    return made;
  }
  function anchor(href, words) {
    const made = element("a", words);
    made.href = href;
    return made;
  }
  const BOXES = { match: "okbox", differs: "problem", old: "change change--start", gone: "change change--start",
    missing: "change change--start", cannot: "change change--start", several: "change change--start" };

  /** Show the answer in place of the one before, and have it read out and found by keyboard. */
  function show(state, answer) {
    const box = element("div", "", BOXES[state]);
    box.dataset.state = state;
    const head = element("h2", say(state));
    head.tabIndex = -1;
    box.append(head);
    answer.about.forEach(function (about) { box.append(about); });
    if (answer.lines.length) box.append(list(answer.lines.map(function (line) {
      const made = element("li");
      made.dataset.line = line[0];
      made.append(element("b", say("line-" + line[0])), element("span", line[1]));
      return made;
    }), "checks"));
    if (answer.links.length) {
      const links = element("p", "", "links");
      answer.links.forEach(function (link) { links.append(anchor(link[0], link[1])); });
      box.append(links);
    }
    if (answer.save) box.append(saver(answer.save));
    result.replaceChildren(box);
    if (answer.open.length) {
      result.append(element("h3", say("not-proved"), "panel__title"), list(answer.open.map(function (words) { return element("li", words); }), "facts"));
    }
    head.focus();
  }
  function list(items, css) {
    const made = element("ul", "", css);
    made.append.apply(made, items);
    return made;
  }
  /** A button that stores the proof bundle on the reader's own device. */
  function saver(bundle) {
    const made = element("p", "", "form__end"), link = anchor("", say("save"));
    link.className = "btn btn--quiet";
    link.href = URL.createObjectURL(new Blob([bundle.text], { type: "application/json" }));
    link.download = bundle.name;
    made.append(link, element("span", say("save-hint"), "note"));
    return made;
  }

  /** Words of the document itself, which stay Chinese on an English page. */
  function named() {
    const made = element("p");
    Array.from(arguments).filter(Boolean).forEach(function (words) { made.append(element("span", words), " "); });
    made.lang = "zh-CN";
    return made;
  }

  // -- one item -----------------------------------------------------------------------------------

  async function sealedOf(address, version) { return prove.get("/i/" + address + "/v" + version + ".json"); }
  async function factsOf(address, version) { return prove.json("/i/" + address + "/v" + version + ".log.json"); }
  function editionIn(bytes) { try { return JSON.parse(prove.text(bytes)); } catch (error) { return {}; } }

  /** How the item stands; a Fault when it is not here, or was withdrawn or erased. */
  async function standing(address) {
    const stand = await prove.json("/i/" + address + ".json");
    if (!stand) throw new Fault("no-address", { address: address });
    if (stand.state !== "open") throw new Fault("gone-" + stand.state, { address: address, number: stand.number || address });
    return stand;
  }

  /** Digest, entry, inclusion, signature of one version; each that holds adds its line. */
  async function proveAll(answer, stand, version, held) {
    const address = stand.address, bytes = held.sealed || await sealedOf(address, version);
    const facts = held.facts || await factsOf(address, version);
    if (!bytes || !facts) throw new Fault("no-version", { address: address, version: version });
    const edition = editionIn(bytes), digest = prove.hex(await prove.sha256(bytes));
    answer.about.push(named(edition.title), named(edition.organisation_name, stand.number));
    answer.links.push([root + "/i/" + address + (version === stand.current ? "" : "/v" + version), say("see-item")]);
    if (digest !== facts.digest) throw new Fault("bad-sealed");
    answer.ok("ok-sealed", { digest: digest });
    const vkey = prove.text(await prove.must("/log/vkey")).trim(), key = await prove.key(vkey);
    const checkpoint = await theCheckpoint(key);
    let hashes = await prove.inclusion(facts, checkpoint);
    answer.ok("ok-entry", { index: facts.index, time: when(facts.time) });
    answer.ok("ok-signed", { size: checkpoint.size, origin: checkpoint.origin });
    const known = await prove.witnesses(), early = known.length ? await cosigned(facts.index, checkpoint, key) : null;
    await witnessed(answer, early, known, vkey);
    // Under a key that was stolen a checkpoint proves nothing to who has the file alone.
    const saved = early && !early.bad ? early : checkpoint;
    if (early) {
      const joined = await prove.inclusion(facts, early, checkpoint);
      if (saved === early) hashes = joined;
    }
    const listed = await prove.keys();
    answer.save = {
      name: address + "-v" + version + ".proof.json",
      text: prove.bundle(Object.assign({
        facts: facts, page: stand.page, proof: prove.proofText(facts.index, hashes, saved.note),
        sealed: prove.text(bytes), vkey: vkey,
      }, listed ? { keys: listed } : {})),
    };
    return edition;
  }
  async function theCheckpoint(key) {
    return prove.openCheckpoint(prove.text(await prove.must("/log/checkpoint")), key);
  }
  /** The earliest cosigned checkpoint with this entry, signed by the log's present key or by an earlier one that
   *  today's log leads back to; null where there is none. */
  async function cosigned(index, checkpoint, key) {
    const note = await prove.earliest(index, checkpoint.size);
    if (!note) return null;
    let early;
    try {
      const by = await prove.signerOf(note, key);
      early = Object.assign(await prove.openCheckpoint(note, by), { bad: by.bad });
    } catch (error) {
      if (["bad-signer", "bad-stolen", "bad-range"].includes(error.say)) return null;
      throw error;
    }
    if (!prove.same(await prove.headAt(early.size, checkpoint), early.root)) throw new Fault("bad-history", { size: early.size });
    return early;
  }
  /** What the witnesses say of the checkpoint `early`, and what they cannot say. */
  async function witnessed(answer, early, known, vkey) {
    const found = early ? await prove.seen(early, known) : [];
    found.forEach(function (each) {
      answer.ok("ok-witness", { name: each.name, time: when(each.at * 1000), size: early.size });
    });
    if (found.length) answer.open.push(say("not-witness"));
    else answer.open.push(say(early && early.others ? "not-time-others" : "not-time", { count: early && early.others }));
    answer.open.push(say("not-true"), say("not-key", { vkey: vkey }), say("not-seal"));
  }
  /** The log's time in the reader's own time, with the time as it is written there. */
  function when(time) {
    const at = new Date(time);
    return isNaN(at) ? time : at.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "medium" });
  }
  function stands(answer, stand, version) {
    if (version === stand.current) { answer.ok("is-current"); return "match"; }
    answer.unknown("is-old");
    answer.links.unshift([root + "/i/" + stand.address, say("see-current")]);
    return "old";
  }

  /** A printed sheet: the head of the log that it remembers, and the item on it. */
  async function sheet(answer, it) {
    const checkpoint = await theCheckpoint(await prove.key(prove.text(await prove.must("/log/vkey")).trim()));
    if (it.size > checkpoint.size) throw new Fault("bad-paper-short", { size: it.size, now: checkpoint.size });
    const root = await prove.headAt(it.size, checkpoint), begins = prove.unbase64(it.root);
    if (!prove.same(root.subarray(0, begins.length), begins)) throw new Fault("bad-paper", { size: it.size });
    answer.ok("ok-paper", { size: it.size });
    if (!it.address) return "match";
    const stand = await standing(it.address);
    let version = it.version;
    for (const each of version ? [] : stand.versions) {
      const facts = await factsOf(it.address, each);
      if (facts && facts.index === it.size - 1) version = each;
    }
    if (!version) answer.unknown("not-on-paper");
    return item(answer, it.address, version);
  }

  async function item(answer, address, version, held) {
    const stand = await standing(address), meant = version || stand.current;
    await proveAll(answer, stand, meant, held || {});
    return stands(answer, stand, meant);
  }

  function one(answer, it) { return it.size ? sheet(answer, it) : item(answer, it.address, it.version); }

  // -- what somebody may hold ---------------------------------------------------------------------

  /** A number, an address, the URL of a page or what a sheet's code says: its address and, where named, the version. */
  async function meant(typed) {
    const plainly = prove.unblank(typed), printed = HEAD.exec(plainly);
    if (printed) return Object.assign(printed[1] ? await meant(printed[1]) : {}, { size: Number(printed[2]), root: printed[3].replace(/-/g, "+").replace(/_/g, "/") });
    const linked = /^[a-z]+:\/\/([^/]+)/i.exec(typed), inner = /\/i\/([0-9a-z]{10})(?:\/v(\d+))?/i.exec(typed);
    if (linked) {
      const hosts = [location.host, new URL(board).host];
      if (!hosts.includes(linked[1].toLowerCase())) throw new Fault("elsewhere", { host: linked[1] });
      if (!inner) throw new Fault("no-number", { number: typed });
      return { address: inner[1].toUpperCase(), version: Number(inner[2] || 0) };
    }
    const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
    if (ADDRESS.test(plain) && await prove.get("/i/" + plain + ".json")) return { address: plain, version: 0 };
    return { address: only(await prove.found(await prove.sha256(prove.utf8(prove.spelt(typed)))), "no-number", { number: typed }) };
  }
  /** The one address that was found; several are shown to choose from. */
  function only(found, missing, values) {
    if (!found.length) throw new Fault(missing, values);
    if (found.length > 1) throw new Fault("several", { count: found.length, found: found });
    return found[0];
  }

  async function aFile(answer, file) {
    if (file.size > LARGEST) throw new Fault("too-large");
    const bytes = new Uint8Array(await file.arrayBuffer());
    let source = null, value = null;
    if (bytes.length < LARGEST_TEXT && bytes[0] === 0x7b) {
      try { source = prove.text(bytes); value = JSON.parse(source); } catch (error) { /* no JSON: an attachment, perhaps */ }
    }
    if (value && value.format === prove.BUNDLE) return aBundle(answer, source);
    if (value && value.format === "gongkai-edition/1") return anEdition(answer, bytes, value);
    if (value && value.salt && value.subject && value.version) return item(answer, value.subject, value.version, { facts: value });
    const code = await qr(file);
    if (code) return one(answer, await meant(code));
    return anAttachment(answer, file, bytes);
  }

  async function aBundle(answer, source) {
    const read = prove.readBundle(source), vkey = prove.text(await prove.must("/log/vkey")).trim();
    answer.about.push(named(editionIn(prove.utf8(read.sealed)).title || read.facts.subject));
    const now = await prove.key(vkey), by = await prove.signerOf(prove.readProof(read.proof).note, now);
    const checkpoint = await prove.checkBundle(read, by);
    answer.ok("ok-sealed", { digest: read.facts.digest });
    answer.ok("ok-entry", { index: read.facts.index, time: when(read.facts.time) });
    answer.ok("ok-signed", { size: checkpoint.size, origin: checkpoint.origin });
    if (by !== now) answer.ok("ok-earlier", { vkey: by.vkey });
    await witnessed(answer, checkpoint, await prove.witnesses(), vkey);
    const stand = await standing(read.facts.subject);
    answer.links.push([root + "/i/" + stand.address, say("see-item")]);
    return stands(answer, stand, read.facts.version);
  }

  /** The version of which these are the sealed bytes; the present one when they are of none. */
  async function anEdition(answer, bytes, edition) {
    const stand = await standing(String(edition.address)), digest = prove.hex(await prove.sha256(bytes));
    let version = stand.current;
    for (const each of stand.versions.slice().reverse()) {
      const facts = await factsOf(stand.address, each);
      if (facts && facts.digest === digest) { version = each; break; }
    }
    await proveAll(answer, stand, version, { sealed: bytes });
    return stands(answer, stand, version);
  }

  async function anAttachment(answer, file, bytes) {
    const digest = await prove.sha256(bytes);
    const address = only(await prove.found(digest), "no-file", { name: file.name });
    const stand = await standing(address);
    for (const version of stand.versions.slice().reverse()) {
      const edition = editionIn(await sealedOf(address, version) || new Uint8Array());
      const attached = (edition.attachments || []).find(function (each) { return each.digest === prove.hex(digest); });
      if (!attached) continue;
      answer.ok("ok-file", { title: attached.title });
      await proveAll(answer, stand, version, {});
      return stands(answer, stand, version);
    }
    throw new Fault("no-file", { name: file.name });
  }

  /** A text by itself: whole, or without up to three lines above it (title, number, organisation). */
  async function aText(answer, text) {
    const lines = text.split("\n").filter(function (line) { return prove.unblank(line); });
    for (let cut = 0; cut < 4 && cut < lines.length; cut += 1) {
      const rest = prove.unblank(lines.slice(cut).join("")), found = await prove.found(await prove.sha256(prove.utf8(rest)));
      if (found.length) return theText(answer, { address: only(found) }, rest);
    }
    throw new Fault("no-text");
  }

  /** A text beside an item: equal to a version's body, part of it, or different from where. */
  async function theText(answer, it, text) {
    const stand = await standing(it.address), held = prove.unblank(text);
    const versions = it.version ? [it.version] : stand.versions.slice().reverse();
    let shown = null;
    for (const version of versions) {
      const edition = editionIn(await sealedOf(it.address, version) || new Uint8Array());
      const body = prove.words(String(edition.body || "")), title = prove.unblank(String(edition.title || ""));
      const mine = held.startsWith(title) && title ? held.slice(title.length) : held;
      if (mine && body.includes(mine)) { shown = { version: version, whole: mine === body }; break; }
      if (!shown) shown = { version: version, differs: difference(mine, body) };
    }
    await proveAll(answer, stand, shown.version, {});
    if (shown.differs) throw new Fault("bad-text", shown.differs);
    answer.ok(shown.whole ? "ok-text" : "ok-part");
    return stands(answer, stand, shown.version);
  }
  /** Where two texts part, with some words of each. */
  function difference(yours, sealed) {
    let at = 0;
    const a = Array.from(yours), b = Array.from(sealed);
    while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
    function around(text) { return text.slice(Math.max(0, at - 6), at + 10).join("") || "\u2026"; }
    return { at: at + 1, yours: around(a), sealed: around(b) };
  }

  /** What a QR code in a picture says; null when there is none or the browser cannot read any. */
  async function qr(file) {
    if (!window.BarcodeDetector || !file.type.startsWith("image/")) return null;
    try {
      const found = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(file));
      return found.length ? found[0].rawValue : null;
    } catch (error) { return null; }
  }

  // -- asking and answering -----------------------------------------------------------------------

  const DIFFERS = /^bad-/, MISSING = /^no-/, GONE = /^gone-/;

  /** Run one check; whatever comes of it is shown, and only if nothing newer was asked. */
  async function ask(check) {
    const mine = turn += 1, answer = new Answer();
    result.replaceChildren(element("p", say("working"), "note"));
    let state;
    try { state = await check(answer); } catch (error) { state = failed(answer, error); }
    if (mine === turn) show(state, answer);
  }
  function failed(answer, error) {
    if (!(error instanceof Fault)) { answer.unknown("broken", { error: error.message }); return "cannot"; }
    const values = error.values;
    if (GONE.test(error.say)) {
      answer.unknown(error.say, values);
      answer.links = [[root + "/i/" + values.address, say("see-gone")]];
      return "gone";
    }
    if (error.say === "several") {
      answer.unknown("several-found", values);
      values.found.slice(0, 20).forEach(function (address) { answer.links.push(["#" + address, address]); });
      return "several";
    }
    answer.save = null;
    if (DIFFERS.test(error.say)) { answer.bad(error.say, values); return "differs"; }
    answer.unknown(error.say, values);
    return MISSING.test(error.say) ? "missing" : "cannot";
  }

  async function given(answer) {
    const file = field("file").files[0], typed = field("number").value.trim(), text = field("text").value;
    if (file) return aFile(answer, file);
    if (typed && prove.unblank(text)) return theText(answer, await meant(typed), text);
    if (typed) return one(answer, await meant(typed));
    if (prove.unblank(text)) return aText(answer, text);
    throw new Fault("nothing");
  }

  /** `#ADDRESS` or `#ADDRESS/v2`, as an item's page links here. */
  function linked() {
    const named = /^#([0-9A-Za-z]{10})(?:\/v(\d+))?$/.exec(location.hash);
    if (!named) return;
    form.reset();
    field("number").value = named[1].toUpperCase();
    ask(function (answer) { return item(answer, named[1].toUpperCase(), Number(named[2] || 0)); });
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); ask(given); });
  form.addEventListener("reset", function () { turn += 1; result.replaceChildren(); });
  page.addEventListener("dragover", function (event) { event.preventDefault(); page.dataset.over = ""; });
  page.addEventListener("dragleave", function (event) { if (!page.contains(event.relatedTarget)) delete page.dataset.over; });
  page.addEventListener("drop", function (event) {
    event.preventDefault();
    delete page.dataset.over;
    if (event.dataTransfer.files.length) { field("file").files = event.dataTransfer.files; ask(given); }
  });
  addEventListener("hashchange", linked);
  if (window.BarcodeDetector) page.querySelectorAll("[data-qr]").forEach(function (each) { each.hidden = false; });
  document.getElementById("by-hand").hidden = true;
  page.hidden = false;
  linked();
})();
