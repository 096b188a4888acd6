// The exchanges of the conversation that is shown. The server says which one that is, in #shown; what is over it puts
// into #placed, from where it goes into the transcript and is never sent again; what grows stands in #live.

import { endEdit } from "./actions.js";
import { showLatest, showSources } from "./evidence.js";
import { closeLimit, closeModel, nameConversation } from "./page.js";

export const shown = { conversation: "" };

const scroll = () => document.getElementById("scroll");
const turns = () => document.querySelector("#transcript .turns");
const live = () => document.querySelector("#live .exchange");
const isShown = (exchange) => exchange.dataset.conversation === shown.conversation;
const inPlaceOf = (exchange) => [...turns().children].find((one) => one.dataset.place === exchange?.dataset.place);

// Whoever clicks on the conversation just left must find another address than its own, or the click changes nothing.
export const forget = () => {
  turns()?.replaceChildren();
  shown.conversation = "";
  draw();
};

const put = (exchange) => {
  const before = inPlaceOf(exchange);
  if (before) before.replaceWith(exchange);
  else turns().append(exchange);
  showSources(exchange.querySelector(":scope > .sources"));
};

const putAbove = (above) => {
  const height = scroll().scrollHeight;
  turns().querySelector(".earlier")?.remove();
  turns().prepend(...above.children);
  scroll().scrollTop += scroll().scrollHeight - height;
};

const place = () => {
  const above = document.querySelector("#placed .above");
  if (above?.dataset.conversation === shown.conversation) putAbove(above);
  document.querySelectorAll("#placed .placing > .exchange").forEach((exchange) => { if (isShown(exchange)) put(exchange); });
};

const draw = () => {
  if (!turns()) return;
  place();
  const growing = live();
  if (growing) growing.hidden = !isShown(growing);
  const hidden = growing && !growing.hidden ? inPlaceOf(growing) : undefined;
  for (const turn of turns().children) if (turn.hidden !== (turn === hidden)) turn.hidden = turn === hidden;
  const evidence = document.querySelector("#evidence-so-far .sources:not([data-is-shown])");
  if (evidence && growing && !growing.hidden) {
    evidence.dataset.isShown = "1";
    showSources(evidence, { fromTop: false });
  }
};

// -- where the pane stands: a new question goes to its top and its answer grows below it, until the reader scrolls.

const known = { turn: "", drawn: "", newest: "", pinned: false };

const showNewest = () => {
  const all = scroll().querySelectorAll(".exchange:not([hidden])");
  const newest = all[all.length - 1];
  if (newest) scroll().scrollTop += newest.getBoundingClientRect().top - scroll().getBoundingClientRect().top - 24;
};

const isScrolledUp = () => scroll().scrollHeight - scroll().scrollTop - scroll().clientHeight > scroll().clientHeight / 2;

const offerNewest = () => {
  const button = document.querySelector("#above-composer .to-newest");
  if (button.hidden === isScrolledUp()) button.hidden = !isScrolledUp();
};

// The server says it anew whenever it draws, so that what was clicked meanwhile is not taken for shown.
const hear = () => {
  const { conversation, turn } = document.querySelector("#shown [data-turn]")?.dataset ?? {};
  if (turn === undefined || turn === known.turn) return;
  known.turn = turn;
  nameConversation(conversation);
  endEdit();
};

const look = () => {
  hear();
  const drawn = turns()?.dataset.drawn ?? "";
  if (drawn !== known.drawn) {
    known.drawn = drawn;
    showLatest();
  }
  draw();
  const all = scroll().querySelectorAll(".exchange:not([hidden])");
  const newest = all[all.length - 1]?.dataset.exchange ?? "";
  if (newest !== known.newest) {
    known.newest = newest;
    known.pinned = true;
    closeModel();
    closeLimit();
  }
  if (known.pinned) showNewest();
  offerNewest();
};

// What stands above comes when it is scrolled to.
const scrolled = () => {
  offerNewest();
  const earlier = turns()?.querySelector(".earlier:not([disabled])");
  if (!earlier || known.pinned || scroll().scrollTop > 200) return;
  earlier.click();
  earlier.disabled = true;
};

export const startExchanges = () => {
  const watch = (part, seen) =>
    new MutationObserver(seen).observe(part, { childList: true, subtree: true, characterData: true });
  watch(scroll(), look);
  watch(document.getElementById("shown"), look);
  watch(document.getElementById("conversations"), () => nameConversation(shown.conversation));
  ["wheel", "touchmove", "keydown"].forEach((name) =>
    scroll().addEventListener(name, () => { known.pinned = false; }, { passive: true }),
  );
  scroll().addEventListener("scroll", scrolled, { passive: true });
  document.querySelector("#above-composer .to-newest").addEventListener("click", () => {
    known.pinned = false;
    scroll().scrollTop = scroll().scrollHeight;
  });
};
