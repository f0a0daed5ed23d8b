// Where somebody stands their browser says once they press for it, rounded as it is kept. Without
// this script the point is typed.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-where]");
  if (!button) return;
  const { point } = button.closest("form").elements, decimals = Number(button.dataset.where);
  const say = ({ coords }) => {
    point.value = [coords.latitude, coords.longitude].map((each) => each.toFixed(decimals)).join(", ");
    point.dispatchEvent(new Event("input", { bubbles: true }));
  };
  navigator.geolocation.getCurrentPosition(say, () => { button.disabled = true; }, { enableHighAccuracy: true });
});
if ("geolocation" in navigator) {
  for (const each of document.querySelectorAll("[data-where]")) each.parentElement.hidden = false;
}
