// Moves through the script: who covers it asks by moving on; looking around asks nothing.

import { asksNext, cards, isOffered, nextCard, offersOf, questionOf, sectionOf } from "./state.js";

/** @import { State } from "../types.js" */

/**
 * @param {{state: () => State, card: () => string|null, actions: Object, show: (card: string) => void,
 *   say: (words: string, options?: Object) => void, wrapUp: () => void}} page
 */
export function createMoves({ state, card, actions, show, say, wrapUp }) {
  const isLive = () => state().interview.status === "live";
  // Only one panelist's Next asks the next question. Asking a chosen question or follow-up is open to everyone who covers.
  const asks = () => asksNext(state());
  const covers = () => isLive() && state().me.may_cover;
  const shown = () => (card()?.[0] === "q" ? questionOf(state(), Number(card().slice(1))) : undefined);
  const gate = () => (card()?.[0] === "g" ? sectionOf(state(), Number(card().slice(1))) : undefined);

  /** Look at the neighbour; in the call that leaves out follow-ups that are neither offered nor asked. */
  function look(step) {
    const inSight = cards(state()).filter((one) => {
      const question = one[0] === "q" && questionOf(state(), Number(one.slice(1)));
      return one === card() || !isLive() || !question || question.state !== "unasked" || isOffered(state(), question);
    });
    const to = inSight[inSight.indexOf(card()) + step];
    if (to) show(to);
    else say(step > 0 ? "This is the last question" : "This is the first question", { isVisible: true });
  }

  function ask(id = shown().id) {
    actions.askNow(id);
    show(`q${id}`);
    say("Asked now");
  }

  /** Ask the next question; or only look at it, where one does not ask or was only looking around already. */
  function next() {
    const current = state().current.question;
    if (!asks() || (shown() && current && shown().id !== current)) return look(1);
    if (!current && shown()?.state === "unasked") return ask();
    if (gate()?.is_gate_open === null) return say("Decide first: continue, stop here, or later", { isVisible: true });
    const to = nextCard(state(), card());
    if (!to) return wrapUp();
    return to[0] === "q" ? ask(Number(to.slice(1))) : show(to);
  }

  function followUp(id = offersOf(state(), shown()?.id)[0]?.id) {
    if (!id) return say("No suggested follow-ups here", { isVisible: true });
    return covers() ? ask(id) : show(`q${id}`);
  }

  /** Decide at the gate in sight, then ask what comes next, or go back to the call. Null leaves it open. */
  function decide(isOpen) {
    const section = gate();
    const { question: current } = state().current;
    const isOnTheWay = !current || nextCard(state(), `q${current}`) === card();
    if (section.is_gate_open !== isOpen) actions.decide(section.id, isOpen);
    const next = isOnTheWay && nextCard(state(), card());
    // Only looked at, it would leave the clock on what was asked before, and Next would look on.
    if (isOpen !== null && next?.[0] === "q" && asks()) ask(Number(next.slice(1)));
    else if (next || current) show(next || `q${current}`);
    say({ true: "You continue", false: "You stop here", null: "Not decided yet" }[isOpen], { isVisible: true });
  }

  /** The question in sight was not asked, or not skipped, after all. */
  function uncover() {
    if (shown().state === "skipped") return actions.skip(shown().id, null);
    actions.unask(shown().id);
    return say("Marked as not asked", { isVisible: true });
  }

  return { next, previous: () => look(-1), ask: () => ask(), followUp, decide, uncover };
}
