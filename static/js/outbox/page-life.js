// Whether the page closes, and when it is worth trying again: back online, visible or shown again.

/** @param {{flush: () => void, changed: () => void}} outbox @returns {{isLeaving: () => boolean}} */
export function watchPage({ flush, changed }) {
  let isLeaving = false;
  addEventListener("online", () => {
    flush();
    changed();
  });
  addEventListener("offline", changed);
  addEventListener("pageshow", () => {
    isLeaving = false;
    flush();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  addEventListener("pagehide", () => (isLeaving = true));
  return { isLeaving: () => isLeaving };
}
