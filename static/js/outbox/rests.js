// How long a text that is still being typed waits before it is sent (ADR 32): a slow server gets fewer and larger changes.

// The next change follows once the keys rest this long, in ms, or after a pause since the last one.
const REST = 400;
const SHORTEST = 1_000;
const LONGEST = 5_000;
// That pause is so many times as long as the server took for the last change.
const TIMES = 10;

export function createRests() {
  let isSending = false;
  let freeAt = 0;

  return {
    /** The ms that a text typed now waits if no key follows. The first change after a pause goes at once. */
    before: () => (isSending ? REST : Math.max(0, Math.min(REST, freeAt - performance.now()))),

    /** Send a text, once the journal has it. @template T @param {() => Promise<T>} send @returns {Promise<T>} */
    async sending(send) {
      const began = performance.now();
      isSending = true;
      try {
        return await send();
      } finally {
        isSending = false;
        const took = performance.now() - began;
        freeAt = began + Math.min(LONGEST, Math.max(SHORTEST, TIMES * took));
      }
    },
  };
}
