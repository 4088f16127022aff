// For a panelist who was removed from the panel while offline: sends their pending commands, and shows the texts to copy
// until they are saved or dismissed.

import { wordsOf } from "./drafts.js";
import { createOutbox } from "./outbox.js";

/** @import { Entry } from "../types.js" */

const textOf = ({ value }) => wordsOf(value);

/** @returns {Promise<{isOpen: boolean, at: string}|null>} whether the live page opens, and the server's time; null without an answer */
export async function look(url) {
  try {
    const answer = await fetch(url, { redirect: "manual", headers: { Accept: "text/html" } });
    const isKnown = answer.ok || [403, 404].includes(answer.status);
    return isKnown ? { isOpen: answer.ok, at: new Date(answer.headers.get("Date") ?? Date.now()).toISOString() } : null;
  } catch {
    return null;
  }
}

function button(words, act) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className: "btn", textContent: words });
  element.addEventListener("click", () => act(element));
  return element;
}

/** @param {Entry} entry @param {{words: string, dismiss?: () => void}} how */
function rowOf(entry, { words, dismiss }) {
  const row = document.createElement("li");
  const text = document.createElement("p");
  Object.assign(text, { className: "pre", dir: "auto", textContent: textOf(entry) });
  row.append(words, text);
  const copy = async (element) => {
    await navigator.clipboard.writeText(text.textContent).catch(() => getSelection().selectAllChildren(text));
    element.textContent = "Copied";
  };
  if (textOf(entry)) row.append(button("Copy", copy), " ");
  if (dismiss) row.append(button("Dismiss", dismiss));
  return row;
}

/**
 * @param {{user: number, interview: number, url: string, at: string, entries: Entry[], place: Element}} left
 *   `url` receives commands, `at` is the server's time, `entries` are the journal's, `place` is where notices go
 */
export function show({ user, interview, url, at, entries, place }) {
  const notice = document.createElement("section");
  notice.className = "message warning";
  const heading = document.createElement("p");
  const list = document.createElement("ul");
  notice.append(heading, list);
  place.append(notice);

  let open = entries;
  let refused = [];

  function paint() {
    heading.textContent =
      open.length || refused.length
        ? "You’re no longer on the panel of an interview that still has unsaved changes of yours. They’re being sent. Copy what you need."
        : "Your changes from before you left the panel are saved.";
    list.replaceChildren(
      ...open.filter(textOf).map((entry) => rowOf(entry, { words: "Not sent yet:" })),
      ...refused.map((entry) => rowOf(entry, { words: `Couldn’t save: ${entry.refused}`, dismiss: () => outbox.dismiss(entry) })),
    );
  }

  const settle = (entry) => {
    open = open.filter(({ id }) => id !== entry.id);
    refused = outbox.refused();
    paint();
  };
  const outbox = createOutbox({ url, sender: user, interview, savedAt: at, onReceipt: settle, onRefused: settle, onDismissed: settle });
  paint();
}
