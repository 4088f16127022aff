// What opens over the page: drawers, the reasons to skip, go to, help and handing over; and the panel beside it.

import { csrfToken, find, findAll, fixed, setHidden, setText } from "../page.js";
import { rememberFocus } from "./fields.js";
import { fillList, isNew, promptOf } from "./fill.js";
import { cards, nextAsker, phaseOf, questionOf } from "./state.js";
import { mayTakeLead } from "./taking-lead.js";
import { PARTS } from "./words.js";

/** Outline and rail where there is no room beside the card: open one, and the rest of the page rests. */
export function createDrawers() {
  let opener = null;
  let goBack = () => {};

  const modal = (id) => [
    ["role", "dialog"],
    ["aria-modal", "true"],
    ["aria-labelledby", `${id}-title`],
  ];
  const others = () => findAll("[data-top], .live-main, [data-drawer], .legend").filter((part) => !part.matches(".is-open"));

  function open(id) {
    const drawer = document.getElementById(id);
    const button = find(`[data-do=${id}]`);
    if (!button?.checkVisibility()) return false;
    close();
    goBack = rememberFocus(button);
    opener = button;
    drawer.classList.add("is-open");
    for (const [name, value] of modal(id)) drawer.setAttribute(name, value);
    button.setAttribute("aria-expanded", "true");
    document.body.classList.add("has-drawer");
    for (const part of others()) part.inert = true;
    find("[data-do=close-drawer]", drawer).focus();
    return true;
  }

  function close() {
    const drawer = find("[data-drawer].is-open");
    if (!drawer) return;
    for (const part of others()) part.inert = false;
    drawer.classList.remove("is-open");
    for (const [name] of modal(drawer.id)) drawer.removeAttribute(name);
    document.body.classList.remove("has-drawer");
    opener.setAttribute("aria-expanded", "false");
    goBack();
  }

  addEventListener("resize", () => opener?.checkVisibility() || close());
  return { open, close, isOpen: () => document.body.classList.contains("has-drawer") };
}

/** The five reasons, by click or by number. */
export function createSkipMenu({ choose }) {
  const menu = find("#skip-menu");
  const button = find("[data-skip]");
  let goBack = () => {};

  function toggle(isOpen = menu.hidden) {
    if (isOpen === !menu.hidden || (isOpen && button.hidden)) return;
    setHidden(menu, !isOpen);
    fixed(".q").classList.toggle("has-menu", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      goBack = rememberFocus(button);
      find("button", menu).focus();
      menu.scrollIntoView({ block: "nearest" }); // by its key it may open below the edge of the window
    } else if (menu.contains(document.activeElement) || document.activeElement === document.body) goBack();
  }

  function pick(reason) {
    toggle(false);
    choose(reason);
  }

  menu.addEventListener("click", (event) => {
    const reason = event.target.closest("[data-reason]")?.dataset.reason;
    if (reason) pick(Number(reason));
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget) && event.relatedTarget !== button) toggle(false);
  });
  document.addEventListener("click", (event) => menu.contains(event.target) || button.contains(event.target) || toggle(false));
  return { toggle, pick, isOpen: () => !menu.hidden };
}

