// Puts the state onto the page: sets attributes and texts, copies <template>s, builds no HTML.

import { find, findAll, fixed, setHidden, setText } from "../page.js";
import { createCardPainter } from "./card.js";
import { fillList, isNew, promptOf } from "./fill.js";
import { paintFoot } from "./foot.js";
import { paintOutline } from "./outline.js";
import { minutesLost, paceOf, pauseOf } from "./pace.js";
import { begun, clockWords, lateWords, leftWords, paceLine, paceWords, unbroken } from "./pace-words.js";
import { showStage } from "./sight.js";
import { phaseOf } from "./state.js";
import { endWords } from "./words.js";

/** @import { Span, State } from "../types.js" */

/** Minutes in steps of three seconds: a bar that grew at each paint would be laid out each time. */
const inSteps = (minutes) => Math.round(minutes * 20) / 20;

/** Tells whether any value differs from the last time: states share the parts that did not change. */
function createMemory() {
  let last = null;
  return (...values) => {
    const isNew = !last || values.some((value, at) => value !== last[at]);
    last = values;
    return isNew;
  };
}

export function createPainter({ timeZone, next }) {
  const zone = timeZone ? { timeZone } : {};
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone });
  const at = (iso) => hour.format(new Date(iso));

  const isNewStage = createMemory();
  const isNewEnds = createMemory();
  const { paintCard, paintGate } = createCardPainter(at);

  /** @param {HTMLElement} row @param {Span|null} span */
  function paintSpan(row, span) {
    setHidden(row, !span);
    if (!span) return;
    const used = begun(span.used);
    const isOver = used > span.planned;
    const words = `${used} of ${span.planned} min${isOver ? ", over" : ""}`;
    setText(fixed("[data-words]", row), words);
    // Over the plan, the bar shows which part of the minutes was planned; the rest is hatched.
    row.classList.toggle("is-over", isOver);
    const bar = fixed("progress", row);
    const [max, value] = [Math.max(span.planned, isOver ? inSteps(span.used) : 0), inSteps(Math.min(span.used, span.planned))];
    // Set again unchanged, a bar is styled and laid out again.
    if (isNew(bar, max, value, words)) {
      Object.assign(bar, { max, value });
      bar.setAttribute("aria-valuetext", words);
    }
  }

  /** @param {State} state @param {string|null} card @param {number} now */
  function paintPace(state, card, now) {
    const pace = paceOf(state, card?.[0] === "q" ? Number(card.slice(1)) : null, now);
    const isLive = phaseOf(state) === "live";
    const welcome = fixed("[data-pace-welcome]");
    setHidden(welcome, !pace.isWelcome);
    setText(fixed("[data-words]", welcome), `${begun(pace.welcome)} min`);
    paintSpan(fixed("[data-pace-question]"), pace.isWelcome ? null : pace.question);
    paintSpan(fixed("[data-pace-section]"), pace.isWelcome ? null : pace.section);
    paintSpan(fixed("[data-pace-call]"), pace.call);
    const words = { scheduled: "The timer starts with the interview.", ended: "The call has ended." }[state.interview.status] ?? "";
    const told = [pace.isPaused ? "" : paceWords(pace), leftWords(pace), lateWords(pace)].filter(Boolean).join(" ");
    setText(fixed("[data-pace-words]"), isLive ? told : words);
    paintRunOver(state, isLive);
    setText(fixed("[data-pace-line]"), unbroken(paceLine(pace, isLive)));
    const won = pace.drop.reduce((sum, one) => sum + one.minutes, 0);
    setHidden(fixed("[data-drop]"), !isLive || !pace.behind || pace.over >= 1);
    setHidden(fixed("[data-drop] > p"), !won);
    setHidden(fixed("[data-drop-brief]"), won >= Math.round(pace.behind));
    fillList(
      fixed("[data-drop-list]"),
      "drop",
      pace.drop.map((one) => ({ ...one, key: one.id })),
      (element, one) => {
        Object.assign(find("a", element), { href: `#q-${one.id}` }).dataset.look = `q${one.id}`;
        setText(find("[data-text]", element), promptOf(one.id));
        setText(find("[data-minutes]", element), `${one.minutes} min`);
      },
    );
  }

  /** The switch for a call that would end early by its slot. @param {State} state @param {boolean} isLive */
  function paintRunOver(state, isLive) {
    const row = fixed("[data-run-over]");
    const isOn = Boolean(state.interview.may_run_over);
    setHidden(row, !isLive || !state.me.may_lead || !(isOn || minutesLost(state)));
    find("input", row).checked = isOn;
  }

  /** @param {State} state */
  function paintEnds(state) {
    const canNote = ["scheduled", "live", "ended"].includes(phaseOf(state));
    fillList(
      fixed("[data-ends]"),
      "end",
      state.loose_ends.map((row) => ({ ...row, key: row.client_id })),
      (element, row) => {
        setText(find("[data-text]", element), row.text);
        for (const about of findAll("[data-about]", element)) setText(about, `: ${row.text}`);
        Object.assign(find("input", element), { checked: row.is_done, disabled: !canNote });
        setHidden(find("[data-do=end-question]", element), !row.question);
        setHidden(find("[data-do=end-remove]", element), !canNote);
      },
    );
    const open = state.loose_ends.filter((row) => !row.is_done).length;
    setText(fixed("[data-open-ends]"), open ? ` · ${open}` : "");
    fixed("[data-end-field]").disabled = !canNote;
    for (const field of findAll("[data-note]")) field.readOnly = !canNote;
  }

  /** @param {State} state */
  function paintStage(state) {
    const phase = phaseOf(state);
    for (const element of findAll("[data-when]")) {
      const isComing = element.hidden && element.matches(".stage");
      setHidden(element, !element.dataset.when.split(" ").includes(phase));
      if (isComing && !element.hidden) next(() => showStage(element));
    }
    for (const element of findAll("[data-lead]")) setHidden(element, (element.dataset.lead === "me") !== state.me.may_lead);
    const { closing } = state.interview;
    const by = closing?.user === state.me.user ? "You" : closing?.by;
    setText(fixed("[data-ended-by]"), closing?.kind === "end" ? `${endWords(by)}.` : "");
    const reopened = fixed("[data-reopened-by]");
    setHidden(reopened, phase !== "live" || closing?.kind !== "reopen");
    setText(reopened, reopened.hidden ? "" : `${by} reopened this call.`);
    const { off } = state.interview;
    setText(fixed("[data-off]"), off?.words ?? "");
    setText(fixed("[data-off-reason]"), off?.reason || "No reason was given.");
    paintPause(state);
    setHidden(fixed("[data-replaced]"), !state.interview.is_replaced);
    paintAtHand(state);
  }

  /** Since when the call is paused, and by whom. @param {State} state */
  function paintPause(state) {
    const { since, by } = pauseOf(state);
    const isPaused = Boolean(since) && phaseOf(state) === "live";
    setHidden(fixed("[data-paused]"), !isPaused);
    for (const button of findAll("[data-pause]")) setHidden(button, isPaused);
    if (!isPaused) return;
    setText(fixed("[data-paused-at]"), at(since));
    setText(fixed("[data-paused-by]"), by);
  }

  /** The link into the call and the candidate's files, which may change during it. @param {State} state */
  function paintAtHand({ interview, files }) {
    const link = ["scheduled", "live"].includes(interview.status) ? (interview.call_link ?? "") : "";
    for (const row of findAll("[data-join]")) {
      setHidden(row, !link);
      if (link) Object.assign(find("a", row), { href: link });
    }
    const rows = files.map((file) => ({ ...file, key: file.id }));
    fillList(fixed("[data-files]"), "file", rows, (element, { name, url, is_shown: isShown }) => {
      find("a", element).href = url;
      setText(find("[data-text]", element), name);
      setText(find("[data-opens]", element), isShown ? ", opens in a new tab" : ", download");
      setText(find("[data-arrow]", element), isShown ? "↗" : "↓");
    });
    const box = fixed("[data-at-hand]");
    setHidden(box, !find("li:not([hidden])", box));
  }

  return {
    /** Paint the shown card. @param {State} state @param {string|null} card @param {number} now */
    paint(state, card, now) {
      if (isNewStage(state.interview, state.me, state.files)) paintStage(state);
      const element = card && fixed(`[data-card="${card}"]`);
      if (element?.dataset.question) paintCard(element, state);
      if (element?.dataset.gate) paintGate(element, state, now);
      if (isNewEnds(state.loose_ends, phaseOf(state))) paintEnds(state);
      this.tick(state, card, now);
    },

    /** What moves with the clock. @param {State} state @param {string|null} card @param {number} now */
    tick(state, card, now) {
      paintOutline(state, card, now);
      paintFoot(state, card, now);
      paintPace(state, card, now);
      const words = clockWords(state, now, at);
      setText(fixed("[data-clock]"), words);
      fixed("[data-clock]").classList.toggle("is-words", !/^[\d:]+$/.test(words));
      setText(fixed("[data-clock-label]"), { live: "Time left: ", ended: "Took: " }[state.interview.status] ?? "Planned: ");
    },

    /** Every card, for paper. @param {State} state @param {number} now */
    paintAll(state, now) {
      for (const card of findAll("[data-question]")) paintCard(card, state);
      for (const card of findAll("[data-gate]")) paintGate(card, state, now);
    },
  };
}
