// While somebody reads what they wrote, a worker does the page's work; whoever is quicker waits for it
// a moment. Without this file, or when the work fails, the form is sent as it is: more slowly where
// many send from one network, and nothing is lost.
(function () {
  "use strict";
  var form = document.getElementById("confirm"), told = document.getElementById("work");
  var bits = Number(form.dataset.bits), at = document.currentScript.dataset.worker, worker = null;
  var LONGEST = 15000, done = false, waits = false, sent = false, edits = false;
  var field = document.createElement("input");
  field.type = "hidden";
  field.name = "work";
  function finish(answer) {
    if (done) return;
    done = true;
    if (worker) worker.terminate();
    field.value = answer;
    if (!waits) return;
    if (!answer) told.textContent = told.dataset.late;
    sent = true;
    form.submit();
  }
  try {
    worker = new Worker(at);
    worker.onmessage = function (event) { finish(String(event.data)); };
    worker.onerror = function (event) { event.preventDefault(); finish(""); };
    worker.postMessage({ question: form.dataset.question, bits: bits });
  } catch (error) { finish(""); }
  form.appendChild(field);
  form.querySelector("[name=edit]").addEventListener("click", function () { edits = true; });
  form.addEventListener("submit", function (event) {
    if (edits) return;
    if (done && !sent) { sent = true; return; }
    event.preventDefault(); // it is on its way, or goes when the work is done
    if (sent || waits) return;
    waits = true;
    told.textContent = told.dataset.busy;
    setTimeout(function () { finish(""); }, LONGEST);
  });
  addEventListener("pageshow", function () { sent = edits = false; }); // somebody came back
})();
