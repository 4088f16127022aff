// Adds up the minutes of all remaining sections while they are typed.

import { find, findAll } from "../page.js";

const total = find("[data-total-minutes]");
const form = total?.closest("form");

function addUp() {
  const fields = findAll('[name^="sections-"][name$="-minutes"]', form);
  const remaining = fields.filter((field) => !field.closest("[data-row]").classList.contains("is-removed"));
  total.value = String(remaining.reduce((sum, field) => sum + (Number.parseInt(field.value, 10) || 0), 0));
}

form?.addEventListener("input", addUp);
form?.addEventListener("change", addUp);
