// Ask before leaving a changed form: <form data-unsaved>; "sent" means that the server returned it with errors.

import { findAll } from "../page.js";

for (const form of findAll("form[data-unsaved]")) {
  let isChanged = form.dataset.unsaved === "sent";
  const note = () => {
    isChanged = true;
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => {
    isChanged = false;
  });
  form.addEventListener("draft:discarded", () => {
    isChanged = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}
