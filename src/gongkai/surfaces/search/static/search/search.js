// Asks as somebody types: a moment after the last key the part of the page that changes is fetched
// and put in its place, and its count is said aloud. Without this file the form and the links do.
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
  box.addEventListener("compositionend", function () { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
})();
