// Reads answers of the server: a receipt, a final refusal, or a reason to try again.

/** @import { Outcome } from "../types.js" */

// Status codes of final refusals. They need a JSON reason: a proxy's error page refuses nothing.
const FINAL = [400, 403, 404, 409, 413, 422];

/** How long the server asks to wait, in milliseconds. */
function pauseOf(response) {
  return 1000 * Number(response.headers.get("Retry-After")) || 0;
}

/** The body as JSON; null if it is none. Throws what ends the request. */
export async function jsonOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null;
  }
}

/** Read a response: a receipt, a final refusal, or the reason to retry. @returns {Outcome} */
export function outcomeOf(response, body, entry) {
  if (response.status === 401 || response.type === "opaqueredirect") return { reason: "signed-out" };
  if (response.status === 200 && body?.receipt && body.receipt === entry.id) return { answer: body };
  if (FINAL.includes(response.status) && typeof body?.error === "string") return { refusal: body.error, code: body.code };
  if (response.status === 413) return { refusal: "This text is too long for the server." };
  if (response.status === 429) return { reason: "busy", wait: pauseOf(response) };
  if (response.status === 503 && typeof body?.error === "string") return { reason: "outage", words: body.error, wait: pauseOf(response) };
  return {
    reason: "unreachable",
    blame: response.status ? `The server couldn’t save this change (error ${response.status}).` : undefined,
  };
}
