// Small helpers for every module: elements by selector, the CSRF token, plurals.

/** @param {string} selector @param {ParentNode} [root] @returns {any} the first element, or null */
export const find = (selector, root = document) => root.querySelector(selector);

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** @type {WeakMap<ParentNode, Map<string, any>>} */
const known = new WeakMap();

/** As `find`, but looks once: for elements that stay until the page closes. @param {string} selector @returns {any} */
export function fixed(selector, root = /** @type {ParentNode} */ (document)) {
  if (!known.has(root)) known.set(root, new Map());
  const parts = known.get(root);
  if (!parts.get(selector)) parts.set(selector, find(selector, root));
  return parts.get(selector);
}

/** The dialog that is open, if any. Asked at each key: a selector would look through the whole page. */
export const openDialog = () => [...document.getElementsByTagName("dialog")].find(({ open }) => open) ?? null;

export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Hide or show an element. Written again unchanged, `hidden` makes the browser style the element again. */
export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

/**
 * Tell a listener. A bug in it is reported, and stops neither who tells nor the listeners after it: it must not read as a
 * server that can't be reached. @template T @param {() => T} tell @returns {T|undefined}
 */
export function heard(tell) {
  try {
    return tell();
  } catch (error) {
    (globalThis.reportError ?? console.error)(error);
    return undefined;
  }
}

/** The text of a question without the backticks around code, as the server's `spoken`. @param {string} text */
// \x60 is the backtick: what leaves comments out takes three of them for the beginning of a text.
const CODE = /\x60([^\x60\n]+)\x60/g;
export const spoken = (text) => text.replace(CODE, "$1");

/** As `setText`, with the words between backticks as code, as the server's `code`. @param {HTMLElement} element @param {string} text */
export function setCode(element, text) {
  if (element.dataset.raw === text) return;
  element.dataset.raw = text;
  const parts = text.split(CODE).map((words, number) => {
    if (number % 2 === 0) return words;
    const code = document.createElement("code");
    code.textContent = words;
    return code;
  });
  element.replaceChildren(...parts);
}

/** The CSRF cookie as it is now: it changes at each sign-in, in another tab too. */
export function csrfToken() {
  const pair = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return pair?.slice("csrftoken=".length) ?? "";
}

/** "1 change", "2 changes". @param {number} count @param {string} word */
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/**
 * Start to measure ms. The longer of two clocks counts: one of them stops while the machine sleeps, and people set the other.
 * @returns {() => number}
 */
export function stopwatch() {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
