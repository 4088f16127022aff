// Folds events into a page's state exactly as the live page does. One JSON line in, `{state, events}`; one line out.

import { createInterface } from "node:readline";
import { apply } from "../../static/js/live/state.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { state, events } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(events.reduce(apply, state))}\n`);
}
