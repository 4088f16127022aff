// Follows the panel to the question that is asked.

// In ms: after AT_REST without input a person follows the panel; input within JUST_AFTER of that was meant for the card before.
const AT_REST = 4_000;
const JUST_AFTER = 700;

/**
 * Tells whether this person only follows the panel, so that the page may move to the next question. A key or click made
 * for the question before does nothing at the one that has just appeared.
 */
export function createFollowing({ say }) {
  // By the monotonic clock: on a machine whose clock is set back, every input would be ignored until it has caught up.
  let actedAt = -Infinity;
  let wentAlongAt = -Infinity;

  for (const kind of ["pointerdown", "keydown", "click", "wheel"]) {
    addEventListener(
      kind,
      (event) => {
        actedAt = performance.now();
        if (kind === "wheel" || actedAt - wentAlongAt > JUST_AFTER) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        say("The question just changed, so your input was ignored", { isVisible: true });
      },
      { capture: true, passive: kind === "wheel" },
    );
  }

  return { isAtRest: () => performance.now() - actedAt >= AT_REST, wentAlong: () => (wentAlongAt = performance.now()) };
}
