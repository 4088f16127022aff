// One paint for all that changes together: at the end of an act, or in the next frame.
//
// An act only changes the page. Everything that must measure it waits for the frame, where the browser lays the page out
// anyway: measured in the act, it would be laid out twice before a key is seen.

/**
 * @param {() => (() => void) | undefined} paint changes the page; what it returns is called once, in the frame, to measure it and
 *   put it where it was
 */
export function createFrame(paint) {
  let isDue = false;
  let depth = 0;
  let request = 0;
  /** @type {(() => void) | undefined} */
  let settle;
  /** @type {(() => void)[]} */
  let waiting = [];

  function change() {
    if (!isDue) return;
    isDue = false;
    const newest = paint();
    // Of two acts before one frame, the first knows where everything was.
    settle ??= newest;
  }

  function settleDown() {
    const now = settle;
    settle = undefined;
    now?.();
  }

  function run() {
    cancelAnimationFrame(request);
    request = 0;
    settleDown();
    change();
    settleDown();
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
  }

  /** A page that nobody sees has no frames. */
  function ask() {
    if (document.hidden) run();
    else request ||= requestAnimationFrame(run);
  }

  return {
    /** Something changed. */
    due() {
      isDue = true;
      if (!depth) ask();
    },

    /** Do an act whose commands are painted together, at its end. @template T @param {() => T} act @returns {T} */
    together(act) {
      depth += 1;
      try {
        return act();
      } finally {
        depth -= 1;
        if (!depth) change();
        if (settle) ask();
      }
    },

    /** Do something in the next frame, once the page is painted. @param {() => void} act */
    next(act) {
      waiting.push(act);
      ask();
    },

    /** The page was scrolled on purpose: the last act leaves it there. */
    scrolled: () => (settle = undefined),
  };
}
