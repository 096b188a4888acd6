// The line that says what was done: it stands above what is at the page's foot, and goes by itself.

const SECONDS = 8;
const SECONDS_WITH_A_WAY_BACK = 16;

export const startToasts = () => {
  const place = document.getElementById("toast");
  let going = 0;
  new MutationObserver(() => {
    const toast = place.querySelector(".toast");
    if (!toast || toast.dataset.goes) return;
    toast.dataset.goes = "1";
    clearTimeout(going);
    const seconds = toast.querySelector("[data-box], [data-act]") ? SECONDS_WITH_A_WAY_BACK : SECONDS;
    going = setTimeout(() => toast.remove(), seconds * 1000);
  }).observe(place, { childList: true, subtree: true });
  const feet = ["composer", "chosen"].map((id) => document.getElementById(id)); // without a height where not shown
  const watcher = new ResizeObserver(() => {
    place.style.setProperty("--composer", `${feet.reduce((sum, foot) => sum + foot.offsetHeight, 0)}px`);
  });
  feet.forEach((foot) => watcher.observe(foot));
};
