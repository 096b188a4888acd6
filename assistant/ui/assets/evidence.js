// Citations: a look at the source while the pointer or the focus is on one, its card with the quote marked on a click.

import { showPane } from "./page.js";

// The evidence of an answer in the chat lies hidden in its exchange, and a copy of it is shown. That of an author or of
// related work stands in the pane itself.
const sourcesOf = (text) => document.querySelector(`.sources[data-text="${CSS.escape(text)}"]`);
const pane = () => document.querySelector("#sources-of-ask .shown-sources");
const cardIn = (sources, number) => sources?.querySelector(`.card[data-reference="${CSS.escape(number)}"]`);

// With another text the pane begins at its top; while one grows it stays where it is read.
export const showSources = (sources, { fromTop = true } = {}) => {
  if (!sources) return;
  const copy = sources.cloneNode(true);
  copy.dataset.copyOf = copy.dataset.text;
  delete copy.dataset.text;
  const isAnother = pane().firstElementChild?.dataset.copyOf !== copy.dataset.copyOf;
  pane().replaceChildren(copy);
  if (fromTop || isAnother) document.getElementById("evidence").scrollTop = 0;
};

export const showLatest = () => {
  const all = document.querySelectorAll("#transcript .sources");
  if (all.length) showSources(all[all.length - 1]);
  else pane().replaceChildren();
};

const shownSources = (text) => {
  const sources = sourcesOf(text);
  if (!sources?.closest("#scroll")) return sources;
  if (pane().firstElementChild?.dataset.copyOf !== text) showSources(sources, { fromTop: false });
  return pane().firstElementChild;
};

const ownQuotes = (chip) => (chip.dataset.quotes || "").split(" ").filter(Boolean);
const isOwn = (mark, own) => mark.dataset.quotes?.split(" ").some((quote) => own.includes(quote));

const showSource = (chip) => {
  const card = cardIn(shownSources(chip.dataset.text), chip.dataset.reference);
  if (!card) return;
  document.querySelectorAll(".card").forEach((other) => other.classList.toggle("opened", other === card));
  document.querySelectorAll(".citation").forEach((other) => other.classList.toggle("opened", other === chip));
  const own = ownQuotes(chip);
  document.querySelectorAll(".card mark").forEach((mark) => mark.classList.toggle("own", card.contains(mark) && isOwn(mark, own)));
  closePeek();
  showPane("evidence");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
  (card.querySelector("mark.own") ?? card.querySelector("mark"))?.scrollIntoView({ block: "nearest" });
};

// The next citation of the text that is read, from the one that has the focus or is open.
export const stepCitation = (step) => {
  const all = [...document.querySelectorAll(".citation")].filter((chip) => chip.offsetParent);
  if (!all.length) return;
  const current = all.indexOf(document.activeElement) >= 0 ? document.activeElement : document.querySelector(".citation.opened");
  const place = all.indexOf(current);
  const next = place < 0 ? (step > 0 ? 0 : all.length - 1) : (place + step + all.length) % all.length;
  showSource(all[next]);
  all[next].scrollIntoView({ block: "nearest" });
  all[next].focus({ preventScroll: true });
};

// -- the look: title, authors and date, and the words that the sentence rests on

let looking = null;

export const closePeek = () => {
  looking?.removeAttribute("aria-describedby");
  looking = null;
  const peek = document.getElementById("peek");
  if (peek) peek.hidden = true;
};

const element = (tag, kind, text) => Object.assign(document.createElement(tag), { className: kind, textContent: text });

// With the formulas in it as they are set.
const copied = (tag, kind, sources) => {
  const copy = element(tag, kind, "");
  copy.append(...sources.flatMap((source, place) => [place ? " " : "", ...source.cloneNode(true).childNodes]));
  return copy;
};

const look = (chip) => {
  const card = cardIn(sourcesOf(chip.dataset.text), chip.dataset.reference);
  const peek = document.getElementById("peek");
  if (!card || !peek || looking === chip) return;
  closePeek();
  const own = ownQuotes(chip);
  const marks = [...card.querySelectorAll("mark")].filter((mark) => isOwn(mark, own));
  const quotes = [...new Map(marks.map((mark) => [mark.textContent, mark])).values()]; // each once
  const parts = [copied("strong", "", [card.querySelector("h3 .title")]), element("span", "facts", card.querySelector(".facts").textContent)];
  if (quotes.length) parts.push(copied("q", "abstract", quotes));
  peek.replaceChildren(...parts);
  peek.hidden = false;
  const at = chip.getBoundingClientRect();
  const { width, height } = peek.getBoundingClientRect();
  peek.style.left = `${Math.max(8, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - 8))}px`;
  peek.style.top = `${at.top > height + 12 ? at.top - height - 8 : at.bottom + 8}px`;
  chip.setAttribute("aria-describedby", "peek");
  looking = chip;
};

export const startEvidence = () => {
  ["mouseover", "focusin"].forEach((name) =>
    document.addEventListener(name, (event) => {
      const chip = event.target.closest?.(".citation");
      if (chip) look(chip);
      else if (looking !== document.activeElement) closePeek(); // one that has the focus keeps its look
    }),
  );
  ["wheel", "touchmove", "focusout"].forEach((name) => document.addEventListener(name, closePeek, { passive: true }));
  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".citation");
    if (chip) showSource(chip);
  });
};
