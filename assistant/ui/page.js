() => {
  // Citations lead to their card; panels that are hidden on a narrow page open; the newest words stay in view.
  // On #panes and not on the body: Gradio puts its own container in front of every rule of the style sheet.
  const show = (id) => {
    document.getElementById("panes").dataset.shows = id;
    document.querySelectorAll("[data-opens]").forEach((button) =>
      button.setAttribute("aria-expanded", button.dataset.opens === id),
    );
  };

  const showSource = (chip) => {
    const { turn, reference: number } = chip.dataset;
    const section = document.getElementById(`sources-${turn}`);
    const card = document.getElementById(`source-${turn}-${number}`);
    if (!section || !card) return;
    section.parentElement.classList.add("picked");
    document.querySelectorAll(".sources").forEach((other) => other.classList.toggle("shown", other === section));
    document.querySelectorAll(".card").forEach((other) => other.classList.toggle("opened", other === card));
    document.querySelectorAll(".citation").forEach((other) => other.classList.toggle("opened", other === chip));
    show("evidence");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
    card.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".citation");
    if (chip) return showSource(chip);
    const toggle = event.target.closest("[data-opens]");
    if (toggle) return show(toggle.getAttribute("aria-expanded") === "true" ? "" : toggle.dataset.opens);
    if (!event.target.closest("#side, #evidence")) show("");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show("");
  });

  const scroll = document.getElementById("scroll");
  const live = document.getElementById("live");
  const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
  let follows = true;
  scroll?.addEventListener("scroll", () => { follows = nearEnd(); }, { passive: true });
  const observer = new MutationObserver(() => { if (follows) scroll.scrollTop = scroll.scrollHeight; });
  if (scroll && live) observer.observe(scroll, { childList: true, subtree: true, characterData: true });
}
