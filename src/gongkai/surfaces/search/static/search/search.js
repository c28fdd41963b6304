// Asks as somebody types: a moment after the last key the part of the page that changes is fetched
// and put in its place, and its count is said aloud; the arrows lead from the box to the hits and back.
// Without this file the form and the links do.
(function () {
  "use strict";
  var form = document.getElementById("ask"), box = document.getElementById("q");
  var found = document.getElementById("found"), told = document.getElementById("told");
  if (!form || !window.fetch || !window.AbortController || !window.URLSearchParams) return;
  var WAIT = 300, waiting = 0, asking = null, shown = box.value.trim();
  function address() { return form.getAttribute("action") + "?" + new URLSearchParams(new FormData(form)); }
  function ask() {
    var words = box.value.trim();
    if (words === shown || words.length === 1) return;
    if (asking) asking.abort();
    asking = new AbortController();
    var mine = asking, at = address();
    found.setAttribute("aria-busy", "true");
    fetch(at + "&part=1", { signal: mine.signal, credentials: "same-origin" }).then(function (response) {
      // The office is closed, or too many ask: its page is no part of ours, what is found stays.
      if (response.status >= 500 && response.headers.has("Retry-After")) throw new Error("closed");
      return response.text();
    }).then(function (html) {
      if (mine !== asking) return;
      shown = words;
      found.innerHTML = html;
      var first = found.querySelector("[data-count], h2, p");
      told.textContent = first ? first.textContent : "";
      history.replaceState(null, "", at);
    }).catch(function () { /* the button still asks, by a whole page */ }).then(function () {
      if (mine === asking) found.removeAttribute("aria-busy");
    });
  }
  box.addEventListener("input", function (event) {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(ask, WAIT);
  });
  document.addEventListener("keydown", function (event) {
    var way = { ArrowDown: 1, ArrowUp: -1 }[event.key], here = document.activeElement;
    var hits = Array.prototype.slice.call(found.querySelectorAll(".row__title a")), at = hits.indexOf(here);
    if (!way || event.isComposing || !hits.length || (here !== box && at < 0)) return;
    event.preventDefault();
    (hits[Math.min(at + way, hits.length - 1)] || box).focus();
  });
  box.addEventListener("compositionend", function () { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
})();
