// The short text fields: extra points, and what to follow up later. Leaving such a field adds its text.

import { beside } from "../outbox/notes.js";
import { throttled } from "../outbox/storage.js";
import { uuid } from "../outbox/uuid.js";
import { find, findAll } from "../page.js";
import { isText } from "./fields.js";
import { focusCard } from "./sight.js";

/** @import { ElementEvent, State } from "../types.js" */

const SHORT = "[data-unlisted], [data-end-field]";

const draftOf = (field) => (field.matches("[data-end-field]") ? "end" : `unlisted-${field.closest("[data-question]").dataset.question}`);

/**
 * @param {{state: () => State, actions: any, outbox: any, drawers: any, shownId: () => number|null}} page
 */
export function createShort({ state, actions, outbox, drawers, shownId }) {
  const fields = findAll(SHORT);
  /** The text field that had the focus before a short one, and its caret. */
  let cameFrom = null;

  function edit(clientId) {
    const field = find(".one.is-shown [data-unlisted]");
    addFrom(field);
    field.value = state().unlisted.find((row) => row.client_id === clientId).text;
    field.dataset.editing = clientId;
    field.focus();
  }

  /** Store a short text that was not added yet, so that it outlives the page. */
  function persistDraft(field) {
    const { value: text, dataset } = field;
    outbox.persistDraft(draftOf(field), text.trim() ? { text, editing: dataset.editing } : null);
  }

  /** Put a text that a closed page has left back into its field. @returns {boolean} whether there is one */
  function adopt(target, value) {
    const field = fields.find((one) => draftOf(one) === target);
    if (!field) return false;
    field.value = field.value.trim() ? beside(field.value, value.text).replace(/\s+/g, " ") : value.text;
    if (value.editing && state().unlisted.some((row) => row.client_id === value.editing)) field.dataset.editing = value.editing;
    persistDraft(field);
    return true;
  }

  function addFrom(field) {
    const text = field.value.trim();
    const { editing } = field.dataset;
    field.value = "";
    delete field.dataset.editing;
    if (text && field.matches("[data-unlisted]"))
      actions.unlisted(Number(field.closest("[data-question]").dataset.question), text, editing);
    else if (text) actions.looseEnd(uuid(), { text, question: shownId(), is_done: false });
    // The text is a command now.
    persistDraft(field);
  }

  /** Out of a field: back to where one wrote before, else to the card, where single keys work. */
  function leave(field) {
    if ((drawers.isOpen() || field.closest("dialog")) && field.matches("[data-end-field]")) return;
    const before = field.matches(SHORT) ? cameFrom : null;
    field.blur();
    if (!before?.field.checkVisibility()) return focusCard();
    before.field.focus();
    before.field.setSelectionRange(before.start, before.end);
  }

  function watch(field) {
    const typing = throttled(() => persistDraft(field));
    field.addEventListener("input", typing.changed);
  }

  /** The fields of a card that came later. */
  function add(card) {
    const more = findAll(SHORT, card);
    fields.push(...more);
    more.forEach(watch);
  }

  fields.forEach(watch);
  document.addEventListener("submit", (/** @type {ElementEvent} */ event) => {
    const field = find(SHORT, event.target);
    if (!field) return;
    event.preventDefault();
    addFrom(field);
    leave(field);
  });
  document.addEventListener("focusin", (/** @type {FocusEvent & ElementEvent & {relatedTarget: any}} */ { target, relatedTarget }) => {
    if (!target.matches(SHORT)) return;
    const isWritten = isText(relatedTarget) && !relatedTarget.matches(SHORT);
    cameFrom = isWritten ? { field: relatedTarget, start: relatedTarget.selectionStart, end: relatedTarget.selectionEnd } : null;
  });
  document.addEventListener("focusout", (/** @type {FocusEvent & ElementEvent} */ { target }) => target.matches(SHORT) && addFrom(target));

  return { edit, adopt, leave, add, hasText: () => fields.some((field) => field.value.trim()) };
}
