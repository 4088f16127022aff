// What every module needs of the page: elements by selector, and the CSRF token.

/** @param {string} selector @param {ParentNode} [root] @returns {any} the first element, or null */
export const find = (selector, root = document) => root.querySelector(selector);

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The CSRF cookie as it is now: it changes at each sign-in, in another tab too. */
export function csrfToken() {
  const pair = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return pair?.slice("csrftoken=".length) ?? "";
}
