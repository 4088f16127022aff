// What the page says: announced politely, and shown for a moment where that is needed.

import { find } from "../page.js";

const SHOWN = 5_000;

export function createSay() {
  let timer = 0;

  /** Announce politely; `isVisible` also shows it for a moment, `isPublic` even while names and notes are hidden. */
  function say(words, { isVisible = false, isPublic = false } = {}) {
    const place = find("[data-said]");
    clearTimeout(timer);
    // The same words twice are still news.
    place.textContent = place.textContent === words ? `${words}\u00a0` : words;
    place.classList.toggle("is-visible", isVisible);
    place.classList.toggle("is-public", isPublic);
    timer = setTimeout(() => place.classList.remove("is-visible"), SHOWN);
  }

  /** Say, in sight, why a key does nothing. */
  const explain = (words) => say(words, { isVisible: true, isPublic: true });

  return { say, explain };
}
