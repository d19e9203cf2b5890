const cards = [...document.querySelectorAll(".card")];
const marks = [...document.querySelectorAll(".text mark")];
const boxes = [...document.querySelectorAll(".chip input")];
const asked = find("category"), order = find("order");
const wide = matchMedia("(min-width: 901px)");
const findingsOf = (mark) => mark.dataset.of.split(" ").map(find);

function filter() {
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const fits = (card) => wanted.has(card.dataset.severity) && (!asked.value || card.dataset.category === asked.value);
  show(cards, fits, "条");
  for (const mark of marks) {
    const card = findingsOf(mark).find((one) => !one.hidden); // the narrowest stands first
    mark.className = card ? card.dataset.severity : "off";
    mark.classList.toggle("wide", card?.dataset.wide !== undefined);
  }
  for (const link of document.querySelectorAll(".ref")) link.hidden = document.querySelector(link.hash).hidden;
  for (const part of document.querySelectorAll(".comparison")) part.hidden = find(part.dataset.of).hidden;
}

// the passage in the middle of the window, the finding at the top of its panel, and the focus on it
function select(card, passage = true) {
  for (const mark of marks) mark.classList.toggle("now", findingsOf(mark).includes(card));
  card.focus({ preventScroll: true });
  const words = document.querySelector(`.text mark.now`);
  if (!wide.matches || !words) return card.scrollIntoView({ block: "start" });
  if (passage) words.scrollIntoView({ block: "center" });
  card.closest(".findings").scrollTo({ top: card.offsetTop - 4 });
}

function sort() {
  const place = (item) => Number(item.firstElementChild.dataset[order.value]);
  arrange(cards.map((card) => card.parentNode), (one, other) => place(one) - place(other));
}

if (cards.length) {
  walk(".card", select, "条");
  for (const field of [...boxes, asked]) field.addEventListener("input", filter);
  order.addEventListener("input", sort);
  for (const link of document.querySelectorAll(".text a[href^='#d']")) {
    link.addEventListener("click", (event) => {
      const card = document.querySelector(link.hash);
      const shown = card.hidden ? findingsOf(link.closest("mark")).find((one) => !one.hidden) : card;
      event.preventDefault();
      if (shown) select(shown, false);
    });
  }
  const measure = () => document.documentElement.style.setProperty("--bar", `${wide.matches ? find("tools").offsetHeight : 0}px`);
  addEventListener("resize", measure);
  addEventListener("beforeprint", () => { // paper shows everything
    for (const box of boxes) box.checked = true;
    asked.value = "";
    filter();
  });
  measure();
  filter();
}
