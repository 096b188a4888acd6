() => {
  // Citations lead to their card; panels that are hidden on a narrow page open; the newest question stays in view.
  // On #panes and not on the body: Gradio puts its own container in front of every rule of the style sheet.
  const show = (id) => {
    document.getElementById("panes").dataset.shows = id;
    document.querySelectorAll("[data-opens]").forEach((button) =>
      button.setAttribute("aria-expanded", button.dataset.opens === id),
    );
  };

  const closeModel = () => document.querySelector("#model > button.open")?.click();

  const showSource = (chip) => {
    const { text, reference: number } = chip.dataset;
    const section = document.getElementById(`sources-${text}`);
    const card = document.getElementById(`source-${text}-${number}`);
    if (!section || !card) return;
    section.parentElement.classList.add("picked");
    section.parentElement.querySelectorAll(".sources").forEach((other) => other.classList.toggle("shown", other === section));
    document.querySelectorAll(".card").forEach((other) => other.classList.toggle("opened", other === card));
    document.querySelectorAll(".citation").forEach((other) => other.classList.toggle("opened", other === chip));
    const own = (chip.dataset.quotes || "").split(" ").filter(Boolean);
    document.querySelectorAll(".card mark").forEach((mark) =>
      mark.classList.toggle("own", card.contains(mark) && mark.dataset.quotes.split(" ").some((quote) => own.includes(quote))),
    );
    show("evidence");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
    (card.querySelector("mark.own") ?? card.querySelector("mark"))?.scrollIntoView({ block: "nearest" });
  };

  // The clipboard of a page that is not on loopback or https can only be reached through a selection.
  const copyAnswer = async (button) => {
    const text = button.dataset.copy;
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const box = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    const { textContent: before } = button;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  };

  const save = ({ dataset: { copy, file } }) => {
    const href = URL.createObjectURL(new Blob([copy], { type: "text/plain" }));
    Object.assign(document.createElement("a"), { href, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  };

  const write = (id, value) => {
    const box = document.querySelector(`#${id} textarea, #${id} input`);
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return box;
  };

  // The views are places of the page's address, so that Back and a bookmark lead to them.
  const links = [...document.querySelectorAll("#masthead nav a")];
  const view = () => {
    const current = links.find((link) => link.hash === location.hash) ?? links[0];
    document.getElementById("panes").dataset.view = current.hash.slice(1);
    links.forEach((link) => link === current ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current"));
    show("");
  };
  addEventListener("hashchange", view);
  view();

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".citation");
    if (chip) return showSource(chip);
    const copy = event.target.closest(".copy");
    if (copy) return copyAnswer(copy);
    const saved = event.target.closest(".save");
    if (saved) return save(saved);
    const told = event.target.closest("[data-box]"); // the time makes each click a change
    if (told) return write(told.dataset.box, `${told.dataset.value} ${Date.now()}`);
    const asked = event.target.closest("[data-question]");
    if (asked || event.target.closest("#new-chat")) {
      location.hash = "#ask";
      view(); // at once: what is hidden cannot be focused
    }
    if (asked) return write("question", asked.dataset.question).focus();
    const toggle = event.target.closest("[data-opens]");
    if (toggle) return show(toggle.getAttribute("aria-expanded") === "true" ? "" : toggle.dataset.opens);
    if (!event.target.closest("#side, #evidence")) show("");
    if (!event.target.closest("#model")) closeModel();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (document.activeElement?.closest("#evidence")) document.querySelector(".citation.opened")?.focus();
    show("");
    closeModel();
  });

  // A new question goes to the top of the pane and its answer grows below it, until the reader scrolls.
  const scroll = document.getElementById("scroll");
  const exchanges = () => scroll.querySelectorAll(".exchange");
  let asked = 0;
  let pinned = false;
  ["wheel", "touchmove", "keydown"].forEach((name) =>
    scroll.addEventListener(name, () => { pinned = false; }, { passive: true }),
  );
  new MutationObserver(() => {
    const all = exchanges();
    if (all.length !== asked) {
      pinned = true;
      closeModel();
    }
    asked = all.length;
    if (pinned && asked) scroll.scrollTop += all[asked - 1].getBoundingClientRect().top - scroll.getBoundingClientRect().top - 24;
  }).observe(scroll, { childList: true, subtree: true, characterData: true });
}
