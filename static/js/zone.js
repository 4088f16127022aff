// Someone who travels: where this device's clock differs from the person's zone, pages name the zone of their times, and
// offer once to switch.

import { find, setText } from "./page.js";

const DAY = 86_400_000; // ms

/** What clocks of a zone show at a moment. @param {string} zone @param {number} at */
const shown = (zone, at) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(at);

/**
 * Whether clocks of two zones agree now and through the year. A zone that this browser does not know agrees with all.
 * @param {string} here @param {string} there @param {number} now
 */
export function agree(here, there, now) {
  try {
    return [0, 91, 182, 273].every((days) => shown(here, now + days * DAY) === shown(there, now + days * DAY));
  } catch {
    return true;
  }
}

/** "New York" for "America/New_York". @param {string} zone */
export const placeOf = (zone) => zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");

/** Show the offer, or the zone once the offer was declined. @param {Storage} storage */
export function nameZone(storage) {
  const offer = find("[data-other-zone]");
  const there = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!offer || !there || agree(offer.dataset.otherZone, there, Date.now())) return;
  const note = find("[data-this-zone]");
  const declined = `${offer.dataset.otherZone} ${there}`;
  const isDeclined = storage.getItem("zone") === declined;
  setText(find("[data-place]", offer), placeOf(there));
  setText(find("[type=submit]", offer), `Switch to ${placeOf(there)} time`);
  find("[name=time_zone]", offer).value = there;
  offer.hidden = isDeclined;
  note.hidden = !isDeclined;
  find("[data-keep]", offer).addEventListener("click", () => {
    storage.setItem("zone", declined);
    offer.hidden = true;
    note.hidden = false;
  });
}
