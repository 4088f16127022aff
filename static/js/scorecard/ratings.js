// Ratings and flags of the answers.

import { find, findAll, plural } from "../page.js";

export const answerOf = (id) => find(`[data-answer="${id}"]`);

/**
 * Show a saved rating: its value, and whether Poor is disabled. The live page may have left one of a question that this page
 * does not list.
 */
export function showRating(id, { value, flags }) {
  const answer = answerOf(id);
  if (!answer) return;
  const isRated = value !== null;
  let word = "not rated yet";
  for (const radio of findAll("[data-rate] input", answer)) {
    radio.checked = Number(radio.value) === value;
    if (radio.checked) word = find("b", radio.parentElement).textContent;
    if (radio.value === "1") radio.disabled = flags.includes("dont_know");
  }
  for (const box of findAll("[data-flag]", answer)) box.checked = flags.includes(box.dataset.flag);
  find("[data-floor]", answer).hidden = !flags.includes("dont_know");
  find("[data-unrate]", answer).hidden = !isRated;
  find("[data-rating-word]", answer).textContent = word;
  const chip = find("[data-rating-open]", answer);
  chip.classList.toggle("accent", isRated);
  chip.classList.toggle("warn", !isRated);
  answer.toggleAttribute("data-is-unrated", !isRated);
  countUnrated();
}

/** The rating and flags chosen on the page. */
export function chosen(id) {
  const answer = answerOf(id);
  const radio = find("[data-rate] input:checked", answer);
  const flags = findAll("[data-flag]:checked", answer).map((box) => box.dataset.flag);
  // "I don't know" never rates below Mixed; the server does the same.
  const value = radio ? Math.max(Number(radio.value), flags.includes("dont_know") ? 2 : 1) : null;
  return { value, flags };
}

export function countUnrated() {
  const { length } = findAll("[data-is-unrated]");
  for (const notice of findAll("[data-unrated], [data-review-unrated]")) notice.hidden = !length;
  for (const words of findAll("[data-unrated-words]"))
    words.textContent = `${plural(length, "answer")} ${length === 1 ? "has" : "have"} no rating.`;
  for (const button of findAll("[data-rate-first]")) button.textContent = length === 1 ? "Rate it" : "Rate them";
}

export function openRating(answer, isOpen) {
  const button = find("[data-rating-open]", answer);
  button.setAttribute("aria-expanded", String(isOpen));
  document.getElementById(button.getAttribute("aria-controls")).hidden = !isOpen;
}

/** Open the first answer without a rating. */
export function showFirstUnrated() {
  const answer = find("[data-is-unrated]");
  const others = answer.closest("details");
  if (others) others.open = true;
  openRating(answer, true);
  find("[data-rate] input:enabled", answer).focus();
  answer.scrollIntoView({ block: "start" });
}
