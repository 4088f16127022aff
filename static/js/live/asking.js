// A question that is not in the script: a dialog to type it, or to find it in the bank; and those that wait to be sent.

import { find, setHidden, setText, spoken } from "../page.js";
import { fillList } from "./fill.js";
import { createLineDialog } from "./line-dialog.js";
import { phaseOf, rootOf } from "./state.js";

/** @import { State } from "../types.js" */

// In ms: the bank is searched after this pause in typing, and a question that waits for the server so long is shown.
const [PAUSE, SLOW] = [150, 1_500];

/**
 * @typedef {{id: number, prompt: string, topic: string, level: string, minutes: number, is_rated: boolean,
 *   here: number|null}} Found
 * @param {{state: () => State, now: () => number, url: string, actions: any, moves: any, outbox: any, drawers: any, onAdded: (id: string) => void, held: any,
 *   explain: (words: string) => void}} page
 */
export function createAsking({ state, now, url, actions, moves, outbox, drawers, onAdded, explain, held }) {
  const list = find("[data-add-list]");
  /** @type {Found[]} */
  let found = [];
  // The chosen one of the list; -1: one's own words.
  let at = -1;
  let timer = 0;

  function whyNot() {
    const { interview, me } = state();
    if (!me.may_cover) return "Shadows can’t add questions";
    const words = { scheduled: "The interview hasn’t started yet", ended: "The call has ended" };
    return interview.status === "live" ? null : (words[interview.status] ?? "You can’t add a question now");
  }

  const dialog = createLineDialog({ name: "add", outbox, drawers, whyNot, explain, onOpen: () => search() });
  const { field } = dialog;

  function paintFound() {
    fillList(
      list,
      "bank-option",
      found.map((one) => ({ ...one, key: one.id })),
      (element, one) => {
        element.id = `bank-${one.id}`;
        const about = [one.topic, one.level, `~${one.minutes} min`, one.here ? "in this interview" : ""];
        setText(find("[data-where]", element), about.filter(Boolean).join(" · "));
        setText(find("[data-text]", element), spoken(one.prompt));
        element.setAttribute("aria-selected", String(one === found[at]));
      },
    );
    setHidden(list, !found.length);
    field.setAttribute("aria-expanded", String(found.length > 0));
    if (found[at]) field.setAttribute("aria-activedescendant", `bank-${found[at].id}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  /** Show what the bank has for these words; what comes late, for older words, is dropped. */
  async function search() {
    const words = field.value.trim();
    const isStill = () => words === field.value.trim();
    let says = "";
    let rows = [];
    if (words) {
      try {
        const answer = await fetch(`${url}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error("no answer");
        rows = (await answer.json()).questions;
        says = rows.length ? "" : "No matches in the bank.";
      } catch {
        says = "The bank can’t be searched right now. You can still ask what you typed.";
      }
    }
    if (!isStill()) return;
    [found, at] = [rows, -1];
    setText(find("[data-add-says]"), says);
    paintFound();
  }

  /** @param {Found|undefined} one of the bank; without it, the words in the field */
  function ask(one) {
    const text = field.value.trim();
    if (!one && !text) return setText(find("[data-add-says]"), "Type a question first.");
    const why = whyNot();
    // The words stay, to be copied.
    if (why) return setText(find("[data-add-says]"), `${why}.`);
    [found, at] = [[], -1];
    dialog.finish();
    if (one?.here) return moves.ask(one.here);
    return onAdded(actions.add(one ? { question: one.id } : { text }, { prompt: one?.prompt ?? text, is_rated: one?.is_rated ?? true }));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // An input method uses the arrows itself.
    if (!step || !found.length || event.isComposing) return;
    event.preventDefault();
    at = Math.max(-1, Math.min(found.length - 1, at + step));
    paintFound();
  });
  find("[data-add-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(found[at]);
  });
  list.addEventListener("click", ({ target }) => {
    const row = target.closest("[role=option]");
    if (row) ask(found.find(({ id }) => id === Number(row.dataset.key)));
  });

  return {
    open: dialog.open,
    close: dialog.close,
    adopt: dialog.adopt,

    /** The button, and what waits to be sent: it has no card yet. */
    paint() {
      setHidden(find("[data-add]"), phaseOf(state()) !== "live" || !state().me.may_cover);
      const adds = outbox.waiting().filter(({ kind }) => kind === "add");
      // The last one of each question: undone, it is not added.
      const waiting = [...new Map(adds.map((entry) => [entry.target, entry])).values()]
        .filter((entry) => entry.value && now() - entry.at > SLOW && !rootOf(state(), entry.target))
        .map(({ target, row, value }) => ({
          key: target,
          text: row?.prompt ?? value.text ?? "A question from the bank",
          isRated: row?.is_rated ?? true,
        }));
      waiting.push(...held.rows().filter(({ key }) => !waiting.some((one) => one.key === key)));
      setHidden(find("[data-adding]"), !waiting.length);
      const rows = find("[data-adding-list]");
      const before = [...rows.children].map(({ dataset }) => dataset.key);
      const placeOf = ({ key }) => (before.includes(key) ? before.indexOf(key) : before.length);
      // A row that moved would lose the caret, and the rest of the sentence would run as commands.
      waiting.sort((one, other) => placeOf(one) - placeOf(other));
      fillList(rows, "adding", waiting, held.fill);
    },
  };
}
