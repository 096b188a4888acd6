// What a click on a button does: copy, save, tell the server, put a question into the composer, rename, rate.

import { goTo, route } from "./page.js";

const clipboard = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // The clipboard of a page that is not on loopback or https can only be reached through a selection.
  const box = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
};

const copy = async (button) => {
  const before = button.textContent;
  const { fetch: path, copy: text, done } = button.dataset;
  if (path) {
    const response = await fetch(path);
    if (!response.ok) return;
    await clipboard(await response.text());
  } else await clipboard(text);
  button.textContent = done;
  setTimeout(() => { button.textContent = before; }, 1500);
};

const save = ({ dataset: { copy: text, file } }) => {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
};

// Writes into a component of Gradio's, hidden or not, as if it were typed.
export const write = (id, value) => {
  const box = document.querySelector(`#${id} textarea, #${id} input`);
  if (!box) return null;
  box.value = value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return box;
};

// The time makes each click a change.
export const tell = (id, value) => write(id, `${value} ${Date.now()}`);

const ask = ({ dataset: { question, send } }) => {
  if (!location.hash.startsWith("#ask")) {
    goTo(document.querySelector("#masthead nav a").hash);
    route(); // at once: what is hidden cannot be focused
  }
  const box = write("question", question);
  box.focus();
  // Gradio takes what was typed in its next turn.
  if (send) setTimeout(() => document.getElementById("send").click(), 60);
};

// -- a question that is edited is in the composer until it is sent or left

const showEdited = (called) => {
  document.querySelector("#above-composer .editing").hidden = !called;
  document.querySelectorAll(".exchange").forEach((exchange) =>
    exchange.classList.toggle("edited", exchange.dataset.exchange === called),
  );
};

export const isEditing = () => !document.querySelector("#above-composer .editing").hidden;

const edit = ({ dataset }) => {
  write("edited", dataset.edit);
  write("question", dataset.question).focus();
  showEdited(dataset.edit);
};

export const endEdit = () => showEdited("");

export const cancelEdit = () => {
  write("edited", "");
  write("question", "").focus();
  endEdit();
};

const rename = (button) => {
  const row = button.closest("li");
  const link = row.querySelector("a");
  const input = Object.assign(document.createElement("input"), { value: link.textContent, className: "renaming" });
  input.setAttribute("aria-label", button.textContent);
  button.closest("details").open = false;
  link.hidden = true;
  row.prepend(input);
  input.select();
  let over = false; // what is removed loses the focus, which ends it again
  const end = (keep) => {
    if (over) return;
    over = true;
    const title = input.value.trim();
    input.remove();
    link.hidden = false;
    if (!keep || !title || title === link.textContent) return;
    link.textContent = title;
    tell("act", `rename ${button.dataset.rename} ${title}`);
  };
  input.addEventListener("blur", () => end(true));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") end(false);
    event.stopPropagation();
  });
};

// A rating counts at once; of what is bad the reason can be added.
const rate = (button) => {
  const [exchange, value] = button.dataset.rate.split(" ");
  const given = button.getAttribute("aria-pressed") === "true";
  button.parentElement.querySelectorAll(".rate").forEach((other) => other.setAttribute("aria-pressed", String(other === button && !given)));
  tell("act", `rate ${exchange} ${given ? 0 : value}`);
  if (given || value === "1") return;
  const dialog = document.getElementById("reason");
  const input = dialog.querySelector("textarea");
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "keep" && input.value.trim()) tell("act", `rate ${exchange} ${value} ${input.value.trim()}`);
    button.focus();
  }, { once: true });
};

const deeds = [
  [".copy", copy],
  [".save", save],
  [".dismiss", (button) => button.closest(".toast").remove()],
  [".rate", rate],
  ["[data-rename]", rename],
  ["[data-edit]", edit],
  ["[data-cancels-edit]", cancelEdit],
  ["[data-question]", ask],
  ["[data-act]", ({ dataset }) => tell("act", dataset.act)],
  ["[data-box]", ({ dataset }) => tell(dataset.box, dataset.value)],
  ["[data-dialog]", ({ dataset }) => document.getElementById(dataset.dialog).showModal()],
];

export const startActions = () => {
  document.addEventListener("click", (event) => {
    for (const [selector, deed] of deeds) {
      const button = event.target.closest(selector);
      if (!button) continue;
      const menu = button.closest(".menu-items")?.parentElement;
      if (menu && !button.dataset.done) menu.open = false;
      return deed(button);
    }
  });
};
