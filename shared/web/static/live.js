// Keeps the page as it is on the server: when the server tells of a change, the parts that follow
// it are fetched, and those that differ are replaced. Without this script the page is complete, too.
"use strict";

(() => {
  const box = document.querySelector("[data-live]");
  if (!box || !window.EventSource) return;
  const state = box.querySelector("[data-live-state]");
  const button = box.querySelector("[data-live-pause]");
  const says = box.dataset; // the words come from the page, in its language
  const RETRY_MS = 30000;
  let source = null;
  let paused = false;
  let fetching = false;
  let changedMeanwhile = false;
  let shownTag = null; // of the parts that are shown, all of them

  function show(text, kind) {
    if (state.textContent !== text) state.textContent = text;
    box.dataset.kind = kind;
  }

  // Figures that stand still are not live, however well the page is connected.
  function connected() {
    if (document.querySelector("[data-still]")) show(says.saysWaiting, "off");
    else show(says.saysLive, "on");
  }

  // Text that somebody is just selecting stays.
  function beingUsed(part) {
    const selection = document.getSelection();
    return !selection.isCollapsed && selection.containsNode(part, true);
  }

  function replace(part, fresh) {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const address = focused && focused.getAttribute("href");
    part.replaceChildren(...fresh.childNodes);
    if (address) part.querySelector(`[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
  }

  // Whether that was all; what is being used is left for the next time.
  function showAll(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    let all = true;
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = fresh.getElementById(part.id);
      if (!next || next.innerHTML === part.innerHTML) continue;
      if (beingUsed(part)) all = false;
      else replace(part, next);
    }
    return all;
  }

  // The server tells each in its turn, so it comes at once: never do all come together.
  async function refresh() {
    changedMeanwhile = fetching;
    if (fetching) return;
    fetching = true;
    try {
      const answer = await fetch(says.liveParts, { cache: "no-cache" });
      if (!answer.ok) {
        show(says.saysNone, "off");
        return;
      }
      const tag = answer.headers.get("ETag");
      if (!tag || tag !== shownTag) shownTag = showAll(await answer.text()) ? tag : null;
      if (source?.readyState === EventSource.OPEN) connected();
    } catch {
      // The stream notices as well that the server is away, and tells.
    } finally {
      fetching = false;
      if (changedMeanwhile) refresh();
    }
  }

  function connect() {
    show(says.saysConnecting, "off");
    source = new EventSource(box.dataset.live);
    source.addEventListener("open", connected);
    source.addEventListener("changed", refresh);
    source.addEventListener("error", () => {
      show(says.saysLost, "off");
      if (source.readyState === EventSource.CLOSED) setTimeout(tryAgain, RETRY_MS);
    });
  }

  // Too many readers have a stream: look now and then instead.
  function tryAgain() {
    if (!paused && !document.hidden) refresh();
    follow();
  }

  // A page that nobody sees, or that was paused, holds no connection.
  function follow() {
    source?.close();
    source = null;
    if (paused) show(says.saysPaused, "off");
    else if (!document.hidden) connect();
  }

  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? says.saysGoOn : says.saysPause;
    follow();
  });
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && follow());
  box.hidden = false;
  follow();
})();
