// Sends files one by one with a bar for each, and looks again how far the reading is. Without it the
// form sends all of them together and the page is loaded again by hand: the same files come in.
(function () {
  "use strict";
  var AT_ONCE = 2, LOOK = 3000;

  function make(tag, words, className) {
    var made = document.createElement(tag);
    if (words) made.textContent = words;
    if (className) made.className = className;
    return made;
  }

  function Row(form, file, changed) {
    var row = this, words = form.dataset;
    row.file = file;
    row.state = "waiting";
    row.item = make("li");
    row.said = make("span", words.waiting, "note");
    row.bar = make("progress");
    row.bar.max = 100;
    row.bar.value = 0;
    row.bar.setAttribute("aria-label", file.name);
    row.button = make("button", words.cancel, "btn btn--quiet btn--small");
    row.button.type = "button";
    var name = make("div");
    name.append(make("b", file.name), make("br"), row.said);
    row.item.append(name, row.bar, row.button);
    row.button.addEventListener("click", function () {
      if (row.state === "waiting" || row.state === "sending") {
        if (row.sender) row.sender.abort(); else end(false, words.cancelled);
      } else {
        row.state = "waiting";
        row.sender = null;
        row.bar.value = 0;
        row.bar.hidden = false;
        row.said.textContent = words.waiting;
        row.button.textContent = words.cancel;
        changed();
      }
    });

    function end(taken, said, href) {
      row.state = taken ? "taken" : "refused";
      row.bar.hidden = true;
      row.said.textContent = said;
      row.item.classList.toggle("drop__bad", !taken);
      if (taken) {
        var way = make("a", words.open);
        way.href = href;
        row.button.replaceWith(way);
      } else row.button.textContent = words.retry;
      changed();
    }

    row.send = function () {
      row.state = "sending";
      if (file.size > Number(words.bytes)) return end(false, words.large);
      row.said.textContent = words.sending;
      var sender = row.sender = new XMLHttpRequest(), data = new FormData();
      form.querySelectorAll("input[type=hidden]").forEach(function (field) {
        data.append(field.name, field.value);
      });
      data.append("files", file, file.name);
      sender.open("POST", form.action || location.href);
      sender.setRequestHeader("Accept", "application/json");
      sender.upload.addEventListener("progress", function (event) {
        if (event.lengthComputable) row.bar.value = 100 * event.loaded / event.total;
      });
      sender.addEventListener("load", function () {
        var answer = null;
        try { answer = JSON.parse(sender.responseText); } catch (e) { /* a page: not what we asked */ }
        if (answer) end(answer.taken, answer.sentences.join(" "), answer.href);
        else end(false, words.lost);
      });
      sender.addEventListener("error", function () { end(false, words.lost); });
      sender.addEventListener("abort", function () { end(false, words.cancelled); });
      sender.send(data);
    };
  }

  function upload(form) {
    var field = form.querySelector("input[type=file]"), list = form.querySelector(".drop__list"),
      told = form.querySelector("[role=status]"), zone = form.querySelector(".drop__zone"), rows = [];

    function count(state) { return rows.filter(function (row) { return row.state === state; }).length; }

    function next() {
      rows.filter(function (row) { return row.state === "waiting"; })
        .slice(0, Math.max(0, AT_ONCE - count("sending")))
        .forEach(function (row) { row.send(); });
      if (rows.length && !count("waiting") && !count("sending")) {
        told.textContent = form.dataset.done.replace("{taken}", count("taken")).replace("{refused}", count("refused"));
        look();
      }
    }

    function add(files) {
      list.hidden = false;
      Array.prototype.forEach.call(files, function (file) {
        var row = new Row(form, file, next);
        rows.push(row);
        list.append(row.item);
      });
      next();
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (field.files.length) add(field.files); else field.focus();
      field.value = "";
    });
    ["dragenter", "dragover"].forEach(function (name) {
      zone.addEventListener(name, function (event) {
        event.preventDefault();
        zone.classList.add("drop__over");
      });
    });
    ["dragleave", "drop"].forEach(function (name) {
      zone.addEventListener(name, function () { zone.classList.remove("drop__over"); });
    });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      add(event.dataTransfer.files);
    });
  }

  // Looks at the same page and takes over the part that tells how far it is.
  function look() {
    var here = document.getElementById("in-hand") || document.getElementById("state");
    if (!here) return;
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) { return answer.text(); })
      .then(function (text) {
        var there = new DOMParser().parseFromString(text, "text/html").getElementById(here.id);
        if (!there) location.reload();  // it is read: the page has more to show
        else {
          if (there.innerHTML !== here.innerHTML && !here.contains(document.activeElement)) {
            here.replaceChildren.apply(here, Array.prototype.slice.call(there.childNodes));
          }
          if (there.hasAttribute("data-poll")) setTimeout(look, LOOK);
        }
      }).catch(function () { setTimeout(look, LOOK); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-upload]").forEach(upload);
    if (document.querySelector("[data-poll]")) setTimeout(look, LOOK);
  });
})();
