// Letters that may mean Chinese: which characters and words they can be, the likeliest first. What the
// board itself says comes before what is common anywhere. Knows no page.
import { SYLLABLES, WORDS } from "./pinyin.js";

const LONGEST_SYLLABLE = 6;
const LONGEST = 48; // letters of a word
const SPELLINGS = 24; // of one word, where its characters have several readings
const BEGUN = 8; // words that are offered before they are written to their end
const A_WORD = 10;
const A_CHARACTER = 14; // dearer than half a word of two: the longest match is the cheapest

export class Pinyin {
  // `own` are the board's words and `often` its characters, the commonest first.
  constructor(own = [], often = "") {
    const rank = new Map([...often].map((character, n) => [character, n]));
    this.syllables = new Map();
    const readings = new Map();
    for (const [sound, held] of Object.entries(SYLLABLES)) {
      const mine = [...held].filter((each) => rank.has(each)).sort((a, b) => rank.get(a) - rank.get(b));
      const shelf = [...mine, ...[...held].filter((each) => !rank.has(each))];
      // 略 is written lve and lue: nothing else sounds like it.
      for (const spelt of sound.endsWith("ve") ? [sound, sound.replace("v", "u")] : [sound]) {
        this.syllables.set(spelt, shelf);
        for (const each of held) readings.set(each, [...(readings.get(each) ?? []), spelt]);
      }
    }
    this.words = new Map(); // what they are written with, and the words
    this.initials = new Map();
    this.order = new Map();
    for (const word of [...own, ...WORDS.split(" ")]) this.learn(word, readings);
    this.written = [...this.words.keys()].sort();
  }

  learn(word, readings) {
    if (this.order.has(word)) return;
    let spelt = [["", ""]];
    for (const each of word) {
      const sounds = readings.get(each);
      if (!sounds) return; // a sign without a reading: it cannot be typed
      spelt = spelt.flatMap(([whole, first]) => sounds.map((sound) => [whole + sound, first + sound[0]]));
      if (spelt.length > SPELLINGS) spelt.length = SPELLINGS;
    }
    this.order.set(word, this.order.size);
    for (const letters of new Set(spelt.map(([whole]) => whole))) put(this.words, letters, word);
    for (const letters of new Set(spelt.map(([, first]) => first))) put(this.initials, letters, word);
  }

  // What the letters may mean: texts, each with how many of the letters it uses up.
  offered(letters) {
    const found = new Map();
    const add = (texts, used) => {
      for (const text of texts) if (!found.has(text)) found.set(text, used);
    };
    const all = letters.length;
    add(this.words.get(letters) ?? [], all);
    add(this.whole(letters), all);
    add(this.syllables.get(letters) ?? [], all);
    add(this.begun(letters), all);
    if (!this.syllables.has(letters)) add((this.initials.get(letters) ?? []).slice(0, BEGUN), all);
    for (let n = all - 1; n > 0; n -= 1) add(this.words.get(letters.slice(0, n)) ?? [], n);
    for (let n = Math.min(LONGEST_SYLLABLE, all - 1); n > 0; n -= 1)
      add(this.syllables.get(letters.slice(0, n)) ?? [], n);
    if (all < LONGEST_SYLLABLE)
      for (const [sound, held] of this.syllables)
        if (sound.length > all && sound.startsWith(letters)) add(held.slice(0, 3), all);
    return [...found].map(([text, used]) => ({ text, used }));
  }

  // All the letters at once, in as few words as they can be cut into; nothing where they cannot be.
  whole(letters) {
    const best = [{ cost: 0, text: "" }];
    for (let end = 1; end <= letters.length; end += 1) {
      for (let begin = Math.max(0, end - LONGEST); begin < end; begin += 1) {
        const before = best[begin];
        const part = before && this.likeliest(letters.slice(begin, end));
        if (part && !(best[end]?.cost <= before.cost + part.cost))
          best[end] = { cost: before.cost + part.cost, text: before.text + part.text };
      }
    }
    return best[letters.length]?.text ? [best[letters.length].text] : [];
  }

  likeliest(letters) {
    const word = this.words.get(letters)?.[0];
    if (word) return { text: word, cost: A_WORD + this.order.get(word) / 1e5 };
    const character = this.syllables.get(letters)?.[0];
    return character && { text: character, cost: A_CHARACTER };
  }

  // The commonest words whose letters go on from these.
  begun(letters) {
    let low = 0;
    let high = this.written.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.written[middle] < letters) low = middle + 1;
      else high = middle;
    }
    const words = [];
    for (; this.written[low]?.startsWith(letters); low += 1) words.push(...this.words.get(this.written[low]));
    return words.sort((a, b) => this.order.get(a) - this.order.get(b)).slice(0, BEGUN);
  }
}

function put(shelf, key, word) {
  const held = shelf.get(key);
  if (held) held.push(word);
  else shelf.set(key, [word]);
}
