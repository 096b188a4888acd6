() => {
  // Citations lead to their card; panels that are hidden on a narrow page open; the newest words stay in view.
  const opened = (id, open) => {
    document.body.classList.toggle(`shows-${id}`, open);
    document.querySelectorAll(`[data-opens="${id}"]`).forEach((button) => button.setAttribute("aria-expanded", open));
  };

  const showSource = (turn, number) => {
    const section = document.getElementById(`sources-${turn}`);
    const card = document.getElementById(`source-${turn}-${number}`);
    if (!section || !card) return;
    section.parentElement.classList.add("picked");
    document.querySelectorAll(".sources").forEach((other) => other.classList.toggle("shown", other === section));
    document.querySelectorAll(".card").forEach((other) => other.classList.toggle("opened", other === card));
    document.querySelectorAll(".citation").forEach((chip) =>
      chip.classList.toggle("opened", chip.dataset.turn === turn && chip.dataset.reference === number),
    );
    opened("evidence", true);
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".citation");
    if (chip) return showSource(chip.dataset.turn, chip.dataset.reference);
    const toggle = event.target.closest("[data-opens]");
    if (toggle) return opened(toggle.dataset.opens, toggle.getAttribute("aria-expanded") !== "true");
    for (const id of ["side", "evidence"]) {
      if (document.body.classList.contains(`shows-${id}`) && !event.target.closest(`#${id}`)) opened(id, false);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") ["side", "evidence"].forEach((id) => opened(id, false));
  });

  const scroll = document.getElementById("scroll");
  const live = document.getElementById("live");
  const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
  let follows = true;
  scroll?.addEventListener("scroll", () => { follows = nearEnd(); }, { passive: true });
  const observer = new MutationObserver(() => { if (follows) scroll.scrollTop = scroll.scrollHeight; });
  if (scroll && live) observer.observe(scroll, { childList: true, subtree: true, characterData: true });
}
