// Taking the lead of a call whose lead is missing, with one question.

import { find, fixed, setHidden, setText } from "../page.js";

/** @import { State } from "../types.js" */

/** Whether I may take the lead, once the planned time has come. @param {State} state */
export function mayTakeLead({ interview, me }) {
  return me.may_cover && !me.may_lead && ["scheduled", "live"].includes(interview.status);
}

/** @param {{state: () => State, now: () => number, actions: Record<string, any>, timeZone: string|null}} page */
export function createTakingLead({ state, now, actions, timeZone }) {
  const dialog = find("#take-lead");
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timeZone ?? undefined });

  const start = () => Date.parse(state().interview.scheduled_for);

  return {
    /** Offer it while the call waits for its start; the panel's list offers it during the call. */
    paint() {
      setHidden(fixed("[data-take-lead]"), !mayTakeLead(state()) || state().interview.status !== "scheduled" || now() < start());
    },

    ask() {
      setText(find("[data-planned]", dialog), clock.format(start()));
      dialog.showModal();
    },

    take() {
      dialog.close();
      actions.doShared({ kind: "take_lead", value: true }, "taking the lead");
      // The button that opened the dialog is gone: the next step is here.
      find('[data-do="start"]').focus();
    },
  };
}
