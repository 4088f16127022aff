// Fills the page: texts, and lists of copies of a <template>. Builds no HTML.

import { find } from "../page.js";

/** @type {WeakMap<Element, any[]>} */
const filled = new WeakMap();

/** Whether an element was filled with other values the last time. @param {Element} element @param {...any} values */
export function isNew(element, ...values) {
  const last = filled.get(element);
  filled.set(element, values);
  return !last || last.length !== values.length || values.some((value, at) => value !== last[at]);
}

/** Make `list` show `rows`, which have a `key`, with copies of a template; rows that stay keep their element. */
export function fillList(list, template, rows, fill) {
  const old = new Map([...list.children].map((element) => [element.dataset.key, element]));
  rows.forEach((row, index) => {
    const element = old.get(String(row.key)) ?? find(`template[data-template="${template}"]`).content.firstElementChild.cloneNode(true);
    old.delete(String(row.key));
    element.dataset.key = row.key;
    fill(element, row);
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  for (const element of old.values()) element.remove();
}

/** The words of a question, from the page. */
export const promptOf = (id) => find(`#q-${id}-prompt`)?.textContent ?? "the question just added";

/** The words of what a command is about, from the page. */
export const names = {
  point: (id) => find(`[data-point-row="${id}"] [data-text]`).textContent,
  flag: (name) => find(`[data-flag="${name}"] [data-text]`).textContent,
  question: promptOf,
  gate: (id) => find(`#g-${id}-title`).textContent,
};
