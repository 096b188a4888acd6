// Files that are dropped anywhere in the page, and text that is pasted where nothing is typed, go where listings are
// added, as if they had been chosen there.

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

const pasted = (event) => {
  if (event.target.closest?.(TYPED_IN) || document.querySelector("dialog[open]")) return;
  if (event.clipboardData.files.length) return add(event.clipboardData.files);
  const text = event.clipboardData.getData("text/plain");
  if (text.length >= SHORTEST_LISTING) add([new File([text], pastedName(), { type: "text/plain" })]);
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
};
