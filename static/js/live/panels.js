// What opens over the page: drawers, the reasons to skip, go to, help and wrapping up.

import { csrfToken } from "./outbox.js";
import { fillList, find, findAll, phaseOf, promptOf, setText } from "./paint.js";
import { questionOf, ratingOf, reach, stops } from "./state.js";

/** Outline and rail where there is no room beside the card: open one, and the rest of the page rests. */
export function createDrawers() {
  let opener = null;

  const modal = (id) => [["role", "dialog"], ["aria-modal", "true"], ["aria-labelledby", `${id}-title`]];
  const others = () => findAll("[data-top], .live-main, [data-drawer], .legend").filter((part) => !part.matches(".is-open"));

  function open(id) {
    const drawer = document.getElementById(id);
    const button = find(`[data-do=${id}]`);
    if (!button?.checkVisibility()) return false;
    close();
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
    opener.focus();
  }

  addEventListener("resize", () => opener?.checkVisibility() || close());
  return { open, close, isOpen: () => find("[data-drawer].is-open") !== null };
}

/** The five reasons, by click or by number. */
export function createSkipMenu({ choose }) {
  const menu = find("#skip-menu");
  const button = find("[data-skip]");

  function toggle(isOpen = menu.hidden) {
    if (isOpen === !menu.hidden || (isOpen && button.hidden)) return;
    menu.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      find("button", menu).focus();
      menu.scrollIntoView({ block: "nearest" }); // by its key it may open below the edge of the window
    } else if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
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
    return stops(state())
      .map((stop) => {
        const id = Number(stop.slice(1));
        const section = sections.find((one) => one.id === (stop[0] === "g" ? id : questionOf({ questions }, id).section));
        return { key: stop, text: stop[0] === "g" ? section.gate : promptOf(id), where: stop[0] === "g" ? "Gate" : section.title };
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
    find("[data-go-nothing]").hidden = found.length > 0;
    list.hidden = !found.length;
    if (found.length) field.setAttribute("aria-activedescendant", `option-${found[at].key}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function go(key) {
    dialog.close();
    if (key) show(key);
  }

  field.addEventListener("input", () => ((at = 0), paint()));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at = Math.max(0, Math.min(list.children.length - 1, at + step));
      paint();
    } else if (event.key === "Enter" && !event.isComposing) {
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

/** What is still open at the end of a call. */
export function createWrapUp({ state }) {
  const dialog = find("#wrap-up");

  function part(name, rows) {
    const section = find(`[data-wrap=${name}]`);
    section.hidden = !rows.length;
    fillList(find("ul", section), "open", rows, (element, row) => {
      const link = find("a", element);
      setText(find("[data-text]", element), row.text);
      if (row.id) Object.assign(link, { href: `#q-${row.id}` }).dataset.look = `q${row.id}`;
      else link.removeAttribute("href");
    });
    return rows.length;
  }

  return function open() {
    const now = state();
    const asRow = (question) => ({ key: question.id, id: question.id, text: promptOf(question.id) });
    const sectionOf = (question) => now.sections.find((section) => section.id === question.section);
    const open = now.questions.filter((question) => question.state === "unasked" && question.parent === null && reach(now, question.section) === "open");
    const unrated = now.questions.filter((question) => question.state === "asked" && question.kind === "answer" && ratingOf(now, question.id).value === null);
    const ends = now.loose_ends.filter((row) => !row.is_done).map((row) => ({ key: row.client_id, id: row.question, text: row.text }));
    const count = [
      part("candidate", open.filter((question) => sectionOf(question).is_for_candidate).map(asRow)),
      part("must", open.filter((question) => question.must_ask && !sectionOf(question).is_for_candidate).map(asRow)),
      part("ends", ends),
      part("unrated", unrated.map(asRow)),
    ].reduce((sum, number) => sum + number, 0);
    find("[data-wrap-nothing]").hidden = count > 0;
    if (!dialog.open && phaseOf(now) === "live") dialog.showModal();
  };
}

/** Help, with the switch of the single keys. */
export function createHelp({ isOn, url }) {
  const toggle = find("[data-keys-toggle]");
  const problem = find("[data-keys-problem]");

  function paint() {
    document.body.classList.toggle("has-keys-off", !isOn);
    for (const part of findAll("[data-keys-on]")) part.hidden = !isOn;
    for (const part of findAll("[data-keys-off]")) part.hidden = isOn;
  }

  toggle.addEventListener("change", async () => {
    isOn = toggle.checked;
    paint();
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ on: isOn }) }).catch(() => null);
    problem.hidden = Boolean(answer?.ok);
  });
  paint();
  return { open: () => find("#help").showModal(), areKeysOn: () => isOn };
}
