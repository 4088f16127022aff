// Puts the state onto a question's card or a gate's.

import { find, findAll, fixed, setCode, setHidden, setText, spoken } from "../page.js";
import { fillList, isNew, promptOf } from "./fill.js";
import { paceOf } from "./pace.js";
import { heardCount, offersOf, phaseOf, questionOf, ratingOf } from "./state.js";
import { REASONS } from "./words.js";

/** @import { Question, State } from "../types.js" */

/** @param {(iso: string) => string} at the time of day in this person's zone */
export function createCardPainter(at) {
  /** @param {State} state @param {{panelist: number, at: string}[]} ticks */
  function heardBy(state, ticks) {
    const inOrder = [...ticks].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
    return inOrder
      .map((tick) => `${tick.panelist === state.me.panelist ? "you" : (state.panel[tick.panelist]?.short ?? "someone")}, ${at(tick.at)}`)
      .join(" · ");
  }

  /** @param {Element} row @param {State} state @param {{panelist: number, at: string}[]} ticks @param {boolean} canRecord */
  function paintPoint(row, state, ticks, canRecord) {
    const box = fixed("input", row);
    box.checked = ticks.some((tick) => tick.panelist === state.me.panelist);
    box.disabled = !canRecord;
    if (!isNew(row, state.panel, ...ticks.map(({ panelist, at: when }) => `${panelist} ${when}`))) return;
    row.classList.toggle("is-heard", ticks.length > 0);
    setText(find("[data-who]", row), heardBy(state, ticks));
  }

  /** @param {HTMLElement} card @param {State} state @param {number} id @param {boolean} canRecord */
  function paintHeard(card, state, id, canRecord) {
    for (const row of findAll("[data-point-row]", card)) {
      const point = Number(row.dataset.pointRow);
      paintPoint(
        row,
        state,
        state.ticks.filter((tick) => tick.point === point),
        canRecord,
      );
    }
    const rows = state.unlisted.filter((row) => row.question === id);
    const list = find("[data-unlisted-list]", card);
    if (!list) return;
    fillList(
      list,
      "unlisted",
      rows.map((row) => ({ ...row, key: row.client_id })),
      (element, row) => {
        paintPoint(find(".point", element), state, row.ticks, canRecord);
        setCode(find("[data-text]", element), row.text);
        setText(find("[data-edit-words]", element), ` ${spoken(row.text)}`);
        setHidden(find("button", element), !canRecord || row.author !== state.me.panelist);
      },
    );
    find("[data-unlisted]", card).disabled = !canRecord;
    const heard = heardCount(state, id);
    setText(find("[data-heard]", card), heard ? `${heard} heard` : "");
  }

  /** @param {HTMLElement} card @param {State} state @param {number} id @param {boolean} canRecord */
  function paintRating(card, state, id, canRecord) {
    if (!find("[data-rate]", card)) return;
    const { value, flags } = ratingOf(state, id);
    const isFloored = flags.includes("dont_know");
    for (const radio of findAll("[data-rate] input", card)) {
      radio.checked = Number(radio.value) === value;
      radio.disabled = !canRecord || (radio.value === "1" && isFloored);
    }
    setHidden(find("[data-floor]", card), !isFloored);
    setHidden(find("[data-unrate]", card), value === null || !canRecord);
    for (const button of findAll("[data-flag]", card)) {
      button.setAttribute("aria-pressed", String(flags.includes(button.dataset.flag)));
      button.disabled = !canRecord;
    }
  }

  /** @param {HTMLElement} card @param {State} state @param {number} id */
  function paintOffers(card, state, id) {
    const rows = offersOf(state, id).map((question) => ({ key: question.id }));
    setHidden(find("[data-offers]", card), !rows.length);
    fixed(".cols", card).classList.toggle("is-bare", !rows.length && !fixed(".col-points > :not([data-offers])", card));
    fillList(find("[data-offer-list]", card), "offer", rows, (element, row) => {
      setText(find("[data-text]", element), promptOf(row.key));
      setText(find("[data-condition]", element), find(`[data-look="q${row.key}"] .outline-text > .small`)?.textContent ?? "");
      setHidden(find("kbd", element), row !== rows[0]);
    });
  }

  /** @param {HTMLElement} card @param {State} state @param {Question} question */
  function paintCovered(card, state, question) {
    const isLive = phaseOf(state) === "live" && state.me.may_cover;
    const by = question.asked_by && question.asked_by !== state.me.panelist ? ` by ${state.panel[question.asked_by]?.short}` : "";
    const words = { asked: () => `Asked${by} at ${at(question.asked_at)}`, skipped: () => `Skipped: ${REASONS[question.skip_reason]}` };
    setHidden(find("[data-covered]", card), question.state === "unasked");
    setText(find("[data-covered-words]", card), words[question.state]?.() ?? "");
    const button = find("[data-uncover]", card);
    setHidden(button, !isLive);
    setText(button, question.state === "skipped" ? "Undo skip" : "Mark as not asked");
    setHidden(find("[data-park]", card), !isLive || question.state === "skipped");
    setText(find("[data-park-words]", card), question.parked ? "Unpark" : "Park");
  }

  /** @param {HTMLElement} card @param {State} state */
  function paintCard(card, state) {
    const id = Number(card.dataset.question);
    const phase = phaseOf(state);
    const canRecord = phase === "live" || phase === "ended";
    paintCovered(card, state, questionOf(state, id));
    paintHeard(card, state, id, canRecord);
    paintRating(card, state, id, canRecord);
    paintOffers(card, state, id);
  }

  /** @param {HTMLElement} card @param {State} state @param {number} now */
  function paintGate(card, state, now) {
    const section = state.sections.find((one) => one.id === Number(card.dataset.gate));
    const isLive = phaseOf(state) === "live";
    const words = { true: "you continue", false: "you stop here", null: "not decided yet" };
    setText(find("[data-gate-words]", card), words[section.is_gate_open]);
    for (const button of findAll(".gate-choice button", card)) button.disabled = !isLive || !state.me.may_lead;
    find("[data-do=gate-open]", card)?.setAttribute("aria-pressed", String(section.is_gate_open === true));
    find("[data-do=gate-closed]", card)?.setAttribute("aria-pressed", String(section.is_gate_open === false));
    setText(find("[data-do=gate-later] [data-text]", card), section.is_gate_open === null ? "Later" : "Undo decision");
    const left = Math.round(paceOf(state, null, now).remaining);
    setText(find("[data-gate-left]", card), isLive && left > 0 ? `${left} min left in the call.` : "");
  }

  return { paintCard, paintGate };
}
