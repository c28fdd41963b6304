// Under the words of whoever is still writing: what may have been answered already. After a pause the
// words go to this very site, in the body of a request, which no log holds. Without this file, or when
// there is no answer, the form is as it was.
(function () {
  "use strict";
  var box = document.getElementById("id_say"), place = document.getElementById("similar");
  var told = document.getElementById("similar-told");
  if (!box || !place || !window.fetch || !window.AbortController || !window.URLSearchParams) return;
  var WAIT = 900, FEWEST = 4, MOST = 500, waiting = 0, asking = null, asked = "";
  function shown(html) {
    if (html === place.innerHTML) return;
    place.innerHTML = html;
    place.hidden = !html;
    var head = place.querySelector("[data-count]");
    told.textContent = head ? head.textContent : "";
  }
  function ask() {
    var words = box.value.trim().slice(0, MOST);
    if (words === asked) return;
    asked = words;
    if (asking) asking.abort();
    if (words.length < FEWEST) return shown("");
    asking = new AbortController();
    var mine = asking;
    fetch(place.dataset.ask, {
      method: "POST", body: new URLSearchParams({ say: words }),
      credentials: "omit", signal: mine.signal
    }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      if (mine === asking) shown(html);
    }).catch(function () { /* the form is what matters */ });
  }
  function later() { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); }
  box.addEventListener("input", later);
  if (box.value) later();
})();
