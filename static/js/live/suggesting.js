// A suggestion to the curators of the bank: a dialog about the question in sight, or for a new one.

import { find, findAll, setText } from "../page.js";
import { promptOf } from "./fill.js";
import { createLineDialog } from "./line-dialog.js";
import { phaseOf, questionOf } from "./state.js";

/** @import { State } from "../types.js" */

const WORDS = /[\p{L}\p{N}_]{3,}/gu;
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Why a text that names the candidate is not sent, in the server's words; "" if it doesn't. @param {string} text @param {string} name */
export function problemOf(text, name) {
  const there = folded(text).match(WORDS) ?? [];
  const found = (name.normalize("NFC").match(WORDS) ?? []).filter((word) => there.includes(folded(word)));
  return found.length ? `This names the candidate: ${found.join(" ")}. Leave the name out.` : "";
}

/**
 * @param {{state: () => State, shownId: () => number|null, actions: any, outbox: any, drawers: any, explain: (words: string) => void}} page
 */
export function createSuggesting({ state, shownId, actions, outbox, drawers, explain }) {
  const whyNot = () => (phaseOf(state()) === "gone" ? "You’re no longer on this panel" : null);
  // The question it is about, as it was opened: the page below moves on.
  let about = null;

  const kinds = () => findAll("[data-suggest-kind]");
  const kindOf = () => kinds().find((field) => field.checked).value;

  function choose(kind) {
    for (const field of kinds()) {
      field.checked = field.value === kind;
      field.disabled = about === null && field.value !== "new";
    }
  }

  function onOpen() {
    about = questionOf(state(), shownId())?.id ?? null;
    setText(find("[data-suggest-about]"), about === null ? "" : `“${promptOf(about)}”`);
    choose(about === null ? "new" : "change");
  }

  const named = (text) => problemOf(text, find("#suggest").dataset.candidate);

  function send(text) {
    const kind = kindOf();
    actions.suggest({ kind, question: kind === "new" ? null : about, text });
  }

  const dialog = createLineDialog({ name: "suggest", outbox, drawers, whyNot, explain, onOpen, problemOf: named, send });

  return { open: dialog.open, close: dialog.close, adopt: dialog.adopt };
}
