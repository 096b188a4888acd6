// Light or dark: as the system has it, or as the reader chooses. The choice stays in this browser.

const KEY = "scheme";
const SCHEMES = ["system", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");

const chosen = () => {
  try {
    return SCHEMES.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : "system";
  } catch {
    return "system"; // a browser may keep nothing for a page
  }
};

const show = (scheme) => {
  document.body.classList.toggle("dark", scheme === "dark" || (scheme === "system" && system.matches));
  const button = document.querySelector(".scheme");
  if (!button) return;
  button.dataset.scheme = scheme;
  button.title = button.dataset[`on${scheme}`];
  button.setAttribute("aria-label", button.title);
};

export const startScheme = () => {
  let scheme = chosen();
  show(scheme);
  system.addEventListener("change", () => show(scheme));
  document.addEventListener("click", ({ target }) => {
    if (!target.closest(".scheme")) return;
    scheme = SCHEMES[(SCHEMES.indexOf(scheme) + 1) % SCHEMES.length];
    show(scheme);
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      // it is kept until the page is left
    }
  });
};
