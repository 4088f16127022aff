// Says at once that a chosen file is too large, before it is sent for minutes.

import { findAll } from "../page.js";

for (const field of findAll("input[type=file][data-most-bytes]")) {
  const most = Number(field.dataset.mostBytes);
  field.addEventListener("change", () => {
    const file = field.files[0];
    const words = `This file has ${(file?.size / 1e6).toFixed(1)} MB; ${most / 1e6} MB can be saved.`;
    field.setCustomValidity(file && file.size > most ? words : "");
    field.reportValidity();
  });
  // The form has no validation of the browser's; an oversized file is not sent all the same.
  field.form.addEventListener("submit", (event) => {
    if (!field.validity.customError) return;
    event.preventDefault();
    field.reportValidity();
  });
}
