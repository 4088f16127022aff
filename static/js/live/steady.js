// Changes the page without moving what one writes or reads.

import { find, findAll } from "../page.js";
import { isText } from "./fields.js";

const topOf = (element) => element.getBoundingClientRect().top;
const bottomOf = (element) => element.getBoundingClientRect().bottom;
const coveredTo = () => Math.max(...findAll("[data-top], [data-over-card]").map(bottomOf));

/**
 * Change the page so that what one writes or reads stays where it is, or below a line that has come over it.
 * @param {() => void} change
 * @returns {() => void} measures the page and scrolls it back, before it is shown
 */
export function steadily(change) {
  const card = find(".one.is-shown");
  const inSight = (element) => bottomOf(element) > bottomOf(find("[data-top]"));
  const focus = document.activeElement;
  const parts = () => findAll(".meta, h2, .exhibit, .more, .guide, .block, .gate-choice", card);
  const anchor = card?.contains(focus) && inSight(focus) ? focus : card && parts().find(inSight);
  const before = anchor && topOf(anchor);
  const covered = coveredTo();
  const first = isText(focus) ? undefined : card && parts().find((part) => topOf(part) >= covered);
  change();
  return function goBack() {
    const after = anchor?.isConnected && anchor.checkVisibility() ? topOf(anchor) : before;
    if (after === before) return;
    const back = () => scrollBy({ top: topOf(anchor) - before, behavior: "instant" });
    back();
    if (Math.abs(topOf(anchor) - before) >= 1) {
      document.body.classList.add("has-room");
      back();
    }
    if (first?.checkVisibility()) scrollBy({ top: Math.min(0, topOf(first) - coveredTo()), behavior: "instant" });
  };
}
