// Puts the state onto the page: sets attributes and texts, copies <template>s, builds no HTML.

import { find, findAll } from "../page.js";
import { createCardPainter } from "./card.js";
import { fillList, promptOf, setText } from "./fill.js";
import { paintFoot } from "./foot.js";
import { paintOutline } from "./outline.js";
import { paceOf } from "./pace.js";
import { begun, clockWords, lateWords, leftWords, paceLine, paceWords } from "./pace-words.js";
import { phaseOf } from "./state.js";
import { endWords } from "./words.js";

/** @import { Span, State } from "../types.js" */

export function createPainter({ timeZone }) {
  const zone = timeZone ? { timeZone } : {};
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone });
  const at = (iso) => hour.format(new Date(iso));

  const { paintCard, paintGate } = createCardPainter(at);

  /** @param {HTMLElement} row @param {Span|null} span */
  function paintSpan(row, span) {
    row.hidden = !span;
    if (!span) return;
    const used = begun(span.used);
    const isOver = used > span.planned;
    const words = `${used} of ${span.planned} min${isOver ? ", over" : ""}`;
    setText(find("[data-words]", row), words);
    // Over the plan, the bar shows which part of the minutes was planned; the rest is hatched.
    row.classList.toggle("is-over", isOver);
    const bar = find("progress", row);
    Object.assign(bar, { max: Math.max(span.planned, isOver ? span.used : 0), value: Math.min(span.used, span.planned) });
    bar.setAttribute("aria-valuetext", words);
  }

  /** @param {State} state @param {string|null} card @param {number} now */
  function paintPace(state, card, now) {
    const pace = paceOf(state, card?.[0] === "q" ? Number(card.slice(1)) : null, now);
    const isLive = phaseOf(state) === "live";
    paintSpan(find("[data-pace-question]"), pace.question);
    paintSpan(find("[data-pace-section]"), pace.section);
    paintSpan(find("[data-pace-call]"), pace.call);
    const words = { scheduled: "The timer starts with the interview.", ended: "The call has ended." }[state.interview.status] ?? "";
    setText(find("[data-pace-words]"), isLive ? [paceWords(pace), leftWords(pace), lateWords(pace)].filter(Boolean).join(" ") : words);
    setText(find("[data-pace-line]"), paceLine(pace, isLive));
    const won = pace.drop.reduce((sum, one) => sum + one.minutes, 0);
    find("[data-drop]").hidden = !isLive || !pace.behind || pace.over >= 1;
    find("[data-drop] > p").hidden = !won;
    find("[data-drop-brief]").hidden = won >= Math.round(pace.behind);
    fillList(
      find("[data-drop-list]"),
      "drop",
      pace.drop.map((one) => ({ ...one, key: one.id })),
      (element, one) => {
        Object.assign(find("a", element), { href: `#q-${one.id}` }).dataset.look = `q${one.id}`;
        setText(find("[data-text]", element), promptOf(one.id));
        setText(find("[data-minutes]", element), `${one.minutes} min`);
      },
    );
  }

  /** @param {State} state */
  function paintEnds(state) {
    const canNote = ["scheduled", "live", "ended"].includes(phaseOf(state));
    fillList(
      find("[data-ends]"),
      "end",
      state.loose_ends.map((row) => ({ ...row, key: row.client_id })),
      (element, row) => {
        setText(find("[data-text]", element), row.text);
        for (const about of findAll("[data-about]", element)) setText(about, `: ${row.text}`);
        Object.assign(find("input", element), { checked: row.is_done, disabled: !canNote });
        find("[data-do=end-question]", element).hidden = !row.question;
        find("[data-do=end-remove]", element).hidden = !canNote;
      },
    );
    const open = state.loose_ends.filter((row) => !row.is_done).length;
    setText(find("[data-open-ends]"), open ? ` · ${open}` : "");
    find("[data-end-field]").disabled = !canNote;
    for (const field of findAll("[data-note]")) field.readOnly = !canNote;
  }

  /** @param {State} state */
  function paintStage(state) {
    const phase = phaseOf(state);
    for (const element of findAll("[data-when]")) element.hidden = !element.dataset.when.split(" ").includes(phase);
    for (const element of findAll("[data-lead]")) element.hidden = (element.dataset.lead === "me") !== state.me.may_lead;
    const { closing } = state.interview;
    setText(find("[data-ended-by]"), closing?.kind === "end" ? `${endWords(closing.by)}.` : "");
    const reopened = find("[data-reopened-by]");
    reopened.hidden = phase !== "live" || closing?.kind !== "reopen";
    setText(reopened, reopened.hidden ? "" : `${closing.by} reopened this call.`);
    find("[data-replaced]").hidden = !state.interview.is_replaced;
    paintJoin(state);
  }

  /** The link into the call, which the plan may change during it. @param {State} state */
  function paintJoin(state) {
    const link = ["scheduled", "live"].includes(state.interview.status) ? (state.interview.call_link ?? "") : "";
    for (const row of findAll("[data-join]")) {
      row.hidden = !link;
      if (link) Object.assign(find("a", row), { href: link });
    }
    const box = find("[data-at-hand]");
    box.hidden = !find("li:not([hidden])", box);
  }

  return {
    /** Paint the shown card. @param {State} state @param {string|null} card @param {number} now */
    paint(state, card, now) {
      paintStage(state);
      const element = card && find(`[data-card="${card}"]`);
      if (element?.dataset.question) paintCard(element, state);
      if (element?.dataset.gate) paintGate(element, state, now);
      paintEnds(state);
      this.tick(state, card, now);
    },

    /** What moves with the clock. @param {State} state @param {string|null} card @param {number} now */
    tick(state, card, now) {
      paintOutline(state, card, now);
      paintFoot(state, card, now);
      paintPace(state, card, now);
      setText(find("[data-clock]"), clockWords(state, now, at));
      find("[data-clock]").classList.toggle("is-words", !/^[\d:]+$/.test(clockWords(state, now, at)));
      setText(find("[data-clock-label]"), { live: "Time left: ", ended: "Took: " }[state.interview.status] ?? "Planned: ");
    },

    /** Every card, for paper. @param {State} state @param {number} now */
    paintAll(state, now) {
      for (const card of findAll("[data-question]")) paintCard(card, state);
      for (const card of findAll("[data-gate]")) paintGate(card, state, now);
    },
  };
}
