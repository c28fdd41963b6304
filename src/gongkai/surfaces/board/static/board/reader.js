// Reading an attachment: lays the words over the pictures so that they can be selected, and brings
// two views, zoom, a way to any page, search in the whole text, and the arrow keys. Places are set
// through the style objects, which the content policy allows; no style stands in the page.
(function () {
  "use strict";
  var reader = document.getElementById("reader");
  if (!reader) return;
  var root = document.documentElement, data = reader.dataset, WHOLE = 10000, FOUND = 100;
  var sheets = Array.from(reader.querySelectorAll(".sheet")), zoom = 0, LARGEST = 3;
  var placed = sheets.some(function (sheet) { return sheet.querySelector("[data-at]"); });

  function kept(name) { try { return sessionStorage.getItem("gongkai-" + name); } catch (e) { return null; } }
  function keep(name, value) { try { sessionStorage.setItem("gongkai-" + name, value); } catch (e) { /* this page only */ } }
  function one(selector) { return reader.querySelector(selector); }
  function address(page) {
    var part = Math.floor((page - 1) / data.together) + 1;
    var end = data.start.endsWith("/") ? part + "/" : "/" + part;
    return (part === 1 ? data.start : data.start + end) + "#p" + page;
  }

  // -- words over pictures ------------------------------------------------------------------------

  // First read all widths, then set all places: the page is laid out twice, not once for each line.
  function lay(sheet) {
    var box = sheet.querySelector(".sheet__page"), spans = Array.from(sheet.querySelectorAll("[data-at]"));
    if (!spans.length) return;
    var over = data.view === "page", width = box.clientWidth, high = box.querySelector("img").clientHeight;
    spans.forEach(function (span) {
      span.style.cssText = "";
      if (!over) return;
      span.at = span.at || span.dataset.at.split(" ").map(Number);
      span.style.left = span.at[0] / WHOLE * 100 + "%";
      span.style.top = span.at[1] / WHOLE * 100 + "%";
      span.style.fontSize = Math.max(1, span.at[3] / WHOLE * high) + "px";
    });
    if (!over) return;
    var wide = spans.map(function (span) { return span.offsetWidth || 1; });
    spans.forEach(function (span, n) {
      span.style.transform = "scaleX(" + span.at[2] / WHOLE * width / wide[n] + ")";
    });
  }

  var seen = new Set();
  var near = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) { seen.add(entry.target); lay(entry.target); } else seen.delete(entry.target);
    });
  }, { rootMargin: "100% 0px" });
  new ResizeObserver(function () { seen.forEach(lay); }).observe(reader);

  // -- views and zoom -----------------------------------------------------------------------------

  function view(name) {
    data.view = name;
    reader.querySelectorAll("button[data-view]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.view === name));
    });
    seen.forEach(lay);
  }
  function enlarge(by) {
    zoom = Math.max(0, Math.min(LARGEST, zoom + by));
    data.zoom = zoom;
    reader.querySelectorAll("button[data-zoom]").forEach(function (button) {
      var end = Number(button.dataset.zoom) < 0 ? zoom === 0 : zoom === LARGEST;
      button.setAttribute("aria-disabled", String(end));
    });
    sheets.forEach(function (sheet) {
      var pane = sheet.querySelector(".sheet__pane");
      if (!pane) return;
      var picture = pane.querySelector("img");
      if (!picture.usual) picture.usual = picture.sizes;
      picture.sizes = zoom ? "1600px" : picture.usual;
      if (zoom) {
        pane.tabIndex = 0; pane.setAttribute("role", "region");
        pane.setAttribute("aria-labelledby", sheet.querySelector("h2").id);
      } else { pane.removeAttribute("tabindex"); pane.removeAttribute("role"); pane.removeAttribute("aria-labelledby"); }
    });
    keep("zoom", zoom);
    seen.forEach(lay);
  }

  // -- from page to page --------------------------------------------------------------------------

  function here() {
    var middle = innerHeight / 2;
    var at = sheets.findIndex(function (sheet) { return sheet.getBoundingClientRect().bottom > middle; });
    return Number(data.first) + (at < 0 ? sheets.length - 1 : at);
  }
  function go(page) {
    page = Math.max(1, Math.min(Number(data.pages), page));
    var sheet = document.getElementById("p" + page);
    if (!sheet) { location.assign(address(page)); return; }
    history.replaceState(null, "", "#p" + page);
    sheet.scrollIntoView();
  }
  addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, [tabindex='0'], .aloud")) return;
    if (event.key === "ArrowRight") go(here() + 1);
    else if (event.key === "ArrowLeft") go(here() - 1);
    else return;
    event.preventDefault();
  });

  // -- search -------------------------------------------------------------------------------------

  // Words may run over the end of a line, so blanks count for nothing.
  // Full-width letters and digits are folded one by one: a match keeps its place in the text.
  function tight(words) {
    return words.toLowerCase().replace(/\s+/g, "").replace(/[\uff10-\uff19\uff41-\uff5a]/g, function (wide) {
      return String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
    });
  }
  var whole = null;
  function pages() {
    whole = whole || fetch(data.text, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) { return text.split("\f").map(tight); });
    whole.catch(function () { whole = null; });
    return whole;
  }
  function places(texts, words) {
    var found = [];
    for (var n = 0; n < texts.length && found.length <= FOUND; n++) {
      for (var at = texts[n].indexOf(words); at >= 0 && found.length <= FOUND; at = texts[n].indexOf(words, at + words.length)) {
        found.push({ page: n + 1, before: texts[n].slice(Math.max(0, at - 12), at), after: texts[n].slice(at + words.length, at + words.length + 20) });
      }
    }
    return found;
  }
  function line(place, words, pattern) {
    var item = document.createElement("li"), link = document.createElement("a");
    var name = document.createElement("span"), mark = document.createElement("mark"), text = document.createElement("span");
    name.textContent = pattern.replace("{n}", place.page);
    mark.textContent = words;
    text.append(place.before, mark, place.after);
    link.href = address(place.page);
    link.append(name, text);
    link.addEventListener("click", function () { keep("words", words); setTimeout(marked); });
    item.append(link);
    return item;
  }
  function find(words) {
    var box = one("[data-found]"), list = box.querySelector("ol"), said = box.querySelector("p");
    box.hidden = !words;
    list.replaceChildren();
    said.textContent = "";
    keep("words", words);
    marked();
    if (!words) return;
    pages().then(function (texts) {
      var found = places(texts, words), many = found.length > FOUND;
      found = found.slice(0, FOUND);
      said.textContent = found.length ? (many ? box.dataset.more : box.dataset.many).replace("{n}", found.length) : box.dataset.none;
      found.forEach(function (place) { list.append(line(place, words, box.dataset.page)); });
    }, function () { said.textContent = box.dataset.failed; });
  }
  // The lines of this part that hold the words, or where they begin or end.
  function marked() {
    var words = kept("words");
    reader.querySelectorAll(".sheet mark").forEach(function (mark) { mark.replaceWith(mark.textContent); });
    if (!words) return;
    sheets.forEach(function (sheet) {
      var spans = Array.from(sheet.querySelectorAll("[data-at]")), text = "", ends = [];
      spans.forEach(function (span) { text += tight(span.textContent); ends.push(text.length); });
      for (var at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
        spans.forEach(function (span, n) {
          if (ends[n] > at && (n ? ends[n - 1] : 0) < at + words.length) mark(span);
        });
      }
    });
  }
  function mark(span) {
    if (span.querySelector("mark")) return;
    var inner = document.createElement("mark");
    inner.textContent = span.textContent;
    span.replaceChildren(inner);
  }

  // -- beginning ----------------------------------------------------------------------------------

  reader.querySelectorAll("button[data-view]").forEach(function (button) {
    button.addEventListener("click", function () { view(button.dataset.view); keep("view", button.dataset.view); });
  });
  reader.querySelectorAll("button[data-zoom]").forEach(function (button) {
    button.addEventListener("click", function () { enlarge(Number(button.dataset.zoom)); });
  });
  one("[data-find]").addEventListener("submit", function (event) {
    event.preventDefault();
    find(tight(event.target.elements.words.value));
  });
  var form = one("[data-go]");
  if (form) form.addEventListener("submit", function (event) {
    event.preventDefault();
    go(Number(form.elements.page.value) || here());
  });
  if (!placed) one("button[data-view]").parentElement.hidden = true;
  if (!one(".sheet__pane")) one("[data-zooms]").hidden = true;
  reader.setAttribute("data-live", "");
  one("[data-tools]").hidden = false;
  sheets.forEach(function (sheet) { near.observe(sheet); });
  // Large type wants words that flow, where there are any.
  view(kept("view") || (placed && root.hasAttribute("data-text") ? "text" : "page"));
  zoom = Number(kept("zoom")) || 0;
  enlarge(0);
  marked();
})();
