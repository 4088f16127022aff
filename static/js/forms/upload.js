// Says at once that a chosen file is too large, before it is sent for minutes.

import { findAll } from "../page.js";

for (const field of findAll("input[type=file][data-most-bytes]")) {
  const most = Number(field.dataset.mostBytes);
  field.addEventListener("change", () => {
    const file = field.files[0];
    const words = `This file is ${(file?.size / 1e6).toFixed(1)} MB; the limit is ${most / 1e6} MB.`;
    field.setCustomValidity(file && file.size > most ? words : "");
    field.reportValidity();
  });
  // The form does without the browser's validation, so an oversized file is stopped here.
  field.form.addEventListener("submit", (event) => {
    if (!field.validity.customError) return;
    event.preventDefault();
    field.reportValidity();
  });
}
