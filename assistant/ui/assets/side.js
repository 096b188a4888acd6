// The left pane: its parts are opened and closed, listings are ticked for the chat, small lists stand beside their rows.

import { tell } from "./actions.js";

const side = () => document.getElementById("side");
const folded = new Set();

const show = () => {
  const parts = [...folded].join(" ");
  if (side().dataset.folded !== parts) side().dataset.folded = parts;
  side().querySelectorAll("[data-folds]").forEach((button) => {
    const open = String(!folded.has(button.dataset.folds));
    if (button.getAttribute("aria-expanded") !== open) button.setAttribute("aria-expanded", open);
  });
};

const fold = ({ dataset: { folds } }) => {
  if (!folded.delete(folds)) folded.add(folds);
  show();
};

// What the chat is limited to stands as chips above the composer; a tick that the server has not yet heard of stays.
const told = new Map();

const tick = () => {
  const limited = new Set([...document.querySelectorAll("#limits [data-act]")].map((chip) => chip.dataset.act));
  side().querySelectorAll(".tick").forEach((box) => {
    const { listing } = box.dataset;
    const is = limited.has(`unlimit listing ${listing}`);
    if (told.get(listing) === is) told.delete(listing);
    box.checked = told.get(listing) ?? is;
  });
};

// The parts scroll by themselves, which would cut off a list that stands in one of them.
const place = (menu) => {
  const items = menu.querySelector(".menu-items");
  const { bottom, top, right } = menu.getBoundingClientRect();
  const height = items.getBoundingClientRect().height;
  items.style.top = `${bottom + height + 8 > innerHeight ? Math.max(8, top - height) : bottom}px`;
  items.style.left = `${Math.max(8, right - items.getBoundingClientRect().width)}px`;
};

export const startSide = () => {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-folds]");
    if (button) fold(button);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".tick")) return;
    told.set(target.dataset.listing, target.checked);
    tell("act", `${target.checked ? "limit" : "unlimit listing"} ${target.dataset.listing}`);
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("#side details.menu")) place(target);
  }, { capture: true });
  side().addEventListener("scroll", () => {
    side().querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
  }, { capture: true, passive: true });
  new MutationObserver(() => { show(); tick(); }).observe(side(), { childList: true, subtree: true });
  new MutationObserver(tick).observe(document.getElementById("limits"), { childList: true, subtree: true });
};
