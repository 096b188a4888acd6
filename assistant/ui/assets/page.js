// The page: which view is shown, which panes are open, and the keys. What a click does is in actions.js, citations
// are in evidence.js, the library's table and map in library.js.

import { cancelEdit, isEditing, startActions, write } from "./actions.js";
import { closePeek, startEvidence, stepCitation } from "./evidence.js";
import { startAdding } from "./adding.js";
import { forget, shown, startExchanges } from "./exchanges.js";
import { startLibrary } from "./library.js";
import { startMath } from "./math.js";
import { startScheme } from "./scheme.js";
import { startToasts } from "./toasts.js";
import { startSide } from "./side.js";

const panes = () => document.getElementById("panes");
const links = () => [...document.querySelectorAll("#masthead nav a")];

// -- panes that slide in where the page is narrow. The state is on #panes and not on the body: Gradio puts its own
// container in front of every rule of the style sheet.

const mark = (id) => {
  panes().dataset.shows = id;
  document.querySelectorAll("[data-opens]").forEach((button) =>
    button.setAttribute("aria-expanded", button.dataset.opens === id),
  );
};

// Where a pane slides in over the page it is a step of its own in the history, so that Back closes it first.
const slides = matchMedia("(max-width: 899px)");
const isAStep = () => Boolean(history.state?.pane && panes().dataset.shows);

export const showPane = (id) => {
  if (!id && isAStep()) return history.back(); // which marks it
  if (id && slides.matches && id !== panes().dataset.shows) {
    history[isAStep() ? "replaceState" : "pushState"]({ pane: id }, "");
  }
  mark(id);
};

// A place that is gone to from such a pane takes the place of its step.
export const goTo = (hash) => {
  if (!isAStep()) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  route();
};

export const closeModel = () => document.querySelector("#model > button.open")?.click();
export const closeLimit = () => document.querySelector("#limit-panel > button.open")?.click();

const closeMenus = (except) =>
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });

// -- views are places of the page's address (#ask/3f09, #authors/Ada%20Quill, #library/77ab), so that Back, a bookmark
// and another tab lead to them.

const named = { author: "", former: null };
const boxes = { ask: "opened", authors: "author-shown", library: "paper-shown", related: "related-shown" };

const open = (view, which) => {
  if (view === "ask") write("question", ""); // at once: what is typed until the server has answered stays
  write(boxes[view], `${which} ${Date.now()}`);
};

// An author that was typed has a place in the address like one that was clicked.
const nameAuthor = () => {
  const head = document.querySelector("#authors [data-author]");
  const author = head?.dataset.author ?? "";
  const isMeant = named.author === null; // by the address; until its author comes, the one before stands there
  if (author === named.author || (isMeant && head === named.former)) return;
  named.author = author;
  const address = author ? `#authors/${encodeURIComponent(author)}` : "#authors";
  const [name, ...rest] = location.hash.slice(1).split("/");
  if (name !== "authors" || decodeURIComponent(rest.join("/")) === author || (isMeant && !author)) return;
  history[isMeant ? "replaceState" : "pushState"](null, "", address);
};

