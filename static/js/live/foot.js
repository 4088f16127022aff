// Puts the state onto the foot: the ways on, and what comes next.

import { find } from "../page.js";
import { promptOf, setText } from "./fill.js";
import { secondsOn } from "./pace.js";
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
  find("[data-skip]").hidden = !moves || !question || question.state === "skipped";
  const isQuiet = takesAlong(state, card);
  find("[data-ask]").hidden = !canAsk;
  find("[data-ask]").classList.toggle("btn-primary", !isQuiet);
  find("[data-ask] kbd").hidden = isQuiet;
  setText(find("[data-ask-words]"), question?.state === "asked" ? "Ask again" : "Ask this");
  const next = find("[data-next]");
  next.hidden = (canAsk && !current) || (asks && isUndecided);
  next.classList.toggle("btn-primary", asks && !canAsk);
  setText(find("[data-next-words]"), asks && !canAsk && !following ? "Wrap up" : "Next");
  const turn = isLive && !asks && state.panel[state.turn] ? `${state.panel[state.turn].short} asks next` : "";
  setText(
    find("[data-next-up]"),
    following?.[0] === "q" ? `Next: ${promptOf(following.slice(1))}` : following ? "Next: decide at the gate" : turn,
  );
  const seconds = question ? secondsOn(state, question, now) : 0;
  find("[data-on-question]").hidden = seconds < 1;
  setText(find("[data-stopwatch]"), stopwatch(seconds));
  const looking = find("[data-looking]");
  looking.hidden = !isLive || !current || card === `q${current}`;
  find("button", looking).classList.toggle("btn-primary", isQuiet);
  find("button kbd", looking).hidden = !isQuiet;
  if (!looking.hidden) setText(find("[data-looking-at]"), promptOf(current));
}
