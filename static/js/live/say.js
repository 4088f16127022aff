// Messages of the page: announced to screen readers, and shown for a moment where needed.

import { find, findAll, setHidden, spoken } from "../page.js";
import { isText } from "./fields.js";

// In ms: how long words are shown, and words with a way back.
const SHOWN = 5_000;
const OFFERED = 8_000;

/** A line above the ratings. It stays while the pointer or the focus is on it. */
function createToast(element) {
  let timer = 0;

  function hide() {
    clearTimeout(timer);
    element.classList.remove("is-visible");
  }

  function hideLater(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => (element.matches(":hover, :focus-within") ? hideLater(SHOWN) : hide()), wait);
  }

  return {
    show(words, { isPublic, offers }) {
      find("[data-toast-words]", element).textContent = words;
      for (const button of findAll("button", element)) setHidden(button, button.dataset.do !== offers);
      element.classList.toggle("is-public", isPublic);
      element.classList.add("is-visible");
      hideLater(offers ? OFFERED : SHOWN);
    },
    hideOffer: () => find("button:not([hidden])", element) && hide(),
  };
}

/** Where messages appear: above the ratings, but never over the line that is being written. */
function watchWriting() {
  const question = find(".q");
  const note = ({ type, target }) => question.classList.toggle("is-writing", type === "focusin" && Boolean(isText(target)));
  for (const type of ["focusin", "focusout"]) question.addEventListener(type, note);
}

export function createSay() {
  watchWriting();
  const mine = createToast(find("[data-toast=mine]"));
  // A separate toast: a colleague's act must not replace my Undo.
  const theirs = createToast(find("[data-toast=theirs]"));

  /**
   * Announce politely. `isVisible` also shows it for a moment, `isPublic` even while names and notes are hidden; `offers`
   * puts a button beside it; `isTheirs` is about what others did.
   * @param {string} text
   * @param {{isVisible?: boolean, isPublic?: boolean, offers?: "undo"|"redo"|null, isTheirs?: boolean}} [how]
   */
  function say(text, { isVisible = false, isPublic = false, offers = null, isTheirs = false } = {}) {
    const words = spoken(text);
    const place = find("[data-said]");
    // The same words twice are still news.
    place.textContent = place.textContent === words ? `${words}\u00a0` : words;
    if (isVisible) (isTheirs ? theirs : mine).show(words, { isPublic, offers });
  }

  /** Say, in sight, why a key does nothing. */
  const explain = (words) => say(words, { isVisible: true, isPublic: true });

  return { say, explain, hideOffer: mine.hideOffer };
}
