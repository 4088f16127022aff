// On paper a text field shows what fits into it: what it holds is printed as text in its place.

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
