"use strict";
// Shared by the list of posts and the report on one: which entries show, their order, and walking them.
const find = (id) => document.getElementById(id);
const position = find("position");

function show(entries, fits, unit) {
  for (const entry of entries) entry.hidden = !fits(entry);
  const all = entries.length, shown = entries.filter((entry) => !entry.hidden).length;
  position.value = shown === all ? `共 ${all} ${unit}` : `${all} ${unit}中的 ${shown} ${unit}`;
  return shown;
}

function arrange(entries, order) {
  for (const entry of [...entries].sort(order)) entry.parentNode.append(entry);
}

// J or N goes to the next of the entries that show, K or P to the one before; never while somebody types
function walk(selector, go, unit) {
  let now = null;
  const step = (way) => {
    const shown = [...document.querySelectorAll(selector)].filter((entry) => !entry.hidden);
    const wanted = shown.includes(now) ? shown.indexOf(now) + way : 0;
    const at = Math.min(Math.max(wanted, 0), shown.length - 1);
    if (at < 0) return;
    go(shown[at]);
    const end = wanted < at ? "，前面没有了" : wanted > at ? "，后面没有了" : "";
    position.value = `第 ${at + 1} ${unit}，共 ${shown.length} ${unit}${end}`;
  };
  document.addEventListener("focusin", (event) => { now = event.target.closest(selector) ?? now; });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !find("keys").checked) return;
    if (event.target.closest("select, textarea, input:not([type=checkbox])")) return;
    const way = { j: 1, n: 1, k: -1, p: -1 }[event.key.toLowerCase()];
    if (!way) return;
    event.preventDefault();
    step(way);
  });
  find("next").addEventListener("click", () => step(1));
  find("previous").addEventListener("click", () => step(-1));
}

for (const form of document.querySelectorAll("form")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
}
