// Elements as far as modules of the live page look at them; a page finds them by their selectors.

/** @param {Record<string, any>} [fields] what the element has; `parts` are those inside it, by selector */
export function element({ parts = {}, ...fields } = {}) {
  const attributes = new Map();
  const one = Object.assign(new EventTarget(), {
    value: "",
    dataset: {},
    textContent: "",
    children: [],
    focus: () => Object.assign(document, { activeElement: one }),
    blur: () => Object.assign(document, { activeElement: null }),
    select: () => one.focus(),
    matches: () => true,
    contains: (other) => other === one || Object.values(parts).flat().includes(other),
    checkVisibility: () => true,
    setSelectionRange() {},
    getAttribute: (name) => attributes.get(name) ?? null,
    setAttribute: (name, value) => attributes.set(name, value),
    removeAttribute: (name) => attributes.delete(name),
    querySelector: (selector) => [parts[selector] ?? []].flat()[0] ?? null,
    querySelectorAll: (selector) => [parts[selector] ?? []].flat(),
    ...fields,
  });
  return one;
}

/** Make the document find these elements. @param {Record<string, any>} parts by selector */
export function pageWith(parts) {
  const all = (selector) => [parts[selector] ?? []].flat();
  Object.assign(document, { querySelector: (selector) => all(selector)[0] ?? null, querySelectorAll: all, activeElement: null });
}
