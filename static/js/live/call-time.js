// The time of the call: asking before an early start, and making a call longer.

import { find, setText } from "../page.js";
import { pauseOf } from "./pace.js";
import { untilWords } from "./pace-words.js";

/** @import { State } from "../types.js" */

// In ms. Starting earlier than this before the planned time asks.
const EARLY = 15 * 60_000;
const LONGEST = 480;

/**
 * @param {{state: () => State, now: () => number, actions: Record<string, any>, moves: Record<string, any>, timeZone: string|null}} page
 */
export function createCallTime({ state, now, actions, moves, timeZone }) {
  const dialog = find("#start-early");
  const clock = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: timeZone ?? undefined,
  });

  return {
    /** Start the call; first ask where its time is far away. */
    start() {
      const planned = Date.parse(state().interview.scheduled_for);
      if (!(planned - now() > EARLY)) return moves.start();
      setText(find("[data-planned]", dialog), `${clock.format(planned)}, ${untilWords(planned, now())}`);
      return dialog.showModal();
    },

    startNow() {
      dialog.close();
      moves.start();
    },

    /** Pause the call, or resume it. */
    pause() {
      const isPaused = Boolean(pauseOf(state()).since);
      actions.doShared({ kind: "pause", value: !isPaused }, isPaused ? "resuming the call" : "pausing the call");
    },

    /** @param {boolean} isOn whether the call may run over its slot */
    runOver(isOn) {
      actions.doShared({ kind: "run_over", value: isOn }, isOn ? "letting the call run over" : "ending the call on time");
    },

    /** @param {number} more minutes */
    longer(more) {
      const minutes = Math.min(state().interview.minutes + more, LONGEST);
      actions.doShared({ kind: "minutes", value: minutes }, `making the call ${more} min longer`);
    },
  };
}
