// Where there is no network, the page on which findings wait is shown in place of the checker's own.
// Nothing that was made for somebody is ever kept here: the page itself puts into the cache what it
// needs (checking.js), and that is the same for everybody.
"use strict";

const AWAY = new URL("away", self.location).href;

addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const kept = request.mode === "navigate" ? AWAY : request;
  event.respondWith(fetch(request).catch(async () => (await caches.match(kept)) ?? Response.error()));
});
