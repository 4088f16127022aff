// Puts the state onto the foot: the ways on, and what comes next.

import { fixed, setText } from "../page.js";
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
  fixed("[data-skip]").hidden = !moves || !question || question.state === "skipped";
  const isQuiet = takesAlong(state, card);
  fixed("[data-ask]").hidden = !canAsk;
  fixed("[data-ask]").classList.toggle("btn-primary", !isQuiet);
  fixed("[data-ask] kbd").hidden = isQuiet;
  setText(fixed("[data-ask-words]"), question?.state === "asked" ? "Ask again" : "Ask this");
  const next = fixed("[data-next]");
  next.hidden = (canAsk && !current) || (asks && isUndecided);
  next.classList.toggle("btn-primary", asks && !canAsk);
  setText(fixed("[data-next-words]"), asks && !canAsk && !following ? "Wrap up" : "Next");
  const turn = isLive && !asks && state.panel[state.turn] ? `${state.panel[state.turn].short} asks next` : "";
  setText(
    fixed("[data-next-up]"),
    following?.[0] === "q" ? `Next: ${promptOf(following.slice(1))}` : following ? "Next: decide at the gate" : turn,
  );
  const seconds = question ? secondsOn(state, question, now) : 0;
  fixed("[data-on-question]").hidden = seconds < 1;
  setText(fixed("[data-stopwatch]"), stopwatch(seconds));
  const looking = fixed("[data-looking]");
  // One line at a time: asking, or the lead, ends a pause.
  looking.hidden = !isLive || !current || card === `q${current}` || Boolean(pauseOf(state).since);
  fixed("button", looking).classList.toggle("btn-primary", isQuiet);
  fixed("button kbd", looking).hidden = !isQuiet;
  if (!looking.hidden) setText(fixed("[data-looking-at]"), promptOf(current));
}
