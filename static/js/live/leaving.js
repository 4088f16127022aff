// Closing the page: what is typed is stored, and the browser asks where something would not reach the server.

import { find } from "../page.js";

/** @import { ElementEvent } from "../types.js" */

/** @param {{outbox: any, notes: any, short: any, tray: any}} page */
export function createLeaving({ outbox, notes, short, tray }) {
  const scorecard = find("[data-top] a[data-when~=ended]").href;
  let isToScorecard = false;

  /** Whether a line would be left behind that was not added yet. The scorecard shows it. */
  const leavesLine = () => short.hasText() && !(isToScorecard && outbox.status().isStored);

  addEventListener(
    "click",
    (/** @type {MouseEvent & ElementEvent} */ { target }) => {
      isToScorecard = target.closest("a")?.href === scorecard;
    },
    { capture: true },
  );
  addEventListener("pagehide", notes.flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" || notes.flush());
  addEventListener("beforeunload", (event) => {
    notes.flush();
    if (outbox.waiting().length || notes.hasUnsaved() || leavesLine() || !tray.isEmpty()) event.preventDefault();
  });
}
