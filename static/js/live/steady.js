// Changes the page without moving what one writes or reads.

import { find, findAll } from "../page.js";

/**
 * Change the page so that what one writes or reads stays where it is.
 * @param {() => void} change
 * @returns {() => void} measures the page and scrolls it back, before it is shown
 */
export function steadily(change) {
  const card = find(".one.is-shown");
  const inSight = (element) => element.getBoundingClientRect().bottom > find("[data-top]").getBoundingClientRect().bottom;
  const focus = document.activeElement;
  const parts = () => findAll(".meta, h2, .exhibit, .more, .guide, .block, .gate-choice", card);
  const anchor = card?.contains(focus) && inSight(focus) ? focus : card && parts().find(inSight);
  const before = anchor?.getBoundingClientRect().top;
  change();
  return function goBack() {
    const after = anchor?.isConnected && anchor.checkVisibility() ? anchor.getBoundingClientRect().top : before;
    if (after === before) return;
    const back = () => scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
    back();
    if (Math.abs(anchor.getBoundingClientRect().top - before) < 1) return;
    document.body.classList.add("has-room");
    back();
  };
}