/** A dialog that finds a question, gate or section by its words. */
export function createGoTo({ state, show }) {
  const dialog = find("#go-to");
  const field = find("[data-go-field]");
  const list = find("[data-go-list]");
  let at = 0;

  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

  function rows() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const { questions, sections } = state();
    return cards(state())
      .map((card) => {
        const id = Number(card.slice(1));
        const section = sections.find((one) => one.id === (card[0] === "g" ? id : questionOf({ questions }, id).section));
        return { key: card, text: card[0] === "g" ? section.gate : promptOf(id), where: card[0] === "g" ? "Gate" : section.title };
      })
      .filter((row) => words.every((word) => plain(`${row.where} ${row.text}`).includes(word)));
  }

  function paint() {
    const found = rows();
    at = Math.min(at, Math.max(0, found.length - 1));
    fillList(list, "option", found, (element, row) => {
      element.id = `option-${row.key}`;
      setText(find("[data-where]", element), row.where);
      setText(find("[data-text]", element), row.text);
      element.setAttribute("aria-selected", String(row === found[at]));
    });
    setHidden(find("[data-go-nothing]"), found.length > 0);
    setHidden(list, !found.length);
    if (found.length) field.setAttribute("aria-activedescendant", `option-${found[at].key}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function go(key) {
    field.blur(); // or it would count as the field being written in
    dialog.close();
    if (key) show(key);
  }

  field.addEventListener("input", () => {
    at = 0;
    paint();
  });
  field.addEventListener("keydown", (event) => {
    // An input method uses arrows and Enter itself.
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at = Math.max(0, Math.min(list.children.length - 1, at + step));
      paint();
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(list.children[at]?.dataset.key);
    }
  });
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")?.dataset.key));
  return function open() {
    if (dialog.open) return;
    field.value = "";
    at = 0;
    dialog.showModal();
    paint();
  };
}

/** Who asks next, and who leads, by key: each choice has a number. */
export function createHandOver({ state, choose }) {
  const dialog = find("#hand-over");
  let rows = [];

  /** @returns {boolean} whether there is anything to hand over or to take */
  function open() {
    const now = state();
    const planned = nextAsker(now);
    const isNext = ({ kind, panelist }) => kind === "turn" && panelist === planned?.asker;
    // First who is planned to ask the next section; last who might lead.
    const rank = (row) => (isNext(row) ? 0 : row.kind === "turn" ? 1 : 2);
    rows = seatsOf(now)
      .flatMap((seat) => handOvers(seat, now).map((one) => ({ ...one, panelist: seat.key, key: `${one.kind}-${seat.key}` })))
      .map((row) => (isNext(row) ? { ...row, words: `${row.words} (${planned.title})` } : row))
      .sort((one, other) => rank(one) - rank(other));
    if (!rows.length) return false;
    fillList(find("ul", dialog), "hand-over", rows, (element, row) => {
      setText(find("[data-text]", element), row.words);
      setText(find("kbd", element), String(rows.indexOf(row) + 1));
    });
    dialog.showModal();
    return true;
  }

  /** @returns {boolean} whether there is such a choice */
  function pick(number) {
    const row = rows[number - 1];
    if (!row) return false;
    dialog.close();
    choose(row.kind, row.panelist);
    return true;
  }

  dialog.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-key]");
    if (row) pick(rows.findIndex(({ key }) => key === row.dataset.key) + 1);
  });
  return { open, pick, isOpen: () => dialog.open };
}

/** Help, with the switch of the single keys. */
export function createHelp({ isOn, url }) {
  const toggle = find("[data-keys-toggle]");
  const problem = find("[data-keys-problem]");

  function paint() {
    document.body.classList.toggle("has-keys-off", !isOn);
    for (const part of findAll("[data-keys-on]")) setHidden(part, !isOn);
    for (const part of findAll("[data-keys-off]")) setHidden(part, isOn);
  }

  toggle.addEventListener("change", async () => {
    isOn = toggle.checked;
    paint();
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ on: isOn }) }).catch(() => null);
    setHidden(problem, Boolean(answer?.ok));
  });
  paint();
  return { open: () => find("#help").showModal(), areKeysOn: () => isOn };
}

const isPast = ({ interview }) => !["scheduled", "live"].includes(interview.status);

/** Everyone on the panel, with the panelist's number as `key`. */
const seatsOf = (state) =>
  Object.entries(state.panel)
    .map(([id, seat]) => ({ ...seat, key: Number(id) }))
    .filter((seat) => !seat.has_left);

/** The rights that I can hand to a seat, or take: "turn" (to ask next) and "lead". */
function handOvers(seat, state, isLeadAway) {
  const isMe = seat.key === state.me.panelist;
  if (isPast(state) || seat.part === "shadow") return [];
  const turn = { kind: "turn", words: isMe ? "Take over" : `Pass to ${seat.short}` };
  const lead = { kind: "lead", words: isMe ? "Lead this call" : `Make ${seat.short} lead` };
  const mayLead = isMe ? isLeadAway && mayTakeLead(state) : state.me.may_lead;
  return [...(state.turn !== seat.key && state.me.may_cover ? [turn] : []), ...(mayLead ? [lead] : [])];
}

export function createPanel() {
  /** The question that each panelist present looks at; null once it is no longer known. */
  let here;
  let chosen = null;

  /** "leading · on this question", "shadowing · away" */
  function doing(seat, state, shown) {
    const isMe = seat.key === state.me.panelist;
    const part = isMe ? `you, ${PARTS[seat.part]}` : PARTS[seat.part];
    if (isMe || !here) return part;
    if (!(seat.key in here)) return `${part} · away`;
    const at = here[seat.key];
    if (at && at === shown) return `${part} · on this question`;
    return questionOf(state, at) ? `${part} · on “${promptOf(at)}”` : part;
  }

  function fill(row, seat, state, shown) {
    const isMe = seat.key === state.me.panelist;
    const isOver = isPast(state);
    const isAway = here && !isMe && !(seat.key in here);
    row.classList.toggle("is-away", Boolean(isAway));
    setText(find("[data-initials]", row), seat.initials);
    setText(find("[data-name]", row), seat.short);
    find("[data-name]", row).title = seat.name;
    setText(find("[data-doing]", row), doing(seat, state, shown));
    find("[data-doing]", row).title = doing(seat, state, shown);
    const asks = state.turn === seat.key;
    setHidden(find("[data-asks]", row), !asks || isOver);
    const isLeadAway = here && phaseOf(state) === "live" && !seatsOf(state).some((one) => one.part === "lead" && one.key in here);
    const rights = handOvers(seat, state, isLeadAway);
    for (const kind of ["turn", "lead"]) {
      const button = find(`[data-do=${kind}]`, row);
      const right = rights.find((one) => one.kind === kind);
      setHidden(button, !right);
      if (right) setText(button, right.words);
    }
  }

  return {
    /** The presence from the server; null once it is no longer known. */
    here(told) {
      here = told;
    },

    paint(state, shown) {
      const { panel, me, turn: asker, interview, questions } = state;
      if (!isNew(fixed("[data-people]"), panel, me, asker, interview, questions, here, shown)) return;
      const rows = seatsOf(state);
      fillList(fixed("[data-people]"), "seat", rows, (row, seat) => fill(row, seat, state, shown));
      document.body.classList.toggle("has-panel", rows.length > 1);
      const present = here && rows.filter((seat) => seat.key === state.me.panelist || seat.key in here);
      const isAlone = rows.length < 2 || (phaseOf(state) === "scheduled" && present?.length === 1);
      for (const place of findAll("[data-present]")) setHidden(place, !present || isAlone || isPast(state));
      fillList(fixed("[data-faces]"), "face", present ?? [], (face, seat) => setText(face, seat.initials));
      setText(fixed("[data-present-words]"), `${present?.length} on this page`);
      const turn = rows.length > 1 && phaseOf(state) === "live" && state.panel[state.turn];
      setHidden(fixed("[data-turn]"), !turn);
      setText(fixed("[data-turn]"), turn ? `${state.turn === state.me.panelist ? "You ask" : `${turn.short} asks`} next` : "");
      // Its room stays, so that what follows it does not move with the connection.
      setHidden(fixed("[data-no-line]"), rows.length < 2 || !globalThis.WebSocket);
      fixed("[data-no-line]").classList.toggle("is-known", here !== null);
    },

    /** Ask before the lead goes to someone else. */
    askToLead(state, panelist) {
      chosen = panelist;
      for (const name of findAll("#to-lead [data-name]")) setText(name, state.panel[panelist].short);
      find("#to-lead").showModal();
    },

    toLead() {
      find("#to-lead").close();
      return chosen;
    },
  };
}
