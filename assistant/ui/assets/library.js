// The library: papers that are chosen in its table or on its map, to ask about them or to delete them.

import { tell } from "./actions.js";

const chosen = new Set();
const MOST = 5000;

const shownBoxes = () => [...document.querySelectorAll("#papers .choose")];

const show = () => {
  const bar = document.getElementById("chosen");
  bar.hidden = !chosen.size;
  const said = `${chosen.size.toLocaleString("en")} ${bar.dataset.said}`;
  const count = bar.querySelector(".count");
  if (count.textContent !== said) count.textContent = said; // what changes nothing is not to be noticed below
  shownBoxes().forEach((box) => { box.checked = chosen.has(box.dataset.paper); });
  const all = document.querySelector("#papers .choose-all");
  if (all) all.checked = shownBoxes().length > 0 && shownBoxes().every((box) => box.checked);
};

const choose = (ids) => {
  ids.slice(0, MOST).forEach((id) => chosen.add(id));
  show();
};

const acts = {
  about: () => {
    tell("act", `about ${[...chosen].join(" ")}`);
    location.hash = "#ask";
  },
  remove: () => tell("shelf", `remove-papers ${[...chosen].join(" ")}`),
  clear: () => {},
};

const changed = ({ target }) => {
  if (target.matches(".choose-all")) shownBoxes().forEach((box) => target.checked ? chosen.add(box.dataset.paper) : chosen.delete(box.dataset.paper));
  else if (target.matches(".choose")) target.checked ? chosen.add(target.dataset.paper) : chosen.delete(target.dataset.paper);
  else return;
  show();
};

// Gradio draws the map anew when its figure changes: the lasso is listened to on each new drawing.
const listen = (plot) => {
  if (plot.dataset.listened) return;
  if (!plot.on) return setTimeout(listen, 200, plot); // it stands in the page before it is drawn
  plot.dataset.listened = "1";
  plot.on("plotly_selected", (event) => {
    if (event?.points?.length) choose(event.points.map((point) => point.customdata));
  });
  plot.on("plotly_click", ({ points: [point] }) => { location.hash = `#library/${point.customdata}`; });
};

export const startLibrary = () => {
  document.addEventListener("change", changed);
  document.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-chosen]")?.dataset.chosen;
    if (!act) return;
    acts[act]();
    chosen.clear();
    show();
  });
  new MutationObserver(() => {
    show();
    document.querySelectorAll("#map .js-plotly-plot").forEach(listen);
  }).observe(document.getElementById("library"), { childList: true, subtree: true });
};
