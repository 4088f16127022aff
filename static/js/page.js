// Small helpers for every module: elements by selector, the CSRF token, plurals.

/** @param {string} selector @param {ParentNode} [root] @returns {any} the first element, or null */
export const find = (selector, root = document) => root.querySelector(selector);

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The CSRF cookie as it is now: it changes at each sign-in, in another tab too. */
export function csrfToken() {
  const pair = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return pair?.slice("csrftoken=".length) ?? "";
}

/** "1 change", "2 changes". @param {number} count @param {string} word */
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
