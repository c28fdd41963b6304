// Saves a draft while it is written, tells whether it is saved, and keeps in the browser what could
// not be. Two people at one draft: the later one is told, and nothing is sent over the other's words.
const SOON = 2000, AT_LATEST = 15000, AGAIN = [5000, 15000, 30000, 60000];
const TEXTS = ["title", "document_number", "note"];

export function keep(form, { words, say, offer, changed, body, put }) {
  const key = `gongkai-draft:${words.who}:${words.key}`;
  let dirty = words.dirty === "1", sending = null, timer = 0, since = 0, failures = 0, stopped = false, leaving = false;

  const show = (text, bad) => { say.textContent = text; say.classList.toggle("late", Boolean(bad)); };
  const now = () => ({ body: body(), ...Object.fromEntries(TEXTS.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value])) });
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // -- the copy in this browser: there only while the office does not have the words ------------------

  function store() {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), edits: form.elements.edits.value, content: now() })); } catch { /* private window */ }
  }
  function forget() { try { localStorage.removeItem(key); } catch { /* private window */ } }
  function stored() { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }

  const left = stored();
  if (left && same(left.content, now())) forget();
  else if (left && !dirty) {
    offer.hidden = false;
    offer.querySelector("[data-at]").textContent = clock(new Date(left.at));
    offer.querySelector("[data-take]").onclick = () => {
      for (const name of TEXTS) if (form.elements[name] && name in left.content) form.elements[name].value = left.content[name];
      put(left.content.body);
      form.elements.edits.value = left.edits; // if somebody saved since, the office will say so
      offer.hidden = true;
      touched();
    };
    offer.querySelector("[data-drop]").onclick = () => { forget(); offer.hidden = true; };
  }
  if (dirty) store();

  // -- saving -----------------------------------------------------------------------------------------

  function touched() {
    dirty = true;
    if (!offer.hidden) offer.hidden = true;
    store();
    if (stopped) return;
    show(words.save ? words.pending : words.unsaved);
    since = since || Date.now();
    plan(Math.max(0, Math.min(SOON, since + AT_LATEST - Date.now())));
  }
  function plan(wait) {
    clearTimeout(timer);
    if (words.save && !stopped) timer = setTimeout(send, wait);
  }

  async function send() {
    clearTimeout(timer);
    if (sending) { await sending; if (!dirty) return true; }
    if (!words.save || stopped) return false;
    sending = post();
    const ok = await sending;
    sending = null;
    return ok;
  }

  async function post() {
    const data = new FormData(form), what = JSON.stringify(now());
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    show(words.saving);
    since = 0;
    let answer, told;
    try {
      answer = await fetch(words.save, { method: "POST", body: data, headers: { Accept: "application/json" } });
      told = await answer.json();
    } catch {
      failures += 1;
      plan(AGAIN[Math.min(failures, AGAIN.length) - 1]);
      show(answer && (answer.redirected || answer.status === 403) ? words.signedout : words.offline, true);
      return false;
    }
    failures = 0;
    if (answer.ok) {
      form.elements.edits.value = told.edits;
      dirty = what !== JSON.stringify(now());
      if (dirty) { store(); plan(SOON); } else forget();
      show(told.says);
      return true;
    }
    if (answer.status === 409) stopped = true; // what is here stays here until the person decides
    show(told.says, true);
    const link = say.parentElement.querySelector("[data-conflict]");
    if (link) link.hidden = answer.status !== 409;
    return answer.status === 409 || answer.status === 422 ? "told" : false;
  }

  changed(touched);
  form.addEventListener("input", (event) => { if (event.target.name) touched(); });
  form.addEventListener("change", (event) => { if (event.target.name && event.target.type !== "file") touched(); });
  addEventListener("online", () => { if (dirty) plan(0); });

  // -- leaving ----------------------------------------------------------------------------------------

  form.addEventListener("submit", async (event) => {
    if (leaving || stopped || !words.save || !dirty) { leaving = true; if (stopped || !words.save) sent(); return; }
    event.preventDefault();
    const button = event.submitter;
    let ok = await send();
    while (ok === true && dirty) ok = await send(); // what was written while the office answered
    if (!ok) return; // offline: the page stays, and so do the words
    leaving = true;
    form.requestSubmit(button || undefined);
  });
  // Where nothing may be saved, or not over another's words, the next page that is no place to write takes
  // the copy away (kept.js), even if it is reached before this program has come.
  function sent() { try { localStorage.setItem(key, JSON.stringify({ ...stored(), sent: true })); } catch { /* private window */ } }
  addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; } });
}

const clock = (at) => `${at.getMonth() + 1}/${at.getDate()} ${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
