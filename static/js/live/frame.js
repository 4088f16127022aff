// One paint for all that changes together: at the end of an act, or in the next frame.

/** @param {() => void} paint */
export function createFrame(paint) {
  let isDue = false;
  let depth = 0;
  let request = 0;

  /** Paint now what waits for the frame. */
  function flush() {
    cancelAnimationFrame(request);
    request = 0;
    if (!isDue) return;
    isDue = false;
    paint();
  }

  return {
    flush,

    /** Something changed. A page that nobody sees has no frames. */
    due() {
      isDue = true;
      if (depth) return;
      if (document.hidden) flush();
      else request ||= requestAnimationFrame(flush);
    },

    /** Do an act whose commands are painted together, at its end. @template T @param {() => T} act @returns {T} */
    together(act) {
      depth += 1;
      try {
        return act();
      } finally {
        depth -= 1;
        if (!depth) flush();
      }
    },
  };
}
