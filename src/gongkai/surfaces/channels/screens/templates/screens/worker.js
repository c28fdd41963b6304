{% autoescape off %}// Keeps the page of displays and what they show, for when there is no network.
const PROGRAM = {{ program }};
const SHELL = `shell ${PROGRAM}`;
const CONTENT = "content";
const PAGE = "/screen/";
const ASSETS = {{ assets }};
const PATIENCE = 5000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((kept) => kept.addAll([PAGE, ...ASSETS]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name !== SHELL && name !== CONTENT).map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    event.respondWith(page(event.request));
  } else if (ASSETS.includes(asked.pathname) || asked.pathname.startsWith("/screen/c/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});

// A new page where the office answers in time, else the kept one.
async function page(request) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("late")));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status < 500) return answer;
  } catch {
    // no network: below
  }
  return (await caches.match(PAGE)) ?? Response.error();
}
{% endautoescape %}
