// Finds someone for a panel: who is offered, with their load, and why somebody is not. A pick goes into the first blank row.

import { find, findAll, plural, setText } from "../page.js";
import { walk } from "../walking.js";

/** @import { ElementEvent } from "../types.js" */

const SHOWN = 8;

/** Without case and accents. @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * The texts with every one of these words, in their order; none without a word.
 * @param {string[]} texts @param {string} words
 */
export function matching(texts, words) {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  return wanted.length ? texts.filter((text) => wanted.every((word) => fold(text).includes(word))) : [];
}

/** @param {HTMLElement} search beside the rows of its panel */
function setUp(search) {
  const panel = search.parentElement;
  const [input, list] = [find("input", search), find("[data-found]", search)];
  const [status, template] = [find("[data-count]", search), find("template", search)];
  const rows = () => findAll("select[name$=-person]", panel);
  const blank = () => rows().find((row) => !row.value);

  function show() {
    const options = [...rows()[0].options].filter((option) => option.value);
    const reasons = findAll("[data-not-offered] li").map((item) => item.textContent.trim());
    const texts = [...options.map((option) => option.text), ...reasons];
    const found = matching(texts, input.value);
    list.replaceChildren(
      ...found.slice(0, SHOWN).map((text) =>
        item(
          text,
          options.find((one) => one.text === text),
        ),
      ),
    );
    setText(status, input.value.trim() ? `${plural(found.length, "person").replace("persons", "people")} found.` : "");
  }

  function item(text, option) {
    const row = template.content.firstElementChild.cloneNode(true);
    const [button, words] = [find("button", row), find("span", row)];
    const isSeated = option && rows().some((one) => one.value === option.value);
    const isOffered = option && !isSeated && blank();
    const why = isSeated ? ": already on this panel" : option && !isOffered ? ": no blank row left" : "";
    setText(isOffered ? button : words, text + why);
    if (isOffered) button.value = option.value;
    (isOffered ? words : button).remove();
    return row;
  }

  function pick(value) {
    const row = blank();
    row.value = value;
    row.dispatchEvent(new Event("change", { bubbles: true }));
    input.value = "";
    show();
    row.focus();
  }

  input.addEventListener("input", show);
  search.addEventListener("keydown", (/** @type {KeyboardEvent & ElementEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key.startsWith("Arrow") && /Up|Down/.test(event.key)) walk(event, `#${input.id}`, `#${search.id} button`);
    else if (event.key === "Enter" && event.target === input) {
      event.preventDefault(); // rather than saving a plan that is half made
      find("button", list)?.click();
    }
  });
  list.addEventListener("click", (/** @type {MouseEvent & ElementEvent} */ event) => {
    const button = event.target.closest("button");
    if (button) pick(button.value);
  });
  search.hidden = false;
}

if (globalThis.document) for (const search of findAll("[data-people-search]")) setUp(search);
