// Findings that are given where there is no network. Only what a checker asks to keep is kept: what
// is to be looked at, which is public, and their finding until it is sent, its pictures too. Once nothing is kept, the
// worker and what it has go, too. Without this script findings are given with a network alone.
"use strict";

(() => {
  const part = document.getElementById("kept");
  if (!part || !("caches" in window) || !("serviceWorker" in navigator)) return;
  const HERE = part.dataset.here, CACHE = "tribune-checking", FIRST = "tribune-checking/";
  const pattern = document.getElementById("kept-one");
  const ones = document.getElementById("kept-ones");
  const said = document.getElementById("kept-said");
  const keeps = [...document.querySelectorAll("[data-keep]")];
  let sending = Promise.resolve();

  const names = () => Object.keys(localStorage).filter((each) => each.startsWith(FIRST));
  const get = (name) => JSON.parse(localStorage.getItem(name));
  const put = (one) => { localStorage.setItem(FIRST + one.checking, JSON.stringify(one)); show(); };
  const say = (text) => { said.textContent = text; };
  const page = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // Pictures lie in the cache, under addresses at which nothing else is.
  const picture = (one, number = "") => new URL(`${HERE}/kept/${one.checking}/${number}`, location).href;

  async function pictures(one) {
    const cache = await caches.open(CACHE);
    const found = (await cache.keys()).filter((each) => each.url.startsWith(picture(one)));
    return Promise.all(found.map(async (each) => (await cache.match(each)).blob()));
  }

  async function keepPictures(one, files) {
    const cache = await caches.open(CACHE);
    for (const each of await cache.keys()) if (each.url.startsWith(picture(one))) await cache.delete(each);
    for (const [number, file] of files.entries()) await cache.put(picture(one, number), new Response(file));
  }

  async function drop(one) {
    localStorage.removeItem(FIRST + one.checking);
    show();
    if (names().length) return one.pictures && keepPictures(one, []);
    await caches.delete(CACHE);
    await (await navigator.serviceWorker.getRegistration(HERE))?.unregister();
  }

  async function keep({ keep: checking, mark, restsOn, until, task, place, about }) {
    await navigator.serviceWorker.register(`${HERE}/worker.js`, { scope: HERE });
    await navigator.serviceWorker.ready;
    const answer = await fetch(`${HERE}/away`);
    if (!answer.ok) throw new Error(String(answer.status));
    const cache = await caches.open(CACHE);
    await cache.put(`${HERE}/away`, answer.clone());
    const needs = (await page(answer)).querySelectorAll("link[href], script[src]");
    await cache.addAll([...needs].map((each) => each.getAttribute("href") ?? each.getAttribute("src")));
    put({ checking, mark, rests_on: restsOn, until, task, about, fields: { place } });
  }

  async function token() {
    const answer = await fetch(HERE, { redirect: "manual" });
    const found = answer.ok && (await page(answer)).querySelector("[name=token]");
    if (!found) say(part.dataset.signsIn);
    return found && found.value;
  }

  async function send(one) {
    const word = await token();
    if (!word) return;
    const { checking, mark, rests_on } = one;
    const fields = { token: word, checking, mark, rests_on, ...one.fields, confirmed: one.confirmed ? "yes" : "" };
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    for (const each of one.pictures ? await pictures(one) : []) body.append("files", each, "picture");
    const answer = await fetch(`${HERE}/finding/kept`, { method: "POST", body });
    const isTold = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    if (!isTold) throw new Error(String(answer.status));
    const { told } = await answer.json();
    if (answer.status === 503) return put({ ...one, told });
    if (!answer.ok) return put({ ...one, told, moved: answer.status === 409, ready: false, confirmed: false });
    await drop(one);
    say(told);
  }

  function sendAll() {
    sending = sending.then(async () => {
      for (const one of names().map(get)) if (one.ready) await send(one);
    }).catch(() => {});  // there is no network: the next time it comes back
    return sending;
  }

  function shown(one, number) {
    const made = pattern.content.cloneNode(true).firstElementChild;
    const of = (name) => made.querySelector(`[data-of=${name}]`);
    const form = made.querySelector("form");
    for (const each of made.querySelectorAll("[id]")) each.id += `-${number}`;
    for (const each of made.querySelectorAll("label")) each.htmlFor += `-${number}`;
    for (const each of made.querySelectorAll("[aria-describedby]")) each.setAttribute("aria-describedby", `words-hint-${number}`);
    of("task").textContent = one.task;
    of("about").textContent = one.about;
    of("told").textContent = one.told ?? (one.ready ? part.dataset.waits : "");
    of("told").hidden = !of("told").textContent;
    of("confirm").hidden = !one.moved;
    form.hidden = Boolean(one.ready || one.moved);
    for (const [name, value] of Object.entries(one.fields)) form.elements[name].value = value;
    made.querySelector("[data-where]").parentElement.hidden = !("geolocation" in navigator);
    const files = form.querySelector("[type=file]"), kept = of("pictures");
    const count = () => { kept.hidden = !one.pictures; kept.querySelector("span").textContent = one.pictures; };
    count();
    files.addEventListener("change", () => {
      const chosen = [...files.files];
      one.pictures = chosen.length;
      localStorage.setItem(FIRST + one.checking, JSON.stringify(one));
      count();
      sending = sending.then(() => keepPictures(one, chosen)).catch(() => {
        say(part.dataset.fails);
        put({ ...one, pictures: 0, ready: false });
      });
    });
    form.addEventListener("input", () => {
      one.fields = Object.fromEntries(new FormData(form));
      localStorage.setItem(FIRST + one.checking, JSON.stringify(one));
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      put({ ...one, fields: Object.fromEntries(new FormData(form)), ready: true, told: undefined });
      sendAll();
    });
    of("confirm").querySelector("button").addEventListener("click", () => {
      put({ ...one, moved: false, told: undefined, ready: true, confirmed: true });
      sendAll();
    });
    made.querySelector("[data-drop]").addEventListener("click", () => drop(one));
    return made;
  }

  function show() {
    const found = names().sort().map(get);
    ones.replaceChildren(...found.map(shown));
    part.hidden = !found.length && !said.textContent;
    document.getElementById("kept-delete").hidden = !found.length;
    for (const each of keeps) each.parentElement.hidden = found.some((one) => one.checking === each.dataset.keep);
  }

  // What is not asked of them any more, and what nobody filled in within its time, goes.
  async function tidy() {
    const asked = keeps.map((each) => each.dataset.keep);
    const isOwn = document.querySelector("[data-own]");
    for (const one of names().map(get)) {
      if (one.ready || one.moved) continue;
      if (new Date(one.until) < new Date() || (isOwn && !asked.includes(one.checking))) await drop(one);
    }
  }

  for (const each of keeps) each.addEventListener("click", () => keep(each.dataset).catch(() => { say(part.dataset.fails); show(); }));
  document.getElementById("kept-delete").addEventListener("click", async () => {
    for (const one of names().map(get)) await drop(one);
  });
  addEventListener("online", sendAll);
  tidy().then(show).then(sendAll);
})();
