// Keys of the desk: j and k go through the list, o opens, c, r and a decide, ? tells of them. They
// only follow links that stand on the page, and can be switched off for who speaks or mistypes.
"use strict";

(() => {
  const help = document.getElementById("keys");
  const asks = document.querySelector("[data-keys-help]");
  const on = document.querySelector("[data-keys-on]");
  if (!help) return;
  const OFF = "tribune-keys-off";
  const CLOSES = { Escape: true };
  const ACTS = { c: "confirm", r: "refute", a: "answer" };
  asks.parentElement.hidden = false;
  on.checked = !sessionStorage.getItem(OFF);

  function show(shown) {
    help.hidden = !shown;
    asks.setAttribute("aria-expanded", String(shown));
  }

  function rows() {
    return [...document.querySelectorAll("#reports [data-row]")];
  }

  function go(step) {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    next?.focus();
  }

  const DOES = {
    j: () => go(1),
    k: () => go(-1),
    o: () => rows().includes(document.activeElement) && document.activeElement.click(),
    "?": () => show(help.hidden),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (CLOSES[event.key] && !help.hidden) {
      show(false);
      asks.focus();
      return;
    }
    if (!on.checked || event.target.closest("input, select, textarea")) return;
    const does = DOES[event.key];
    const link = ACTS[event.key] && document.querySelector(`[data-act="${ACTS[event.key]}"]`);
    if (!does && !link) return;
    event.preventDefault();
    if (does) does();
    else link.click();
  });
  asks.addEventListener("click", () => show(help.hidden));
  on.addEventListener("change", () => {
    if (on.checked) sessionStorage.removeItem(OFF);
    else sessionStorage.setItem(OFF, "1");
  });
})();
