// 朗读: reads the page's text with a voice of the reader's own device, sentence by sentence, and
// marks the paragraph, the heading or the row that is being read.
//
// The controls (macro `aloud`) stand hidden in the page and appear only when the device has a voice
// for every language of the text. Voices that work over the network are left alone: no page of the
// board asks anybody else for anything. Pausing stops the voice and remembers the sentence, since
// some browsers cannot pause; long texts are given in sentences, since some fall silent midway.
(function () {
  "use strict";
  const SILENT = "nav, form, script, svg, pre, .aside, .aloud, .doc__no, .doc__by > :nth-child(n + 3), .mark," +
    " .change del, [aria-hidden=true], [data-silent]";
  const BLOCKS = "article, blockquote, caption, dd, details, div, dl, dt, figcaption, figure, h1, h2, h3, h4," +
    " h5, h6, header, li, ol, p, section, summary, table, ul";
  const LONGEST = 200; // characters given to the voice at once

  // -- what there is to read -----------------------------------------------------------------------

  /** The passages under `root` in reading order: {element, text}. */
  function passages(root) {
    const found = [];
    function add(element, text) {
      if (/[\p{L}\p{N}]/u.test(text)) found.push({ element: element, text: tidy(text) });
    }
    function walk(element) {
      if (element.tagName === "TABLE") {
        rows(element).forEach(function (row) { add(row.element, row.text); });
        return;
      }
      const apart = /flex|grid/.test(getComputedStyle(element).display); // words side by side
      let loose = "";
      Array.from(element.childNodes).filter(heard).forEach(function (node) {
        const own = node.nodeType === Node.ELEMENT_NODE &&
          (apart || node.matches(BLOCKS) || node.querySelector(BLOCKS));
        if (!own) { loose += spoken(node); return; }
        add(element, loose);
        loose = "";
        walk(node);
      });
      add(element, loose);
    }
    walk(root);
    return found;
  }

  /** A table as one sentence a row; each cell after its column's head, where there is one. */
  function rows(table) {
    const said = table.caption && heard(table.caption) ? [{ element: table.caption, text: spoken(table.caption) }] : [];
    const heads = [], taken = []; // taken: for how many more rows a column is filled from above
    const chinese = /^zh/i.test(language(table)), last = table.rows[table.rows.length - 1];
    Array.from(table.rows).forEach(function (row) {
      const cells = Array.from(row.cells), words = [];
      const naming = row !== last && (row.parentElement.tagName === "THEAD" ||
        (row.rowIndex === 0 && cells.every(function (cell) { return cell.tagName === "TH"; })));
      let column = 0;
      cells.forEach(function (cell) {
        while (taken[column] > 0) column += 1;
        const text = tidy(spoken(cell)), head = cell.tagName === "TD" && cell.colSpan === 1 && heads[column];
        if (text && !naming) words.push(head ? head + (chinese ? "：" : ": ") + text : text);
        for (let n = cell.colSpan; n > 0; n -= 1, column += 1) {
          if (naming) heads[column] = tidy((heads[column] || "") + " " + text);
          taken[column] = cell.rowSpan;
        }
      });
      for (let n = 0; n < taken.length; n += 1) taken[n] -= 1;
      said.push({ element: row, text: words.join(chinese ? "，" : ", ") });
    });
    return said;
  }

  /** The words of a node without its silent parts; blocks inside do not run together. */
  function spoken(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const words = Array.from(node.childNodes).filter(heard).map(spoken).join("");
    return node.tagName === "BR" || node.matches(BLOCKS) ? " " + words + " " : words;
  }

  /** Whether a node has words or a break to read: what is not on the page has none. */
  function heard(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeType === Node.TEXT_NODE;
    return node.tagName === "BR" || (!node.matches(SILENT) && node.getClientRects().length > 0);
  }

  function tidy(text) { return text.replace(/\s+/g, " ").trim(); }
  function language(element) { return element.closest("[lang]").lang; }

  /** `text` in sentences, long ones cut at a comma. */
  function sentences(text) {
    return text.match(/.+?(?:[。！？；][”’」』）]*|[.!?;](?=\s)|$)/g).flatMap(function (sentence) {
      return sentence.length <= LONGEST ? [sentence] : sentence.match(PIECE);
    });
  }
  const PIECE = new RegExp(".{1," + LONGEST + "}(?:[，、：,:]|$)|.{1," + LONGEST + "}", "g");

  // -- voices --------------------------------------------------------------------------------------

  /** The device's own voice for a language: of the same country if there is one, else any. */
  function voice(lang) {
    const wanted = lang.toLowerCase(), base = wanted.split("-")[0];
    function tag(each) { return each.lang.replace(/_/g, "-").toLowerCase().replace(/^cmn/, "zh"); }
    const own = speechSynthesis.getVoices().filter(function (each) { return each.localService; });
    return own.find(function (each) { return tag(each).startsWith(wanted); }) ||
      own.find(function (each) { return tag(each).split("-")[0] === base; });
  }

  // -- controls ------------------------------------------------------------------------------------

  function begin() {
    const box = document.getElementById("aloud"), main = document.getElementById("main");
    const toggle = box.querySelector("[data-toggle]"), end = box.querySelector("[data-stop]");
    let queue = [], at = 0, state = "idle", utterance = null, marked = null;

    function show(now) {
      const leaving = document.activeElement === end;
      state = now;
      box.querySelectorAll("[data-when]").forEach(function (words) {
        words.hidden = !words.dataset.when.split(" ").includes(now);
      });
      if (leaving && end.hidden) toggle.focus();
    }
    function mark(element) {
      if (marked) marked.removeAttribute("data-reading");
      marked = element;
      if (!element) return;
      element.setAttribute("data-reading", "");
      const place = element.getBoundingClientRect();
      if (place.top < box.offsetHeight || place.bottom > innerHeight) element.scrollIntoView({ block: "center" });
    }
    function hush() {
      utterance = null; // what is cancelled still reports its end
      speechSynthesis.cancel();
    }
    function stop(why) {
      hush();
      mark(null);
      show(why);
    }
    function speak() {
      if (at === queue.length) { stop("idle"); return; }
      const part = queue[at], mine = new SpeechSynthesisUtterance(part.text);
      mine.lang = part.lang;
      mine.voice = voice(part.lang);
      mine.onend = function () { if (utterance === mine) { at += 1; speak(); } };
      mine.onerror = function () { if (utterance === mine) stop("failed"); };
      utterance = mine;
      if (part.element !== marked) mark(part.element);
      speechSynthesis.speak(mine);
    }
    function text() {
      return passages(main).flatMap(function (passage) {
        return sentences(passage.text).map(function (sentence) {
          return { element: passage.element, lang: language(passage.element), text: sentence.trim() };
        });
      });
    }
    function offer() {
      if (state === "idle") box.hidden = !text().every(function (part) { return voice(part.lang); });
    }

    toggle.addEventListener("click", function () {
      if (state === "reading") { hush(); show("paused"); return; }
      if (state !== "paused") { queue = text(); at = 0; }
      hush(); // another page may have left its voice speaking
      show("reading");
      speak();
    });
    end.addEventListener("click", function () { stop("idle"); });
    addEventListener("pagehide", function () { stop("idle"); });
    speechSynthesis.onvoiceschanged = offer; // some browsers know their voices later
    offer();
  }

  if ("speechSynthesis" in window) document.addEventListener("DOMContentLoaded", begin);
})();
