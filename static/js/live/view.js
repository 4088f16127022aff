// The state on screen: what the server told, with this page's own commands on top until their events arrive.

import { eventOf } from "./expected.js";
import { apply } from "./state.js";

/** @import { Entry, LiveEvent, State } from "../types.js" */

/** @param {State} initial */
export function createView(initial) {
  // The state by the events received so far.
  let server = initial;
  /** Commands with a receipt whose event has not arrived yet. @type {{entry: Entry, shared: number, own: number}[]} */
  let acknowledged = [];
  let view = initial;

  return {
    state: () => view,
    server: () => server,

    /** A receipt came; its event has these numbers. @param {Entry} entry @param {{shared: number|null, own: number|null}} numbers */
    acknowledge(entry, { shared, own }) {
      if (shared !== null || own !== null) acknowledged.push({ entry, shared: shared ?? 0, own: own ?? 0 });
    },

    /** Apply events, but for what is known and what comes after a gap. @param {LiveEvent[]} events @returns {LiveEvent[]} the new ones */
    receive(events) {
      const fresh = [];
      for (const event of events) {
        if (event.seq !== server.streams[event.stream] + 1) continue;
        fresh.push(event);
        server = apply(server, event);
      }
      return fresh;
    },

    /** I can no longer see this interview. */
    gone() {
      server = { ...server, interview: { ...server.interview, status: "gone" } };
    },

    /** Apply acknowledged and pending commands to the server's state. @param {Entry[]} waiting */
    refresh(waiting) {
      acknowledged = acknowledged.filter(({ shared, own }) => shared > server.streams.shared || own > server.streams.own);
      view = [...acknowledged.map(({ entry }) => entry), ...waiting].reduce((state, entry) => {
        const event = eventOf(entry, state, new Date(entry.at).toISOString());
        return event ? apply(state, event) : state;
      }, server);
    },
  };
}
