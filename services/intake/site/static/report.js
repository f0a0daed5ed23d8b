// The map on the form answers without another page: what was pressed is sent as the form sends it,
// and of the answer the map and the chosen place are taken over. Arrow keys move the point, too.
// Without this script the same buttons lead to the same page.
"use strict";

(() => {
  const form = document.getElementById("point")?.closest("form");
  if (!form) return;
  const KEYS = { ArrowUp: "north", ArrowDown: "south", ArrowLeft: "west", ArrowRight: "east", "+": "nearer", "-": "farther" };
  let asking = Promise.resolve();

  async function ask(pressed) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    for (const [name, value] of Object.entries(pressed)) fields.append(name, value);
    const answer = await fetch(form.action, { method: "POST", body: fields });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.getElementById("point");
    if (next) show(next, fresh.getElementById("place"));
  }

  function show(next, places) {
    const now = document.getElementById("point");
    const held = now.contains(document.activeElement) ? document.activeElement : null;
    const again = held && `[name="${held.name}"]` + (held.name === "do" ? `[value="${held.value}"]` : "");
    now.className = next.className;
    now.replaceChildren(...next.childNodes);
    if (again) (now.querySelector(again) ?? now.querySelector("[name=do]")).focus({ preventScroll: true });
    const list = document.getElementById("place");
    if (list.value !== places.value) {
      if (![...list.options].some((each) => each.value === places.value)) list.replaceChildren(...places.childNodes);
      else list.value = places.value;
    }
  }

  let plain = false;

  // What fails is sent as a form, so that somebody sees why.
  function press(pressed, button) {
    asking = asking.then(() => ask(pressed)).catch(() => {
      plain = button.isConnected;
      if (plain) form.requestSubmit(button);
    });
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const onMap = button && document.getElementById("point").contains(button);
    if (!onMap || plain) return;
    event.preventDefault();
    if (button.type !== "image") press({ do: button.value }, button);
  });
  form.addEventListener("click", (event) => {
    const image = event.target;
    if (image.type !== "image") return;
    event.preventDefault();
    const box = image.getBoundingClientRect();
    const byKey = event.detail === 0;
    const across = byKey ? 0 : event.clientX - box.left;
    const down = byKey ? 0 : event.clientY - box.top;
    press({ [`${image.name}.x`]: across.toFixed(2), [`${image.name}.y`]: down.toFixed(2) }, image);
  });
  form.addEventListener("keydown", (event) => {
    const way = event.target.type === "image" && KEYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    press({ do: way }, event.target);
  });
  addEventListener("pageshow", () => { plain = false; });
})();
