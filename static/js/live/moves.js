// Moves through the script: who covers it asks by moving on; looking around asks nothing. Every move can be undone.

import { asksNext, cards, isOffered, nextCard, offersOf, questionOf, sectionOf } from "./state.js";

/** @import { State } from "../types.js" */

const DECISIONS = { true: "the decision to continue", false: "the decision to stop here", null: "undoing the decision" };

/**
 * @param {{state: () => State, card: () => string|null, actions: Object, show: (card: string) => void,
 *   say: (words: string, options?: Object) => void, wrapUp: () => void, nameOf: Record<string, (id: any) => string>}} page
 */
export function createMoves({ state, card, actions, show, say, wrapUp, nameOf }) {
  const isLive = () => state().interview.status === "live";
  // Only one panelist's Next asks the next question. Asking a chosen question or follow-up is open to everyone who covers.
  const asks = () => asksNext(state());
  const covers = () => isLive() && state().me.may_cover;
  const shown = () => (card()?.[0] === "q" ? questionOf(state(), Number(card().slice(1))) : undefined);
  const gate = () => (card()?.[0] === "g" ? sectionOf(state(), Number(card().slice(1))) : undefined);

  const title = (to) => nameOf[to[0] === "q" ? "question" : "gate"](to.slice(1));

  /** Put a card in sight that somebody chose. */
  const go = (to) => actions.doing(`going to “${title(to)}”`, () => show(to));

  /** Look at the neighbour; in the call that leaves out follow-ups that are neither offered nor asked. */
  function look(step) {
    const inSight = cards(state()).filter((one) => {
      const question = one[0] === "q" && questionOf(state(), Number(one.slice(1)));
      return one === card() || !isLive() || !question || question.state !== "unasked" || isOffered(state(), question);
    });
    const to = inSight[inSight.indexOf(card()) + step];
    if (to) go(to);
    else say(step > 0 ? "This is the last question" : "This is the first question", { isVisible: true });
  }

  function ask(id = shown().id) {
    actions.doing(`asking “${nameOf.question(id)}”`, () => {
      actions.give({ kind: "ask", target: id, value: "now" });
      show(`q${id}`);
    });
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
    return to[0] === "q" ? ask(Number(to.slice(1))) : go(to);
  }

  function followUp(id = offersOf(state(), shown()?.id)[0]?.id) {
    if (!id) return say("No suggested follow-ups here", { isVisible: true });
    return covers() ? ask(id) : go(`q${id}`);
  }

  /** Decide at the gate in sight, then ask what comes next, or go back to the call. Null leaves it open. */
  function decide(isOpen) {
    const section = gate();
    const { question: current } = state().current;
    const isOnTheWay = !current || nextCard(state(), `q${current}`) === card();
    const isNew = section.is_gate_open !== isOpen;

    function goOn() {
      const next = isOnTheWay && nextCard(state(), card());
      // Only looked at, it would leave the clock on what was asked before, and Next would look on.
      const asked = isOpen !== null && next?.[0] === "q" && asks();
      if (asked) actions.give({ kind: "ask", target: Number(next.slice(1)), value: "now" });
      if (next || current) show(next || `q${current}`);
    }

    if (isNew) actions.doShared({ kind: "gate", target: section.id, value: isOpen }, DECISIONS[isOpen], { more: goOn });
    else actions.doing("continuing after the gate", goOn);
    if (!isNew && isOpen === null) say("Not decided yet", { isVisible: true });
  }

  /** Begin the call. Its first question is shown; the minutes until someone asks it are the welcome. */
  function start() {
    actions.doShared({ kind: "start", value: true }, "starting the interview", {
      more() {
        const [first] = state().questions;
        if (first) show(`q${first.id}`);
      },
    });
  }

  const end = () => actions.doShared({ kind: "end", value: true }, "ending the call");

  /** Let another panelist ask next ("turn"), or lead. */
  function handOver(kind, panelist) {
    const { short } = state().panel[panelist];
    const words = { lead: `making ${short} the lead`, turn: panelist === state().me.panelist ? "taking over" : `passing to ${short}` };
    actions.doShared({ kind, value: panelist }, words[kind]);
  }

  /** The question in sight was not asked, or not skipped, after all. */
  function uncover() {
    if (shown().state === "skipped") return actions.skip(shown().id, null);
    const { id } = shown();
    return actions.doShared({ kind: "ask", target: id, value: null }, `marking “${nameOf.question(id)}” as not asked`, { question: id });
  }

  return { go, next, previous: () => look(-1), ask: (id) => ask(id), followUp, decide, uncover, start, end, handOver };
}
