// The tray of changes that could not be saved.

import { copyText } from "../clipboard.js";
import { find, setText } from "../page.js";

/** @import { Entry } from "../types.js" */
/** @import { Outbox } from "./notes.js" */

/**
 * The tray of refused changes: the reason, the text, and a button to copy it. A row goes away only when dismissed, or
 * when a newer state of the same is saved.
 * @param {{outbox: Outbox, keyOf: (entry: Entry) => string}} page `keyOf`: the row that an entry has
 */
export function createTray({ outbox, keyOf }) {
  const tray = find("[data-tray]");
  const list = find("[data-tray-list]", tray);
  const rowOf = (key) => [...list.children].find((row) => row.dataset.key === key);

  /** @param {string} key */
  const entriesOf = (key) => outbox.refused().filter((entry) => keyOf(entry) === key);

  function remove(key) {
    rowOf(key)?.remove();
    tray.hidden = !list.children.length;
  }

  list.addEventListener("click", async ({ target }) => {
    const row = target.closest("[data-key]");
    if (target.closest("[data-tray-copy]")) {
      await copy(find("[data-text]", row));
      setText(target, "Copied");
    } else if (target.closest("[data-tray-retry]")) {
      remove(row.dataset.key);
      entriesOf(row.dataset.key).forEach(outbox.retry);
    } else if (target.closest("[data-tray-remove]")) {
      entriesOf(row.dataset.key).forEach(outbox.dismiss);
      remove(row.dataset.key);
      find("#main").focus();
    }
  });

  return {
    /**
     * Add a row, or replace the older text of the same note.
     * @param {{key: string, what: string, why: string, text: string, isOurs?: boolean}} row `isOurs`: it can be retried
     */
    add({ key, what, why, text, isOurs = false }) {
      const row = rowOf(key) ?? find("template", tray).content.firstElementChild.cloneNode(true);
      row.dataset.key = key;
      setText(find("[data-what]", row), what);
      setText(find("[data-why]", row), why);
      setText(find("[data-text]", row), text);
      for (const part of ["[data-text]", "[data-tray-copy]"]) find(part, row).hidden = !text;
      setText(find("[data-tray-copy]", row), "Copy");
      find("[data-tray-retry]", row).hidden = !isOurs;
      list.append(row);
      tray.hidden = false;
    },
    remove,
    isEmpty: () => !list.children.length,
  };
}

/** Copy a text; where the browser does not let us, select it, so that one key copies it. */
async function copy(element) {
  if (!(await copyText(element.textContent))) getSelection().selectAllChildren(element);
}
