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
    const { turn, reference: number } = chip.dataset;
    const section = document.getElementById(`sources-${turn}`);
    const card = document.getElementById(`source-${turn}-${number}`);
    if (!section || !card) return;
    section.parentElement.classList.add("picked");
    document.querySelectorAll(".sources").forEach((other) => other.classList.toggle("shown", other === section));
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

  // The server asks that question again without the filter. The time makes each click a change.
  const removeFilter = ({ dataset: { turn, chip } }) => {
    const box = document.querySelector("#removed textarea, #removed input");
    box.value = `${turn} ${chip} ${Date.now()}`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".citation");
    if (chip) return showSource(chip);
    const copy = event.target.closest(".copy");
    if (copy) return copyAnswer(copy);
    const filter = event.target.closest("[data-chip]");
    if (filter) return removeFilter(filter);
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
