const rows = [...document.querySelectorAll("#posts tbody tr")];
const words = find("words"), verdict = find("verdict"), category = find("category"), remarked = find("remarked");
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

function filter() {
  const wanted = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const shown = show(rows, (row) => wanted.every((word) => texts.get(row).includes(word))
    && (!verdict.value || row.dataset.verdict === verdict.value)
    && (!category.value || row.dataset.categories.split("|").includes(category.value))
    && (!remarked.checked || row.querySelector(".remarks p")), "篇");
  find("none").hidden = shown > 0;
}

function sort(button) {
  const head = button.closest("th"), column = [...head.parentNode.children].indexOf(head);
  const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", way < 0 ? "descending" : "ascending");
  const cell = (row) => row.children[column];
  const number = (row) => Number(cell(row).dataset.key), text = (row) => cell(row).textContent.trim();
  const collator = new Intl.Collator("zh-CN");
  arrange(rows, button.dataset.kind === "number"
    ? (one, other) => way * (number(one) - number(other))
    : (one, other) => way * collator.compare(text(one), text(other)));
}

for (const button of document.querySelectorAll("#posts th button")) button.addEventListener("click", () => sort(button));
for (const field of [words, verdict, category, remarked]) field.addEventListener("input", filter);
walk("#posts tbody tr", (row) => (row.querySelector("a") ?? row).focus(), "篇");
filter();
