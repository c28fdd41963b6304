// The log's formats: entries, checkpoints, tiles, proofs, proof bundles. Fetches what it needs from
// this board and nowhere else, and decides nothing by itself: every function either returns what is
// shown, or throws a Fault that says what does not fit. The same as foundation/translog and
// surfaces/board/bundle.py do in Python; docs/reference/log-format.md describes it for strangers.
(function () {
  "use strict";
  const own = window.gongkai.sums, subtle = window.crypto && window.crypto.subtle;
  const WIDTH = 256, HASH = 32, BUNDLE = "gongkai-proof/1";

  /** What does not fit or cannot be had: `say` names a sentence of the page, `values` fill it in. */
  class Fault extends Error {
    constructor(say, values) { super(say); this.say = say; this.values = values || {}; }
  }

  // -- bytes --------------------------------------------------------------------------------------

  function utf8(text) { return new TextEncoder().encode(text); }
  /** The text in `bytes`; throws when they are no UTF-8. */
  function text(bytes) { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); }
  function hex(bytes) {
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }
  function unhex(digits) {
    if (!/^(?:[0-9a-f]{2})*$/.test(digits)) throw new Fault("bad-salt");
    return Uint8Array.from(digits.match(/../g) || [], function (pair) { return parseInt(pair, 16); });
  }
  function base64(bytes) { return btoa(String.fromCharCode.apply(null, bytes)); }
  /** Throws on any spelling but the canonical one: a changed byte must not pass unnoticed. */
  function unbase64(letters) {
    const bytes = Uint8Array.from(atob(letters), function (c) { return c.charCodeAt(0); });
    if (base64(bytes) !== letters) throw new Error("not canonical");
    return bytes;
  }
  function joined() {
    const parts = Array.from(arguments);
    const whole = new Uint8Array(parts.reduce(function (n, part) { return n + part.length; }, 0));
    parts.reduce(function (at, part) { whole.set(part, at); return at + part.length; }, 0);
    return whole;
  }
  function same(a, b) { return hex(a) === hex(b); }

  async function sha256(bytes) {
    return subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : own.sha256(bytes);
  }
  /** By the browser where it knows Ed25519, else by sums.js. */
  async function signed(key, signature, message) {
    if (subtle) {
      try {
        const known = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
        return await subtle.verify({ name: "Ed25519" }, known, signature, message);
      } catch (error) { /* this browser does not know it */ }
    }
    return own.ed25519(key, signature, message);
  }

  /** Canonical JSON (RFC 8785): keys sorted, no blanks. */
  function canonical(value) {
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    return "{" + Object.keys(value).sort().map(function (key) {
      return JSON.stringify(key) + ":" + canonical(value[key]);
    }).join(",") + "}";
  }

  // -- what stands on this board ------------------------------------------------------------------

  /** The bytes at `path`, or null when nothing stands there. Nothing is taken from a cache. */
  async function get(path) {
    let answer;
    try { answer = await fetch(path, { cache: "no-store", credentials: "omit" }); } catch (error) {
      throw new Fault("unreachable", { path: path });
    }
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Fault("unreachable", { path: path });
    return new Uint8Array(await answer.arrayBuffer());
  }
  async function must(path) {
    const bytes = await get(path);
    if (!bytes) throw new Fault("unreachable", { path: path });
    return bytes;
  }
  async function json(path) {
    const bytes = await get(path);
    if (!bytes) return null;
    try { return JSON.parse(text(bytes)); } catch (error) { throw new Fault("bad-json", { path: path }); }
  }

  // -- finding, as in finding.py --------------------------------------------------------------------

  const BLANK = /[\s\x1c-\x1f\x85\u180e\u200b-\u200f\u2060\ufeff\u00ad]+/g;
  const DASH = /[\u2010-\u2015\u2212\u30fc\uff0d]/g;
  function unblank(words) { return words.replace(BLANK, ""); }
  function spelt(number) { return unblank(number.normalize("NFKC").toUpperCase()).replace(DASH, "-"); }
  /** The words of a sealed body without blanks. The document made here is never shown or run. */
  function words(body) { return unblank(new DOMParser().parseFromString(body, "text/html").body.textContent); }
  /** The addresses of the items found under a digest. */
  async function found(digest) {
    const key = hex(digest);
    return await json("/verify/find/" + key.slice(0, 2) + "/" + key.slice(2, 16) + ".json") || [];
  }

  // -- entries ------------------------------------------------------------------------------------

  /** The bytes that the log must hold for an opening with these facts. */
  async function entry(facts) {
    const covered = {
      audience: facts.audience.slice().sort(), digest: facts.digest, organisation: facts.organisation,
      subject: facts.subject, version: facts.version,
    };
    const commitment = hex(await sha256(joined(unhex(facts.salt), utf8(canonical(covered)))));
    return utf8(canonical({ commitment: commitment, kind: facts.kind, time: facts.time }));
  }
  function leaf(bytes) { return sha256(joined([0], bytes)); }
  function node(left, right) { return sha256(joined([1], left, right)); }

  // -- keys and checkpoints -----------------------------------------------------------------------

  /** The public key written as name+id+base64; kind 1 signs logs, kind 4 is a witness's. */
  async function key(vkey, kind) {
    const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
    try {
      const bytes = unbase64(parts[3]);
      const id = (await sha256(joined(utf8(parts[1] + "\n"), bytes))).subarray(0, 4);
      if (bytes.length !== 33 || bytes[0] !== (kind || 1) || hex(id) !== parts[2]) throw new Error("no key");
      return { name: parts[1], id: parts[2], bytes: bytes.subarray(1), vkey: vkey };
    } catch (error) { throw new Fault("bad-key"); }
  }

  /** Origin, size, root and how many others signed; not verified. */
  function readCheckpoint(note) {
    const cut = note.lastIndexOf("\n\n"), said = note.slice(0, cut + 1), lines = said.split("\n");
    try {
      if (cut < 0 || !note.endsWith("\n") || lines.length < 4 || !/^(?:0|[1-9]\d{0,15})$/.test(lines[1])) throw 0;
      const signatures = note.slice(cut + 2, -1).split("\n").map(function (line) {
        const parts = /^\u2014 ([^+\s]+) (\S+)$/.exec(line), bytes = unbase64(parts[2]);
        return { name: parts[1], id: hex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
      });
      const root = unbase64(lines[2]);
      if (root.length !== HASH) throw 0;
      return { origin: lines[0], size: Number(lines[1]), root: root, said: said, signatures: signatures, note: note };
    } catch (error) { throw new Fault("bad-note"); }
  }

  /** The checkpoint in `note`, once it is of this key's log and this key signed it. */
  async function openCheckpoint(note, by) {
    const read = readCheckpoint(note);
    if (read.origin !== by.name) throw new Fault("other-log", { origin: read.origin, own: by.name });
    const mine = read.signatures.filter(function (each) { return each.name === by.name && each.id === by.id; });
    if (!mine.length) throw new Fault("bad-signer", { origin: by.name });
    for (const each of mine) {
      if (!await signed(by.bytes, each.bytes, utf8(read.said))) throw new Fault("bad-signed");
    }
    read.others = read.signatures.filter(function (each) { return each.name !== by.name; }).length;
    return read;
  }

  // -- the tree (RFC 6962), in numbers that may be larger than 32 bits -----------------------------

  /** A reader of subtree roots of the tree of `size`, from the tiles. */
  function tiles(size) {
    const kept = new Map();
    async function tile(level, number, width) {
      const groups = String(number).padStart(Math.ceil(String(number).length / 3) * 3, "0").match(/.../g);
      const last = groups.pop();
      const full = "/log/tile/" + level + "/" + groups.map(function (g) { return "x" + g + "/"; }).join("") + last;
      const path = width < WIDTH ? full + ".p/" + width : full;
      let bytes = await get(path), wanted = width;
      if (!bytes && width < WIDTH) { bytes = await must(full); wanted = WIDTH; } // it has become full meanwhile
      if (!bytes) throw new Fault("unreachable", { path: path });
      if (bytes.length !== wanted * HASH) throw new Fault("bad-tiles", { path: path });
      return bytes;
    }
    return async function (height, index) {
      const level = Math.floor(height / 8), count = Math.pow(2, height % 8), first = index * count;
      const number = Math.floor(first / WIDTH), name = level + "/" + number;
      const width = Math.min(WIDTH, Math.floor(size / Math.pow(WIDTH, level)) - number * WIDTH);
      if (!kept.has(name)) kept.set(name, await tile(level, number, width));
      let hashes = [];
      for (let at = first % WIDTH; hashes.length < count; at += 1) {
        hashes.push(kept.get(name).subarray(at * HASH, (at + 1) * HASH));
      }
      while (hashes.length > 1) {
        const above = [];
        for (let at = 0; at < hashes.length; at += 2) above.push(await node(hashes[at], hashes[at + 1]));
        hashes = above;
      }
      return hashes[0];
    };
  }

  /** The root over leaves `low` to `high`, put together from complete subtrees, the smallest first. */
  async function range(low, high, reader) {
    let root = null;
    while (high > low) {
      let height = 0, step = 1;
      while ((high - low) % (2 * step) === 0) { step *= 2; height += 1; }
      high -= step;
      const left = await reader(height, high / step);
      root = root ? await node(left, root) : left;
    }
    return root;
  }

  /** The hashes that join leaf `index` to the root of `size` leaves, from the leaf upwards. */
  async function path(index, size, reader) {
    const hashes = [];
    let low = 0, high = size;
    while (high - low > 1) {
      let half = 1;
      while (half * 2 < high - low) half *= 2;
      const middle = low + half;
      if (index < middle) {
        hashes.unshift(await range(middle, high, reader));
        high = middle;
      } else {
        hashes.unshift(await range(low, middle, reader));
        low = middle;
      }
    }
    return hashes;
  }

  /** Whether `hashes` join the leaf hash at `index` to the root (RFC 9162, 2.1.3.2). */
  async function joins(hash, index, size, hashes, root) {
    if (!(index >= 0 && index < size)) return false;
    let at = index, last = size - 1;
    function up() { at = Math.floor(at / 2); last = Math.floor(last / 2); }
    for (const sibling of hashes) {
      if (last === 0) return false;
      if (at % 2 || at === last) {
        hash = await node(sibling, hash);
        while (at && at % 2 === 0) up();
      } else hash = await node(hash, sibling);
      up();
    }
    return last === 0 && same(hash, root);
  }

  /** The hashes that show the tree of `size` to begin with the tree of `old` (RFC 6962, 2.1.2). */
  async function common(old, size, reader) {
    const hashes = [];
    let low = 0, high = size;
    while (old < high) {
      let half = 1;
      while (half * 2 < high - low) half *= 2;
      const middle = low + half;
      if (old <= middle) {
        hashes.unshift(await range(middle, high, reader));
        high = middle;
      } else {
        hashes.unshift(await range(low, middle, reader));
        low = middle;
      }
    }
    if (low) hashes.unshift(await range(low, high, reader));
    return hashes;
  }
  /** Whether `hashes` show both roots at once (RFC 9162, 2.1.4.2), for 0 < old < size. */
  async function grows(old, size, oldRoot, root, hashes) {
    let at = old - 1, last = size - 1;
    function up() { at = Math.floor(at / 2); last = Math.floor(last / 2); }
    while (at % 2) up();
    const path = at ? hashes : [oldRoot].concat(hashes);
    if (!path.length) return false;
    let before = path[0], after = path[0];
    for (const sibling of path.slice(1)) {
      if (last === 0) return false;
      if (at % 2 || at === last) {
        before = await node(sibling, before);
        after = await node(sibling, after);
        while (at && at % 2 === 0) up();
      } else after = await node(after, sibling);
      up();
    }
    return last === 0 && same(before, oldRoot) && same(after, root);
  }

  /** The root of the first `old` entries, proved to be in the log of `checkpoint`; a Fault when the tiles are wrong. */
  async function headAt(old, checkpoint) {
    const reader = tiles(checkpoint.size), told = await range(0, old, reader);
    const sound = old === checkpoint.size ? same(told, checkpoint.root) :
      await grows(old, checkpoint.size, told, checkpoint.root, await common(old, checkpoint.size, reader));
    if (!sound) throw new Fault("bad-tiles");
    return told;
  }

  // -- witnesses ------------------------------------------------------------------------------------

  /** Who the witnesses are, each with its key; none where the board names none. */
  async function witnesses() {
    const told = await json("/log/witnesses.json");
    return Promise.all((told ? told.witnesses : []).map(async function (each) {
      return Object.assign({}, each, { key: await key(each.vkey, 4) });
    }));
  }
  /** When which of the witnesses signed a checkpoint that was read, the earliest first; a Fault when one of theirs is false. */
  async function seen(checkpoint, known) {
    const found = [];
    for (const each of checkpoint.signatures) {
      const by = known.find(function (one) { return one.key.name === each.name && one.key.id === each.id; });
      if (!by) continue;
      if (each.bytes.length !== 72) throw new Fault("bad-cosigned", { name: each.name });
      const view = new DataView(each.bytes.buffer, each.bytes.byteOffset);
      const at = view.getUint32(0) * Math.pow(2, 32) + view.getUint32(4);
      const said = utf8("cosignature/v1\ntime " + at + "\n" + checkpoint.said);
      if (!await signed(by.key.bytes, each.bytes.subarray(8), said)) throw new Fault("bad-cosigned", { name: each.name });
      found.push({ name: each.name, at: at });
    }
    return found.sort(function (a, b) { return a.at - b.at; });
  }
  /** The first cosigned checkpoint that covers entry `index` of a log of `size`; null where there is none. As cosigned.py. */
  async function earliest(index, size) {
    const first = Math.floor(index / WIDTH), last = Math.min(Math.floor((size - 1) / WIDTH), first + 16);
    for (let number = first; number <= last; number += 1) {
      const groups = String(number).padStart(Math.ceil(String(number).length / 3) * 3, "0").match(/.../g), end = groups.pop();
      const bytes = await get("/log/cosigned/" + groups.map(function (g) { return "x" + g + "/"; }).join("") + end);
      const parts = bytes && bytes.length ? text(bytes).replace(/\n$/, "").split("\n\n") : [];
      for (let at = 0; at + 1 < parts.length; at += 2) {
        const note = parts[at] + "\n\n" + parts[at + 1] + "\n";
        if (readCheckpoint(note).size > index) return note;
      }
    }
    const newest = await get("/log/cosigned/checkpoint");
    return newest && readCheckpoint(text(newest)).size > index ? text(newest) : null;
  }

  /** The path of the entry with these facts under `checkpoint`, from the tiles of the `whole` log; a Fault says
    whether facts or tiles are wrong. */
  async function inclusion(facts, checkpoint, whole) {
    const index = facts.index, reader = tiles((whole || checkpoint).size);
    if (!(Number.isSafeInteger(index) && index >= 0 && index < checkpoint.size)) throw new Fault("bad-entry", { index: index });
    const hashes = await path(index, checkpoint.size, reader), mine = await leaf(await entry(facts));
    if (await joins(mine, index, checkpoint.size, hashes, checkpoint.root)) return hashes;
    const theirs = await reader(0, index);
    const sound = await joins(theirs, index, checkpoint.size, hashes, checkpoint.root);
    throw new Fault(sound ? "bad-entry" : "bad-tiles", { index: index });
  }

  // -- earlier keys of the log ----------------------------------------------------------------------

  /** The list of the log's keys; null where there was never more than one. */
  function keys() { return json("/log/keys.json"); }

  /** The key of `note`: today's key `by`, or an earlier one of the list. Each change since must stand in
   *  today's log, which must begin as `note` says: so a checkpoint that a thief signed is found out. */
  async function signerOf(note, by) {
    const read = readCheckpoint(note), ids = read.signatures.map(function (each) { return each.id; });
    const listed = ids.includes(by.id) ? null : await keys();
    if (!listed) return by;
    for (let at = 0; at < listed.keys.length; at += 1) {
      const mine = listed.keys[at], each = await key(mine.vkey);
      if (each.name !== by.name || !ids.includes(each.id)) continue;
      if (read.size < mine.since || (mine.until !== null && read.size > mine.until)) throw new Fault(mine.bad ? "bad-stolen" : "bad-range");
      if (listed.keys[listed.keys.length - 1].vkey !== by.vkey) throw new Fault("bad-keys");
      const today = await openCheckpoint(text(await must("/log/checkpoint")), by);
      for (let next = at + 1; next < listed.keys.length; next += 1) await announced(listed.keys[next - 1], listed.keys[next], today);
      await begins(read, today);
      return Object.assign(each, { bad: mine.bad });
    }
    return by;
  }
  async function announced(before, after, today) {
    const link = after.link || {};
    let said = null;
    try { said = JSON.parse(link.body); } catch (error) { throw new Fault("bad-keys"); }
    const stolen = said.change === "compromised";
    if (hex(await sha256(utf8(link.body))) !== link.facts.digest || link.facts.kind !== "key" || said.old !== before.vkey ||
      said.new !== after.vkey || before.bad !== stolen || (stolen && before.until !== said.size)) throw new Fault("bad-keys");
    await inclusion(link.facts, today);
  }
  async function begins(old, today) {
    const reader = tiles(today.size);
    if (old.size > today.size || !same(await range(0, today.size, reader), today.root) ||
      !same(await range(0, old.size, reader), old.root)) throw new Fault("bad-begin");
  }

  // -- proof bundles --------------------------------------------------------------------------------

  /** The text of a C2SP tlog-proof. */
  function proofText(index, hashes, note) {
    return ["c2sp.org/tlog-proof@v1", "index " + index].concat(hashes.map(base64)).join("\n") + "\n\n" + note;
  }
  function readProof(proof) {
    const cut = proof.indexOf("\n\n"), lines = proof.slice(0, cut).split("\n");
    try {
      if (lines.shift() !== "c2sp.org/tlog-proof@v1") throw 0;
      if (lines[0].startsWith("extra ")) unbase64(lines.shift().slice(6));
      const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift())[1], hashes = lines.map(unbase64);
      if (hashes.length > 63 || hashes.some(function (each) { return each.length !== HASH; })) throw 0;
      return { index: Number(index), hashes: hashes, note: proof.slice(cut + 2) };
    } catch (error) { throw new Fault("bad-bundle"); }
  }
  function bundle(parts) { return canonical(Object.assign({ format: BUNDLE }, parts)); }
  /** The bundle in `source`; only in its one canonical spelling, with all its fields and no others. */
  function readBundle(source) {
    const types = { facts: "object", format: "string", page: "string", proof: "string", sealed: "string", vkey: "string" };
    const inner = { audience: "object", digest: "string", index: "number", kind: "string", organisation: "string",
      salt: "string", subject: "string", time: "string", version: "number" };
    function fits(value, wanted) {
      return value && canonical(Object.keys(value).sort()) === canonical(Object.keys(wanted).sort()) &&
        Object.keys(wanted).every(function (name) { return typeof value[name] === wanted[name]; });
    }
    let value = null;
    try { value = JSON.parse(source); } catch (error) { /* told below */ }
    if (value && "keys" in value) types.keys = "object";
    if (!fits(value, types) || value.format !== BUNDLE || !fits(value.facts, inner) ||
      !Array.isArray(value.facts.audience) || canonical(value) !== source) throw new Fault("bad-bundle");
    return value;
  }
  /** Checks a bundle by the key `by` alone, asking nobody; returns its checkpoint. */
  async function checkBundle(read, by) {
    if (hex(await sha256(utf8(read.sealed))) !== read.facts.digest) throw new Fault("bad-sealed");
    const proof = readProof(read.proof), checkpoint = await openCheckpoint(proof.note, by);
    const hash = await leaf(await entry(read.facts));
    if (proof.index !== read.facts.index || !await joins(hash, proof.index, checkpoint.size, proof.hashes, checkpoint.root)) {
      throw new Fault("bad-entry", { index: read.facts.index });
    }
    return checkpoint;
  }

  window.gongkai.prove = {
    Fault: Fault, BUNDLE: BUNDLE, utf8: utf8, text: text, hex: hex, sha256: sha256, canonical: canonical,
    get: get, must: must, json: json, unblank: unblank, spelt: spelt, words: words, found: found, key: key,
    openCheckpoint: openCheckpoint, inclusion: inclusion, proofText: proofText, bundle: bundle,
    readBundle: readBundle, readProof: readProof, checkBundle: checkBundle, keys: keys, signerOf: signerOf,
    readCheckpoint: readCheckpoint, headAt: headAt,
    witnesses: witnesses, seen: seen, earliest: earliest, unbase64: unbase64, same: same,
  };
})();
