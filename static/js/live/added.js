// Questions added in the call, by me or a colleague: brings their cards and outline rows from the server onto the page.

import { pauseAfter } from "../outbox/pauses.js";
import { find, findAll, heard } from "../page.js";
import { cards, phaseOf } from "./state.js";

/** @import { State } from "../types.js" */

/**
 * @param {{state: () => State, url: string, isLive: () => boolean, onCard: (card: HTMLElement, id: number) => void, onCards: () => void,
 *   onMissing: () => void, show: (card: string) => void}} page
 *   `url` of question 0; `onCard` is called for each new card, `onCards` once all of a block are on the page, `onMissing` where
 *   the server has none for this person.
 */
export function createAdded({ state, url, isLive, onCard, onCards, onMissing, show }) {
  /** Blocks on their way, by the id of their question. @type {Set<number>} */
  const coming = new Set();
  /** Questions added on this page, to show once they arrive. @type {Set<string>} */
  const expected = new Set();
  /** Requests in a row that brought no card. */
  let failures = 0;

  /** Put `element` after the one that belongs to the card before `id`, else first in `home`. */
  function place(element, id, selector, home) {
    const order = cards(state());
    const before = order.slice(0, order.indexOf(`q${id}`)).reverse();
    const found = before.map((card) => find(selector(card))).find((one) => one && home.contains(one));
    if (found) found.after(element);
    else home.prepend(element);
  }

  /** @param {Document} page @param {number} section */
  function insert(page, section) {
    for (const card of findAll("article", page)) {
      const id = Number(card.dataset.question);
      place(card, id, (name) => `.q > [data-card="${name}"]`, find(".q"));
      const row = find(`[data-look="q${id}"]`, page).closest("li");
      const rowOf = (name) => `.outline [data-outline-section="${section}"] li:has(> [data-look="${name}"])`;
      place(row, id, rowOf, find(`[data-outline-section="${section}"] ol`));
      onCard(card, id);
    }
  }

  /** The page with the cards of a question; null where the server has not sent it. @param {number} id @returns {Promise<Document|null>} */
  async function fetchBlock(id) {
    try {
      const answer = await fetch(url.replace(/0\/$/, `${id}/`), { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status === 404) onMissing();
      // The sign-in page, or a proxy's own words.
      return answer.ok && find(`#q-${id}`, page) ? page : null;
    } catch {
      return null;
    }
  }

  async function bring({ id, section, added }) {
    coming.add(id);
    const page = await fetchBlock(id);
    if (page) {
      failures = 0;
      heard(() => insert(page, section));
    } else {
      failures += 1;
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures)));
    }
    coming.delete(id);
    onCards();
    if (find(`#q-${id}`) && expected.delete(added.id) && isLive()) show(`q${id}`);
  }

  return {
    /** Bring the cards that the state has and the page has not. Who has left the panel gets none. */
    ensure() {
      if (phaseOf(state()) === "gone") return;
      for (const question of state().questions) {
        if (question.added?.id && !coming.has(question.id) && !find(`#q-${question.id}`)) bring(question);
      }
    },

    /** @param {string} id of a question that this person has just added */
    expect: (id) => expected.add(id),
  };
}
