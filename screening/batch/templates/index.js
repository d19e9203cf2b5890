"use strict";
const rows = [...document.querySelectorAll("#posts tbody tr")];
const find = (id) => document.getElementById(id);
const words = find("words"), verdict = find("verdict"), category = find("category"), remarked = find("remarked");

function filter() {
  const wanted = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    const fits = wanted.every((word) => text.includes(word))
      && (!verdict.value || row.dataset.verdict === verdict.value)
      && (!category.value || row.dataset.categories.split("|").includes(category.value))
      && (!remarked.checked || row.querySelector(".remarks p"));
    row.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  find("shown").textContent = shown === rows.length ? `共 ${shown} 篇` : `${rows.length} 篇中的 ${shown} 篇`;
  find("none").hidden = shown > 0;
}

function sort(button) {
  const head = button.closest("th"), column = [...head.parentNode.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => {
    const cell = row.children[column];
    return button.dataset.kind === "number" ? Number(cell.dataset.key) : cell.textContent.trim();
  };
  const order = button.dataset.kind === "number" ? (a, b) => a - b : (a, b) => a.localeCompare(b, "zh-CN");
  const sorted = rows.map((row) => [key(row), row]).sort((a, b) => (down ? -1 : 1) * order(a[0], b[0]));
  document.querySelector("#posts tbody").append(...sorted.map((pair) => pair[1]));
}

for (const button of document.querySelectorAll("#posts th button")) button.addEventListener("click", () => sort(button));
for (const field of [words, verdict, category, remarked]) field.addEventListener("input", filter);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
filter();
