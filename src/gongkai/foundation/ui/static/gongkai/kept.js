// Words that wait in this browser to be saved have an end: they go with the sign-out, with another
// person's sign-in, once they were sent, and after a week.
(function () {
  "use strict";
  var WEEK = 7 * 86400000, PREFIX = "gongkai-draft:";
  var script = document.currentScript, who = script.dataset.who, here = location.pathname;
  function each(judge) {
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.indexOf(PREFIX) !== 0) return;
        var kept = null;
        try { kept = JSON.parse(localStorage.getItem(key)); } catch (e) { /* not ours any more */ }
        if (!kept || judge(key.slice(PREFIX.length).split(":"), kept)) localStorage.removeItem(key);
      });
    } catch (e) { /* private window */ }
  }
  each(function (name, kept) {
    var writing = here.indexOf("/new/") > 0 || here.indexOf("/edit/") > 0;
    return Date.now() - kept.at > WEEK || (who && name[0] !== who) || (kept.sent && !writing);
  });
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-leave")) each(function () { return true; });
  });
})();
