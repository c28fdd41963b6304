// Keeps the photo page, without any item on it, so that it opens where there is no network. It
// answers for that page alone; what was photographed is kept and sent by the page itself.
"use strict";
const KEPT = "photo-page-1", SHELL = "photo/";
const PAGE = /\/postings\/(?:[0-9]+\/)?photo\/$/;

async function keep() {
  const cache = await caches.open(KEPT), answer = await fetch(SHELL, {credentials: "same-origin"});
  if (!answer.ok || answer.redirected) throw new Error("not signed in");
  const text = await answer.clone().text();
  const needed = [...text.matchAll(/(?:href|src)="([^"#?]+\.(?:css|js|svg))"/g)];
  await cache.put(new URL(SHELL, self.registration.scope), answer);
  await cache.addAll([...new Set(needed.map((found) => found[1]))]);
}

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const request = event.request, path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && PAGE.test(path)) {
    event.respondWith(fetch(request).catch(async () => {
      const kept = await caches.match(new URL(SHELL, self.registration.scope));
      return kept || Response.error();
    }));
  } else if (request.destination === "style" || request.destination === "script") {
    event.respondWith(fetch(request).catch(async () => await caches.match(request) || Response.error()));
  }
});
