// As much of a browser as the outbox needs to run in Node: no IndexedDB, so that everything waits in the page alone.

import { setMaxListeners } from "node:events";

const page = new EventTarget();
setMaxListeners(0, page);
// A channel keeps Node running.
delete globalThis.BroadcastChannel;
Object.assign(page, { cookie: "theme=dark; csrftoken=abc", visibilityState: "visible" });

Object.defineProperty(globalThis, "document", { value: page });
Object.defineProperty(globalThis, "navigator", { value: { onLine: true } });
for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) globalThis[name] = page[name].bind(page);

/** Answer requests to the server by `respond`, which gets the body that was sent; returns the list of these bodies. */
export function serve(respond) {
  const bodies = [];
  globalThis.fetch = async (_url, { body, headers }) => {
    const sent = JSON.parse(body);
    bodies.push({ ...sent, token: headers["X-CSRFToken"] });
    return respond(sent, bodies.length);
  };
  return bodies;
}

const NOW = "2026-03-02T10:00:00+00:00";

export const json = (value, { status = 200, headers = {} } = {}) =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } });

const receiptOf = ({ id }) => ({ receipt: id, at: NOW, shared: null, own: 1, result: {} });

/** A receipt for each command of a request. */
export function receipts(sent) {
  return sent.commands ? json({ answers: sent.commands.map(receiptOf), receipts: [], now: NOW }) : json(receiptOf(sent));
}

/** Wait until `isSo()`. */
export async function until(isSo) {
  for (let tries = 0; tries < 400 && !isSo(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!isSo()) throw new Error(`Not so after 2 s: ${isSo}`);
}
