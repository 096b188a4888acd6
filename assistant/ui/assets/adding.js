// Files that are dropped anywhere in the page, and text that is pasted where nothing is typed, go where listings are
// added, as if they had been chosen there. Of what is pasted into the question box the server says if it is a listing.

const TYPED_IN = "input, textarea, [contenteditable=''], [contenteditable=true]";
const SHORTEST_LISTING = 80; // characters; what is shorter was pasted by mistake

const add = (files) => {
  const input = document.querySelector("#upload input[type=file]");
  if (!input || !files.length) return;
  const held = new DataTransfer();
  [...files].forEach((file) => held.items.add(file));
  input.files = held.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

// Where the browser's own field or another upload is, that takes them.
const isElsewhere = (target) => target.closest("#draft-file, #check-file, #check-bib, #upload");

const pastedName = () => `pasted ${new Date().toLocaleString("sv").replaceAll(":", ".")}.txt`;

const addText = (text) => add([new File([text], pastedName(), { type: "text/plain" })]);

// -- into the question box: a listing waits until it is said what is to be done with it

let waiting = null; // { box, text }, which has not gone anywhere yet

const offer = () => document.querySelector("#above-composer .pasted");

const putIn = ({ box, text }) => {
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
};

const asked = async (pasted) => {
  const said = await fetch("/pasted", { method: "POST", body: pasted.text })
    .then((response) => response.ok ? response.json() : {})
    .catch(() => ({})); // then it is a question as any other
  if (!said.said) return putIn(pasted);
  waiting = pasted;
  offer().querySelector("span").textContent = said.said;
  offer().hidden = false;
};

const decided = ({ dataset: { pasted: what } }) => {
  offer().hidden = true;
  if (what === "add") addText(waiting.text);
  if (what === "ask") putIn(waiting);
  waiting.box.focus();
  waiting = null;
};

const pasted = (event) => {
  if (event.target.matches?.("#question textarea")) {
    const text = event.clipboardData.getData("text/plain");
    if (text.length < SHORTEST_LISTING) return;
    event.preventDefault();
    return asked({ box: event.target, text });
  }
  if (event.target.closest?.(TYPED_IN) || document.querySelector("dialog[open]")) return;
  if (event.clipboardData.files.length) return add(event.clipboardData.files);
  const text = event.clipboardData.getData("text/plain");
  if (text.length >= SHORTEST_LISTING) addText(text);
};

export const startAdding = () => {
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // else the browser leaves the page and shows the file
    document.getElementById("panes").classList.add("dragged-over");
  });
  ["dragleave", "drop"].forEach((name) =>
    document.addEventListener(name, (event) => {
      if (name === "drop" || !event.relatedTarget) document.getElementById("panes").classList.remove("dragged-over");
    }),
  );
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event) || isElsewhere(event.target)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", pasted);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-pasted]");
    if (button) decided(button);
  });
  const dialog = document.getElementById("paste");
  dialog.addEventListener("close", () => {
    const box = dialog.querySelector("textarea");
    if (dialog.returnValue === "add" && box.value.trim()) addText(box.value);
    box.value = dialog.returnValue = "";
  });
};
