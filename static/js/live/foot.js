// Puts the state onto the foot: the ways on, and what comes next.

import { fixed, setHidden, setText } from "../page.js";
import { promptOf } from "./fill.js";
import { pauseOf, secondsOn } from "./pace.js";
import { stopwatch } from "./pace-words.js";
import { asksNext, nextCard, phaseOf, questionOf, takesAlong } from "./state.js";

/** @import { State } from "../types.js" */

/** @param {State} state @param {string|null} card @param {number} now */
export function paintFoot(state, card, now) {
  const id = card?.[0] === "q" ? Number(card.slice(1)) : null;
  const question = id && questionOf(state, id);
  const isLive = phaseOf(state) === "live";
  const moves = isLive && state.me.may_cover;
  const asks = asksNext(state);
  const current = state.current.question;
  const canAsk = Boolean(moves && question && current !== id && !(question.state === "skipped" && !current));
  const isUndecided = card?.[0] === "g" && state.sections.find((one) => one.id === Number(card.slice(1))).is_gate_open === null;
  const following = asks && !canAsk && !isUndecided ? nextCard(state, card) : null;
  setHidden(fixed("[data-skip]"), !moves || !question || question.state === "skipped");
  const isQuiet = takesAlong(state, card);
  setHidden(fixed("[data-ask]"), !canAsk);
  fixed("[data-ask]").classList.toggle("btn-primary", !isQuiet);
  setHidden(fixed("[data-ask] kbd"), isQuiet);
  setText(fixed("[data-ask-words]"), question?.state === "asked" ? "Ask again" : "Ask this");
  const next = fixed("[data-next]");
  const isNextHidden = (canAsk && !current) || (asks && isUndecided);
  setHidden(next, isNextHidden);
  next.classList.toggle("btn-primary", asks && !canAsk);
  setText(fixed("[data-next-words]"), asks && !canAsk && !following ? "Wrap up" : "Next");
  const turn = isLive && !asks && state.panel[state.turn] ? `${state.panel[state.turn].short} asks next` : "";
  setText(
    fixed("[data-next-up]"),
    following?.[0] === "q" ? `Next: ${promptOf(following.slice(1))}` : following ? "Next: decide at the gate" : turn,
  );
  const seconds = question ? secondsOn(state, question, now) : 0;
  setHidden(fixed("[data-on-question]"), seconds < 1);
  setText(fixed("[data-stopwatch]"), stopwatch(seconds));
  const looking = fixed("[data-looking]");
  // One line at a time: asking, or the lead, ends a pause.
  const isPaused = Boolean(pauseOf(state).since);
  setHidden(looking, !isLive || !current || card === `q${current}` || isPaused);
  // For the styles. `:has()` would ask at each change in the card, and style all of it again.
  const { classList } = fixed(".q");
  classList.toggle("has-ask", canAsk);
  classList.toggle("has-no-moves", isNextHidden && !canAsk);
  classList.toggle("has-line", !looking.hidden || (isLive && isPaused));
  fixed("button", looking).classList.toggle("btn-primary", isQuiet);
  setHidden(fixed("button kbd", looking), !isQuiet);
  if (!looking.hidden) setText(fixed("[data-looking-at]"), promptOf(current));
}
