// Keeps each photograph on the telephone before it is sent, and sends what is kept whenever there is
// a network: on opening, when it comes back, and every half minute. What was sent twice counts once,
// by its key. Without this program the form posts by itself.
(function () {
  "use strict";
  const AGAIN = 30000, STORE = "photos";
  const main = document.getElementById("main"), form = main.querySelector("form"), words = form.dataset;
  const input = form.querySelector("input[type=file]"), time = form.querySelector("[data-time]");
  const where = form.querySelector("[data-where]"), tick = where.querySelector("input");
  const section = main.querySelector("[data-queue]"), list = section.querySelector("ul");
  const found = location.pathname.match(/\/postings\/([0-9]+)\/photo\/$/);
  const told = new Map();
  let taken = 0, sending = false, opening = null;

  function store() {
    opening = opening || new Promise((done, wrong) => {
      const asked = indexedDB.open("gongkai-photos", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, {keyPath: "key"});
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => wrong(asked.error);
    });
    return opening;
  }

  async function within(mode, work) {
    const base = await store();
    return new Promise((done, wrong) => {
      const change = base.transaction(STORE, mode), asked = work(change.objectStore(STORE));
      change.oncomplete = () => done(asked.result);
      change.onerror = change.onabort = () => wrong(change.error);
    });
  }

  const every = () => within("readonly", (kept) => kept.getAll());
  const put = (photo) => within("readwrite", (kept) => kept.put(photo));
  const drop = (key) => within("readwrite", (kept) => kept.delete(key));

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  }

  async function show() {
    const rows = await every();
    list.replaceChildren(...rows.map(row), ...Array.from(told.values(), done));
    section.hidden = !list.children.length;
  }

  function row(photo) {
    const item = document.createElement("li"), say = document.createElement("span");
    item.append(`${photo.title} `, say);
    say.className = "note";
    say.textContent = photo.wrong ? words.refused + photo.wrong : photo.state || words.waiting;
    if (photo.wrong) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn--quiet btn--small";
      button.textContent = words.drop;
      button.addEventListener("click", () => drop(photo.key).then(show));
      item.append(button);
    }
    return item;
  }

  function done(title) {
    const item = document.createElement("li"), say = document.createElement("b");
    say.textContent = words.sent;
    item.append(`${title} `, say);
    return item;
  }

  // The page of the posting gives the token: that of another day, or of another sign-in, is void.
  async function send(photo) {
    const page = `${main.dataset.list}${photo.posting}/photo/`;
    const asked = await fetch(page, {credentials: "same-origin", cache: "no-store"});
    const fresh = new DOMParser().parseFromString(await asked.text(), "text/html");
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
    if (asked.redirected || !asked.ok || !token) {
      // A page that the worker kept, or the way in: neither is the posting's.
      return asked.redirected || asked.status === 403 ? {state: words.signin} : {state: words.waiting};
    }
    const sent = new FormData();
    sent.append("csrfmiddlewaretoken", token.value);
    sent.append("photo", photo.blob, photo.name);
    sent.append("key", photo.key);
    sent.append("ago", Math.max(0, Math.round((Date.now() - photo.at) / 1000)));
    sent.append("place", photo.place);
    const answer = await fetch(page, {
      method: "POST", body: sent, credentials: "same-origin", headers: {"X-Requested-With": "photo"},
    });
    if (answer.ok && !answer.redirected) return {sent: true};
    if (answer.status === 422) return {wrong: (await answer.json()).wrong.join(" ")};
    if (answer.status === 413) return {wrong: String(answer.status)};
    return {state: answer.redirected || answer.status === 403 ? words.signin : words.waiting};
  }

  async function sendAll() {
    if (sending) return;
    sending = true;
    try {
      for (const photo of await every()) {
        if (photo.wrong) continue;
        const outcome = await send(photo).catch(() => ({state: words.waiting}));
        if (outcome.sent) {
          await drop(photo.key);
          told.set(photo.key, photo.title);
        } else {
          await put(Object.assign(photo, outcome));
        }
        await show();
      }
    } finally {
      sending = false;
    }
  }

  async function place() {
    if (!tick.checked || !navigator.geolocation) return "";
    return new Promise((done) => navigator.geolocation.getCurrentPosition(
      (at) => done(`${at.coords.latitude.toFixed(5)}, ${at.coords.longitude.toFixed(5)}（±${Math.round(at.coords.accuracy)}米）`),
      () => done(""), {enableHighAccuracy: true, timeout: 10000}));
  }

  input.addEventListener("change", () => {
    taken = Date.now();
    const at = new Date(taken), two = (number) => String(number).padStart(2, "0");
    time.textContent = `${words.taken}${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${at.getHours()}:${two(at.getMinutes())}`;
  });

  form.addEventListener("submit", async (event) => {
    if (!found) return event.preventDefault();
    const file = input.files[0];
    if (!file) {
      time.textContent = words.none;
      return event.preventDefault();
    }
    event.preventDefault();
    const heading = main.querySelector(".photo__what").textContent;
    try {
      const somewhere = await place();
      // The bytes, not the file: a file of the camera may be gone when the page is opened again.
      const blob = new Blob([await file.arrayBuffer()], {type: file.type});
      await put({key: key(), posting: found[1], title: `#${found[1]}`, name: file.name, blob, at: taken || Date.now(), place: somewhere});
      form.reset();
      time.textContent = tick.checked && !somewhere ? words.nowhere : "";
    } catch (error) {
      time.textContent = words.full;
      return;
    }
    main.querySelector(".photo__what").textContent = heading;
    await show();
    await sendAll();
  });

  where.hidden = !navigator.geolocation;
  window.addEventListener("online", sendAll);
  setInterval(sendAll, AGAIN);
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(main.dataset.worker, {scope: main.dataset.list})
      .then(() => navigator.serviceWorker.ready)
      .then(() => { main.dataset.kept = "yes"; })
      .catch(() => { main.dataset.kept = "no"; });
  }
  show().then(sendAll).then(() => { main.dataset.ready = "yes"; });
})();
