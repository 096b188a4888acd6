// Mathematics: formulas are set by the KaTeX that Gradio brings, once there is one. What it cannot read stays as it is.

const OPTIONS = { throwOnError: true, trust: false, strict: "ignore", maxExpand: 200, maxSize: 10 };

export const startMath = ({ katex: path, style }) => {
  if (!path) return;
  let loaded = null;
  const load = () => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }));
    return import(new URL(path, location.href)).then((module) => module.default);
  };
  const set = (katex) => {
    document.querySelectorAll(".math:not([data-set])").forEach((formula) => {
      formula.dataset.set = "1";
      const before = formula.textContent;
      try {
        katex.render(formula.dataset.tex, formula, OPTIONS);
      } catch {
        formula.textContent = before;
      }
    });
  };
  const look = () => {
    if (!document.querySelector(".math:not([data-set])")) return;
    loaded ??= load();
    loaded.then(set);
  };
  new MutationObserver(look).observe(document.getElementById("panes"), { childList: true, subtree: true });
  look();
};