export const route = ({ opens = true } = {}) => {
  const [name, ...rest] = location.hash.slice(1).split("/");
  const which = decodeURIComponent(rest.join("/"));
  const current = links().find((link) => link.dataset.view === name) ?? links()[0];
  const view = current.dataset.view;
  panes().dataset.view = view;
  links().forEach((link) => link === current ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current"));
  mark(view === "library" && which ? "evidence" : "");
  if (opens && view === "authors" && which !== named.author) {
    named.author = null;
    named.former = document.querySelector("#authors [data-author]");
    open(view, which);
    return;
  }
  if (opens && which && boxes[view] && !(view === "ask" && which === shown.conversation)) open(view, which);
};

// What is shown has its place in the address without a step in the history: the reader clicked on nothing.
export const nameConversation = (called) => {
  const isAnother = called !== shown.conversation;
  shown.conversation = called;
  const address = called ? `#ask/${called}` : "#ask";
  links()[0].href = address;
  // The address and not the view: a click on another view has changed only the former yet.
  if (isAnother && /^(#ask\b.*)?$/.test(location.hash) && location.hash !== address) history.replaceState(history.state, "", address);
  document.querySelectorAll("#conversations li").forEach((row) => row.classList.toggle("current", row.dataset.conversation === called));
};

// -- keys. Each has a modifier, so that none is typed by chance (WCAG 2.1.4); Escape takes back what is open.

const focusOn = (view, selector) => {
  if (view && panes().dataset.view !== view) {
    goTo(links().find((link) => link.dataset.view === view).hash);
    route();
  }
  document.querySelector(selector)?.focus();
};

const escape = () => {
  if (document.querySelector("#limit-panel > button.open")) {
    closeLimit();
    document.querySelector("#limit-panel > button").focus();
    return;
  }
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  const stops = ["#stop-test", '#panes[data-view="ask"] #stop'].map((one) => document.querySelector(one));
  const stop = panes().dataset.shows ? undefined : stops.find((one) => one?.offsetParent);
  if (isEditing()) return cancelEdit();
  if (stop) return stop.click();
  if (document.activeElement?.closest("#evidence")) document.querySelector(".citation.opened")?.focus();
  closePeek();
  showPane("");
  closeModel();
};

const lastQuestion = () => {
  const all = document.querySelectorAll("#scroll .exchange:not([hidden]) .question");
  if (all.length) write("question", all[all.length - 1].textContent);
};

const pressed = (event) => {
  if (document.querySelector("dialog[open]")) return;
  const command = event.ctrlKey || event.metaKey;
  const keys = [
    [event.key === "Escape", escape],
    [event.key === "ArrowUp" && event.target.matches("#question textarea") && !event.target.value, lastQuestion],
    [command && event.key === "k", () => { document.getElementById("new-chat").click(); focusOn("ask", "#question textarea"); }],
    [command && event.key === "/", () => focusOn("ask", "#question textarea")],
    [event.altKey && event.key === "/", () => { showPane("side"); focusOn("", "#search-conversations textarea, #search-conversations input"); }],
    [event.altKey && event.key === "ArrowDown", () => stepCitation(1)],
    [event.altKey && event.key === "ArrowUp", () => stepCitation(-1)],
  ];
  const [, act] = keys.find(([is]) => is) ?? [];
  if (!act) return;
  if (event.key !== "Escape") event.preventDefault();
  act();
};

const clicked = (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && isAStep() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    goTo(link.hash);
  }
  const toggle = event.target.closest("[data-opens]");
  if (toggle) return showPane(toggle.getAttribute("aria-expanded") === "true" ? "" : toggle.dataset.opens);
  const inMenu = event.target.closest("details.menu");
  closeMenus(event.target.closest(".menu-items a") ? null : inMenu);
  if (event.target.closest("#new-chat")) {
    forget(); // at once; the server only confirms it
    goTo("#ask");
    route();
    open("ask", ""); // in the one queue of what is opened: what was clicked last is shown
  }
  if (!event.target.closest("#side, #evidence, .citation, dialog") || event.target.closest("#side a, #new-chat")) showPane("");
  if (event.target.closest(".close-pane")) showPane("");
  if (!event.target.closest("#model")) closeModel();
  // An option that was chosen is gone from the page by now.
  if (event.target.isConnected && !event.target.closest("#limit-panel")) closeLimit();
};

// -- what is in the composer outlives the page: Gradio loads it anew once a server that was gone is back.

const UNSENT = "unsent";

const keepUnsent = () =>
  sessionStorage.setItem(UNSENT, document.querySelector("#question textarea").value);

const showUnsent = () => {
  const unsent = sessionStorage.getItem(UNSENT);
  if (unsent) write("question", unsent);
};

export const start = (katex) => {
  startActions();
  startEvidence();
  startLibrary();
  startAdding();
  startExchanges();
  startScheme();
  startMath(katex);
  startSide();
  startToasts();
  new MutationObserver(nameAuthor).observe(document.getElementById("authors"), { childList: true, subtree: true });
  if (history.state?.pane) history.replaceState(null, ""); // of before a reload
  addEventListener("hashchange", () => route());
  addEventListener("popstate", () => mark(""));
  addEventListener("pagehide", keepUnsent);
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  showUnsent();
  route({ opens: false }); // what the address names at first, the server is told with the page's first questions
};
