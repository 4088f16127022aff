// A printed text field shows only what fits: print its text as a paragraph instead.

addEventListener("beforeprint", () => {
  for (const field of document.querySelectorAll("textarea")) {
    if (!field.value) continue;
    const text = document.createElement("p");
    text.className = "paper-text";
    text.textContent = field.value;
    field.after(text);
  }
});

addEventListener("afterprint", () => {
  for (const text of document.querySelectorAll(".paper-text")) text.remove();
});
