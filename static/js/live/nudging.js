// A short line to the person asking: a dialog to write it, and the lines that the panel has sent, until each person dismisses them.

import { find, setHidden, setText } from "../page.js";
import { fillList } from "./fill.js";
import { createLineDialog } from "./line-dialog.js";
import { phaseOf } from "./state.js";

/** @import { State } from "../types.js" */

// So many lines are in sight: the newest. Dismissed ones make room for older ones.
const MOST = 2;

/**
 * @param {{state: () => State, actions: any, outbox: any, drawers: any, timeZone: string|null, explain: (words: string) => void}} page
 */
export function createNudging({ state, actions, outbox, drawers, timeZone, explain }) {
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timeZone ?? undefined });
  function whyNot() {
    const { interview, me, panel } = state();
    if (interview.status !== "live") return interview.status === "scheduled" ? "The interview hasn’t started yet" : "The call has ended";
    if (!me.may_cover) return "Shadows can’t send a line to the panel";
    return Object.values(panel).filter((seat) => !seat.has_left).length > 1 ? null : "There is no one else on this panel";
  }

  const dialog = createLineDialog({ name: "nudge", outbox, drawers, whyNot, explain, send: actions.nudge });

  const button = find("[data-nudge]");
  const list = find("[data-nudges]");

  return {
    open: dialog.open,
    close: dialog.close,
    adopt: dialog.adopt,

    paint() {
      setHidden(button, Boolean(whyNot()));
      const now = state();
      const rows = phaseOf(now) === "live" ? now.nudges.filter(({ seen }) => !seen).slice(-MOST) : [];
      setHidden(list, !rows.length);
      fillList(
        list,
        "nudge",
        rows.map((row) => ({ ...row, key: row.client_id })),
        (element, row) => {
          const isMine = row.author === now.me.panelist;
          element.classList.toggle("is-mine", isMine);
          setText(find("[data-who]", element), isMine ? "You" : (now.panel[row.author]?.short ?? "Someone"));
          setText(find("[data-text]", element), row.text);
          setText(find("[data-at]", element), hour.format(new Date(row.at)));
          setText(find("[data-about]", element), `: ${row.text}`);
        },
      );
    },
  };
}
