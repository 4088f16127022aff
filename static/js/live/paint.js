// Puts the state onto the page: sets attributes and texts, copies <template>s, builds no HTML.

import { find, findAll } from "../page.js";
import {
  asksNext,
  cards,
  elapsed,
  heardCount,
  isOffered,
  minutesOf,
  nextCard,
  offersOf,
  paceOf,
  questionOf,
  ratingOf,
  reach,
  secondsOn,
  usedIn,
} from "./state.js";
import { endWords, REASONS } from "./words.js";

/** @import { Pace, Question, Span, State } from "../types.js" */

export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Make `list` show `rows`, which have a `key`, with copies of a template; rows that stay keep their element. */
export function fillList(list, template, rows, fill) {
  const old = new Map([...list.children].map((element) => [element.dataset.key, element]));
  rows.forEach((row, index) => {
    const element = old.get(String(row.key)) ?? find(`template[data-template="${template}"]`).content.firstElementChild.cloneNode(true);
    old.delete(String(row.key));
    element.dataset.key = row.key;
    fill(element, row);
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  for (const element of old.values()) element.remove();
}

/**
 * "scheduled", "live", "ended", "cancelled", "gone" once I have left the panel, or "submitted" once my scorecard is.
 * @param {State} state
 */
export function phaseOf(state) {
  return state.me.is_submitted ? "submitted" : state.interview.status;
}

/** Whether asking what is in sight would take the panel away from what another asks. @param {State} state @param {string|null} card */
export function takesAlong(state, card) {
  const { question } = state.current;
  return phaseOf(state) === "live" && Boolean(question) && card !== `q${question}` && !asksNext(state);
}

/** The words of a question, from the page. */
export const promptOf = (id) => find(`#q-${id}-prompt`).textContent;

/** Change the page so that what one writes or reads stays where it is. */
export function steadily(change) {
  const card = find(".one.is-shown");
  const inSight = (element) => element.getBoundingClientRect().bottom > find("[data-top]").getBoundingClientRect().bottom;
  const focus = document.activeElement;
  const parts = () => findAll(".meta, h2, .exhibit, .more, .guide, .block, .gate-choice", card);
  const anchor = card?.contains(focus) && inSight(focus) ? focus : card && parts().find(inSight);
  const before = anchor?.getBoundingClientRect().top;
  change();
  const after = anchor?.isConnected && anchor.checkVisibility() ? anchor.getBoundingClientRect().top : before;
  if (after === before) return;
  const back = () => scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
  back();
  if (Math.abs(anchor.getBoundingClientRect().top - before) < 1) return;
  document.body.classList.add("has-room");
  back();
}

export function createPainter({ timeZone }) {
  const zone = timeZone ? { timeZone } : {};
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone });
  const at = (iso) => hour.format(new Date(iso));

  /** @param {State} state @param {{panelist: number, at: string}[]} ticks */
  function heardBy(state, ticks) {
    const inOrder = [...ticks].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
    return inOrder
      .map((tick) => `${tick.panelist === state.me.panelist ? "you" : (state.panel[tick.panelist]?.short ?? "someone")}, ${at(tick.at)}`)
      .join(" · ");
  }

  /** @param {Element} row @param {State} state @param {{panelist: number, at: string}[]} ticks @param {boolean} canRecord */
  function paintPoint(row, state, ticks, canRecord) {
    const box = find("input", row);
    box.checked = ticks.some((tick) => tick.panelist === state.me.panelist);
    box.disabled = !canRecord;
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
        setText(find("[data-text]", element), row.text);
        setText(find("[data-edit-words]", element), ` ${row.text}`);
        find("button", element).hidden = !canRecord || row.author !== state.me.panelist;
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
    find("[data-floor]", card).hidden = !isFloored;
    find("[data-unrate]", card).hidden = value === null || !canRecord;
    for (const button of findAll("[data-flag]", card)) {
      button.setAttribute("aria-pressed", String(flags.includes(button.dataset.flag)));
      button.disabled = !canRecord;
    }
  }

  /** @param {HTMLElement} card @param {State} state @param {number} id */
  function paintOffers(card, state, id) {
    const rows = offersOf(state, id).map((question) => ({ key: question.id }));
    find("[data-offers]", card).hidden = !rows.length;
    fillList(find("[data-offer-list]", card), "offer", rows, (element, row) => {
      setText(find("[data-text]", element), promptOf(row.key));
      setText(find("[data-condition]", element), find(`[data-look="q${row.key}"] .outline-text > .small`)?.textContent ?? "");
      find("kbd", element).hidden = row !== rows[0];
    });
  }

  /** @param {HTMLElement} card @param {State} state @param {Question} question */
  function paintCovered(card, state, question) {
    const isLive = phaseOf(state) === "live" && state.me.may_cover;
    const by = question.asked_by && question.asked_by !== state.me.panelist ? ` by ${state.panel[question.asked_by]?.short}` : "";
    const words = { asked: () => `Asked${by} at ${at(question.asked_at)}`, skipped: () => `Skipped: ${REASONS[question.skip_reason]}` };
    find("[data-covered]", card).hidden = question.state === "unasked";
    setText(find("[data-covered-words]", card), words[question.state]?.() ?? "");
    const button = find("[data-uncover]", card);
    button.hidden = !isLive;
    setText(button, question.state === "skipped" ? "Undo skip" : "Mark as not asked");
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

  /** @param {State} state @param {string|null} card @param {number} now */
  function paintOutline(state, card, now) {
    for (const link of findAll(".outline [data-look]")) {
      const isShown = link.dataset.look === card;
      if (isShown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      const id = Number(link.dataset.look.slice(1));
      if (link.dataset.look[0] === "g") {
        const { is_gate_open: isOpen } = state.sections.find((section) => section.id === id);
        setText(find("[data-says]", link), { true: "you continue", false: "you stop here", null: "not decided yet" }[isOpen]);
      } else paintOutlineQuestion(link, state, questionOf(state, id));
    }
    for (const part of findAll("[data-outline-section]")) {
      const section = state.sections.find((one) => one.id === Number(part.dataset.outlineSection));
      const used = Math.round(usedIn(state, section.id, now));
      setText(find("[data-section-minutes]", part), used ? `${used} / ${section.minutes} min` : `${section.minutes} min`);
      part.classList.toggle("is-behind", reach(state, section.id) !== "open");
    }
    const all = cards(state).filter((one) => one[0] === "q");
    const place = all.indexOf(card) + 1;
    setText(find("[data-place]"), place ? `${place} of ${all.length}` : "gate");
  }

  /** @param {Element} link @param {State} state @param {Question} question */
  function paintOutlineQuestion(link, state, question) {
    const isCurrent = state.current.question === question.id && phaseOf(state) === "live";
    const open = isOffered(state, question) ? ["○", question.parent ? "suggested" : "to ask"] : ["↳", "follow-up, not suggested"];
    const [mark, says] = isCurrent ? ["▸", "being asked"] : ({ asked: ["✓", "asked"], skipped: ["↷", "skipped,"] }[question.state] ?? open);
    setText(find(".mark", link), mark);
    find(".mark", link).title = says.replace(/,$/, "");
    setText(find("[data-says]", link), says);
    const reason = find("[data-skipped]", link);
    reason.hidden = question.state !== "skipped";
    setText(reason, REASONS[question.skip_reason] ?? "");
    link.classList.toggle("is-done", question.state !== "unasked" && !isCurrent);
  }

  /** @param {State} state @param {string|null} card @param {number} now */
  function paintFoot(state, card, now) {
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

const minutes = (number) => `${number} min`;

/** Whole minutes; the first one counts as soon as it has begun. */
const begun = (used) => (used > 0 ? Math.max(1, Math.round(used)) : 0);

/** "On time", or "13 min to spare" @param {Pace} pace */
const onTime = ({ spare }) => (spare ? `${minutes(Math.round(spare))} to spare` : "On time");

/** The pace in a sentence or two, calm even when time is over. @param {Pace} pace */
export function paceWords(pace) {
  const words = [];
  if (pace.over >= 1) words.push(`${minutes(Math.floor(pace.over))} over; wrap up when you can.`);
  else words.push(pace.behind ? `About ${minutes(Math.round(pace.behind))} behind.` : `${onTime(pace)}.`);
  if (pace.reserved)
    words.push(
      pace.over >= 1 ? "The candidate’s questions are still to come." : `${minutes(pace.reserved)} reserved for the candidate’s questions.`,
    );
  return words.join(" ");
}

/** The same in one short line, the most important first: its end is cut off where there is no room. @param {Pace} pace */
export function paceLine(pace, isLive) {
  const span = ({ used, planned }) => `${begun(used)}/${planned} min`;
  const behind = pace.behind ? `${minutes(Math.round(pace.behind))} behind` : onTime(pace);
  const parts = isLive ? [pace.over >= 1 ? `${minutes(Math.floor(pace.over))} over` : behind] : [];
  parts.push(span(pace.call));
  if (pace.section) parts.push(`section ${span(pace.section)}`);
  if (isLive && pace.gate) parts.push(gateWords(pace));
  if (isLive && pace.reserved) parts.push(`${pace.reserved} reserved`);
  return parts.join(" · ");
}

/** "1 question before the gate, 45 min after it" @param {Pace} pace */
function gateWords({ left, gate }) {
  const before = left ? `${left} ${left === 1 ? "question" : "questions"} before the gate` : "The gate is next";
  return `${before}, ${minutes(gate.minutes)} after it`;
}

/** That the call ends by its slot though it began late. @param {Pace} pace */
export function lateWords(pace) {
  return pace.late ? `Began ${pace.late} min late, so it has ${minutes(pace.call.planned)}.` : "";
}

/** The rest of the script, in words. @param {Pace} pace */
export function leftWords(pace) {
  if (pace.gate) return `${gateWords(pace)}.`;
  if (!pace.left) return pace.reserved && pace.over < 1 ? "Only the candidate’s questions are left." : "Nothing is left to ask.";
  return `${pace.left} ${pace.left === 1 ? "question" : "questions"} left.`;
}

/** "4:10", or "1:02:03" from an hour on. @param {number} seconds */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, mins, secs] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(mins)}:${two(secs)}` : `${mins}:${two(secs)}`;
}

/** How long until `then`, both in ms, in the unit that fits: "in 25 min", "in 3 h", "in 2 days"; nothing once it is there. */
export function untilWords(then, now) {
  const left = Math.ceil((then - now) / 60_000);
  if (left <= 0) return "";
  if (left < 120) return `in ${left} min`;
  return left < 48 * 60 ? `in ${Math.round(left / 60)} h` : `in ${Math.round(left / (24 * 60))} days`;
}

/**
 * What the clock shows: before the call its planned time and the countdown, then the time left, or calmly how far it is over.
 * @param {State} state @param {number} now @param {(iso: string) => string} [at] the time of day in this person's zone
 */
export function clockWords(state, now, at) {
  const { status, minutes: planned, scheduled_for: start } = state.interview;
  if (status === "scheduled" && start && at) return [at(start), untilWords(Date.parse(start), now)].filter(Boolean).join(" · ");
  if (status === "scheduled") return minutes(planned);
  if (status === "ended") return minutes(Math.round(elapsed(state, now)));
  const left = minutesOf(state) - elapsed(state, now);
  if (left >= 0) return stopwatch(left * 60);
  return -left < 1 ? "time is up" : `${minutes(Math.floor(-left))} over`;
}
