// One button that opens, and closes, all the details of a part of the page.

import { findAll } from "./page.js";

for (const button of findAll("[data-open-all]")) {
  const details = findAll(`[data-opens="${button.dataset.openAll}"] details`);
  button.hidden = details.length === 0;
  button.addEventListener("click", () => {
    const isOpen = button.getAttribute("aria-expanded") !== "true";
    for (const one of details) one.open = isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen ? (button.dataset.less ?? "Show questions only") : "Show everything";
  });
}
