// Privacy on a screen that others see: show everything; no names, notes and ratings; or only the prompt.

import { find, findAll, setText } from "../page.js";
import { focusCard } from "./sight.js";

/** From this level on, names, notes and ratings are hidden; from the next one, all but the prompt, its exhibit and the clock. */
export const NO_NAMES = 1;
export const PROMPT_ONLY = 2;

const KEPT = "privacy";
const SAID = ["Everything is shown", "Names, notes and ratings are hidden", "Only the prompt is shown"];
const CHIP = ["", "hidden", "Prompt only"];
const NEXT = ["hide names and notes", "show only the prompt", "show everything"];

/**
 * One key goes through the three levels. The level outlives a reload, so that a reload on a shared screen reveals nothing.
 * @param {{say: (words: string, options?: Object) => void}} page
 */
export function createPrivacy({ say }) {
  let level = 0;
  try {
    level = Number(sessionStorage.getItem(KEPT)) % SAID.length || 0;
  } catch {
    // Without storage it lasts until the page is loaded again.
  }

  function paint() {
    document.body.classList.toggle("is-private", level >= NO_NAMES);
    document.body.classList.toggle("is-prompt-only", level >= PROMPT_ONLY);
    find("[data-hidden]").hidden = !level;
    setText(find("[data-hidden-words]"), CHIP[level]);
    find("[data-hidden-names]").hidden = level !== NO_NAMES;
    for (const words of findAll("[data-private-next]")) setText(words, NEXT[level]);
  }

  /** @param {number} to */
  function set(to) {
    level = to;
    if (level) /** @type {HTMLElement} */ (document.activeElement).blur();
    paint();
    focusCard();
    try {
      sessionStorage.setItem(KEPT, String(level));
    } catch {
      // As above.
    }
  }

  function toggle() {
    set((level + 1) % SAID.length);
    say(SAID[level], { isVisible: true, isPublic: true });
  }

  /** Why something that is hidden from `from` on cannot be used now; null where it is in sight. */
  function why(what, from) {
    if (level < from) return null;
    return `${what} are hidden. Press h ${level === PROMPT_ONLY ? "" : "twice "}to show them`;
  }

  paint();
  return { toggle, set, why, level: () => level };
}
