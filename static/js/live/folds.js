// Guidance and rating guide fold on all questions alike, and stay as this person left them.

import { findAll } from "../page.js";

/** @param {{user: number}} page */
export function createFolds({ user }) {
  const keyOf = (name) => `fold-${name}-${user}`;
  const folds = () => findAll("details[data-fold]");
  let isOnPaper = false;

  function read(name) {
    try {
      return localStorage.getItem(keyOf(name)) === "open";
    } catch {
      return false;
    }
  }

  function fold(name, isOpen) {
    for (const one of folds()) if (one.dataset.fold === name && one.open !== isOpen) one.open = isOpen;
  }

  function paint() {
    for (const one of folds()) one.open = read(one.dataset.fold);
  }

  /** Also for a card that came later. */
  function watch(one) {
    const { fold: name } = one.dataset;
    one.addEventListener("toggle", () => {
      if (isOnPaper || one.open === read(name) || !one.checkVisibility()) return;
      fold(name, one.open);
      try {
        localStorage.setItem(keyOf(name), one.open ? "open" : "closed");
      } catch {
        // Then it lasts until the page is loaded again.
      }
    });
  }
  folds().forEach(watch);
  // Paper has no folds.
  addEventListener("beforeprint", () => {
    isOnPaper = true;
    for (const one of folds()) one.open = true;
  });
  addEventListener("afterprint", () => {
    paint();
    setTimeout(() => (isOnPaper = false)); // `toggle` comes a task later
  });
  paint();

  return {
    add(card) {
      findAll("details[data-fold]", card).forEach(watch);
      paint();
    },
  };
}
