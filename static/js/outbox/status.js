// The status line: what is saved, what waits, and why.

import { find, fixed, plural, setHidden, setText } from "../page.js";

/** @import { Outbox } from "./notes.js" */

// Changes pending for less than this many ms are not mentioned.
const ON_ITS_WAY = 1_000;

const storedWords = (isStored) => (isStored ? "saved on this device" : "not saved yet");

/**
 * The status while changes wait: "Offline · 2 changes saved on this device".
 * @param {{waiting: number, reason: string|null, told?: string, isStored: boolean}} status  `told` is the server's own reason
 */
export function waitingWords({ waiting, reason, told, isStored }) {
  if (!reason) return `Saving ${plural(waiting, "change")}…`;
  const why = {
    offline: "Offline",
    unreachable: "The server isn’t responding",
    busy: "The server is busy",
    outage: told?.replace(/\.$/, ""),
  }[reason];
  return [why, `${plural(waiting, "change")} ${storedWords(isStored)}`].filter(Boolean).join(" · ");
}

/**
 * The words of the status line: "Saved" only after something was saved, and only if it is true of everything on the page.
 * @param {{waiting: number, reason: string|null, told?: string, isStored: boolean, tooLong: number, refused: number, unsent: number}} status
 * @param {boolean} isWaiting @param {string} savedAt a time of day, "" if nothing was saved yet
 */
export function statusWords(status, isWaiting, savedAt) {
  const { reason, tooLong, refused, unsent } = status;
  const saved = savedAt ? `Saved ${savedAt}` : "Nothing to save";
  const parts = [
    tooLong ? "Too long to save" : "",
    refused ? `${plural(refused, "change")} couldn’t be saved` : "",
    isWaiting
      ? waitingWords(status)
      : [tooLong || refused || unsent ? "" : saved, reason === "offline" ? "Offline" : ""].filter(Boolean).join(" · "),
    unsent ? `${plural(unsent, "line")} not added yet` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/**
 * The status line: "Saved 14:02:11", or what is pending and why; also whether this browser can store drafts.
 * Signing in again opens a dialog, or the sign-in page if the dialog cannot be loaded.
 * @param {{outbox: Outbox, timeZone?: string|null}} page
 */
export function createStatus({ outbox, timeZone }) {
  const exact = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: timeZone ?? undefined });

  find("[data-try-now]").addEventListener("click", outbox.flush);
  find("[data-sign-in]").addEventListener("click", async (event) => {
    event.preventDefault();
    const { href } = event.currentTarget;
    try {
      const { openSignIn } = await import("./sign-in.js");
      openSignIn(() => outbox.signedIn(true));
    } catch {
      open(href, "_blank");
    }
  });

  return function paint(status) {
    const { waiting, since, reason, words: told, savedAt, isStored, tooLong, refused, unsent } = status;
    const isOut = reason === "signed-out";
    const isWaiting = waiting > 0 && (reason || since > ON_ITS_WAY);
    const chip = fixed("[data-status]");
    setHidden(chip, isOut);
    chip.dataset.waiting = waiting;
    setText(
      fixed("[data-status-words]"),
      statusWords({ ...status, told }, Boolean(isWaiting), savedAt ? exact.format(new Date(savedAt)) : ""),
    );
    const isCalm = !isWaiting && !reason && !tooLong && !refused;
    chip.classList.toggle("good", isCalm && !unsent);
    chip.classList.toggle("warn", !isCalm);
    setHidden(fixed("[data-try-now]"), !isWaiting || isOut || !reason);
    const link = fixed("[data-sign-in]");
    setHidden(link, !isOut);
    setText(link, waiting ? `Sign in again. ${plural(waiting, "change")} ${storedWords(isStored)}` : "Sign in again");
    setHidden(fixed("[data-unkept]"), isStored);
  };
}
