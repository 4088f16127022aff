// Shows for a moment where something changed that no pointer was at: a key's own doing, or a colleague's.

import { find, findAll, openDialog } from "../page.js";
import { isSeen } from "./fields.js";

/** @import { LiveEvent } from "../types.js" */

const SHOWN = 1_500;
/** When each fresh element stops to be it. @type {WeakMap<Element, ReturnType<typeof setTimeout>>} */
const ends = new WeakMap();

const PLACES = {
  point: (id) => `[data-point-row="${id}"]`,
  extra: (id) => `[data-unlisted-list] [data-key="${id}"]`,
  flag: ({ question, name }) => `[data-question="${question}"] [data-flag="${name}"]`,
  rating: ({ question, value }) => `[data-question="${question}"] ${value ? `.step:has([value="${value}"])` : "[data-rate]"}`,
};

/** Whether it is between the bar on top and the ratings at the bottom. */
function isInWindow(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const foot = find(".one.is-shown .rating") ?? find("[data-foot]");
  const isInFoot = foot.contains(element);
  return (
    isSeen(element) &&
    top >= find("[data-top]").getBoundingClientRect().bottom - 1 &&
    (isInFoot || bottom <= foot.getBoundingClientRect().top + 1)
  );
}

/** @param {string} kind "point", "extra", "flag" or "rating" @param {any} id @returns {boolean} whether it is in sight */
export function flash(kind, id) {
  // Nothing is shown under a dialog.
  if (openDialog()) return true;
  const element = findAll(PLACES[kind](id)).find((one) => one.closest(".one.is-shown"));
  if (!element || !isInWindow(element)) return false;
  element.classList.add("is-fresh");
  clearTimeout(ends.get(element));
  ends.set(
    element,
    setTimeout(() => element.classList.remove("is-fresh"), SHOWN),
  );
  return true;
}

/** Flash the point that somebody heard. @param {LiveEvent} event @returns {boolean} whether it is in sight */
export const flashHeard = ({ kind, payload }) => (kind === "tick" ? flash("point", payload.point) : flash("extra", payload.client_id));
