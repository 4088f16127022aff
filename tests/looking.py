"""Checks the look of one page in a browser: every width, light and dark, and with Tab alone."""

from typing import Any

from tests.windows import OUR_OWN

WIDTHS = (1440, 700, 560, 480, 390, 320)
# The browser loads it once, and not each time through the wire that drives it.
AXE = f"{OUR_OWN}axe.js"
LOAD_AXE = """async (address) => {
  if (window.axe) return;
  const script = Object.assign(document.createElement("script"), { src: address });
  const isLoaded = new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
  document.head.append(script);
  await isLoaded;
  script.remove();
}"""
# Contrast takes axe as long as all other rules together, and most words of a page look like others, on this page or on
# one before: they and all they are in have the same names, classes, colours, sizes and kind of place. Of these, one
# that passes is enough. The page gets the digests of looks that have passed, and gives those that it adds.
RUN = """async ([part, options, passed]) => {
  const known = new Set(passed);
  const looks = new Map();
  const told = ["color", "background-color", "background-image", "opacity", "font-size", "font-weight", "text-shadow",
    "filter", "mix-blend-mode", "position", "float", "z-index", "transform", "margin-top", "margin-left"];
  const digest = (text) => {
    let [one, other] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      other = Math.imul(other ^ code, 1597334677);
    }
    return `${one >>> 0}.${other >>> 0}`;
  };
  const look = (element) => {
    if (!looks.has(element)) {
      const style = getComputedStyle(element);
      const around = element.parentElement ? look(element.parentElement) : "";
      const own = told.map((name) => style.getPropertyValue(name)).join();
      looks.set(element, digest(`${around} ${element.localName}.${element.className} ${own}`));
    }
    return looks.get(element);
  };
  const added = [];
  const rule = axe._audit.rules.find(({ id }) => id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const [{ matches }, { evaluate }] = [rule, check];
  rule.matches = (element, ...more) => !known.has(look(element)) && matches.call(rule, element, ...more);
  check.evaluate = function remembering(element, ...more) {
    const isKnown = known.has(look(element));
    const result = isKnown || evaluate.call(this, element, ...more);
    if (result === true && !isKnown) {
      known.add(look(element));
      added.push(look(element));
    }
    return result;
  };
  const { violations } = await axe.run(part ?? document, options);
  Object.assign(rule, { matches });
  Object.assign(check, { evaluate });
  return [violations, added];
}"""
PASSED: set[str] = set()  # such digests, of all pages of this process
# What passes is not described: that takes axe longer than all its rules.
USUAL: dict[str, Any] = {"resultTypes": ["violations"]}
EVERY_RULE = USUAL | {"rules": {"target-size": {"enabled": True}}}
COLOURS = USUAL | {"runOnly": ["color-contrast", "link-in-text-block"]}
# Narrow and in the dark the same page has other colours and other distances, and nothing else.
LOOKS = USUAL | {"runOnly": ["color-contrast", "link-in-text-block", "target-size"]}

# By how many pixels the page is too wide, and columns that leave their words no room: of boxes with words to see, those
# narrower than a few letters.
MISFITS = """() => {
  const seen = (element) => [...element.querySelectorAll(".sr-only")]
    .reduce((words, unseen) => words.replace(unseen.innerText, ""), element.innerText ?? "").trim();
  const isThin = (element) => {
    // In this order: few are narrow, and to read their words takes longest.
    if (element.getBoundingClientRect().width >= 48 || !element.checkVisibility()) return false;
    const { display, position } = getComputedStyle(element);
    return !["inline", "contents"].includes(display) && position !== "absolute" && seen(element).length >= 12;
  };
  const boxes = [...document.querySelectorAll("body :not(script, style, template, svg, svg *, option, optgroup)")];
  const isLeftOut = (element) => element.closest(".sr-only, .skip-link, .site-person, [hidden], template");
  const thin = boxes.filter((element) => isThin(element) && !isLeftOut(element));
  const { scrollWidth, clientWidth } = document.documentElement;
  return [scrollWidth - clientWidth, thin.map((element) => element.outerHTML.slice(0, 120))];
}"""

# What Tab should reach, in its order: what is in sight, of radio buttons the one that is chosen or else all.
CONTROLS = """(isBelowMenu) => {
  const main = document.querySelector("main");
  const isBelow = (element) => Boolean(main.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  // After the last control Tab begins again at the menu.
  const isMeant = (element) => !isBelowMenu || isBelow(element);
  const all = "a[href], button, input, select, textarea, summary, [tabindex]";
  const chosen = (radio) => document.querySelector(`input[type=radio][name="${CSS.escape(radio.name)}"]:checked`);
  const isOne = (element) => element.tabIndex >= 0 && !element.disabled
    && element.checkVisibility({ visibilityProperty: true })
    && !(element.type === "radio" && (chosen(element) ?? element) !== element)
    && isMeant(element);
  window.controls = [...document.querySelectorAll(all)].filter(isOne);
  window.reached = [];
  document.addEventListener("focusin", ({ target }) => isMeant(target) && window.reached.push(target));
  // Day, month, year, clock and calendar of such a field are stops of their own.
  const parts = window.controls.filter((element) => ["date", "time"].includes(element.type)).length * 4;
  return window.controls.length + parts;
}"""
# From where nothing has the focus, as when the page has just come: some give it to their first field.
TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
# The controls that were not reached, and those to which Tab went back.
REACHED = """() => {
  const words = (element) => element.outerHTML.slice(0, 160);
  const once = [...new Set(window.reached)];
  const isSameGroup = (one, other) => one.type === "radio" && one.name === other.name;
  const isMissing = (element) => !once.some((one) => one === element || isSameGroup(one, element));
  const isBack = (element, at) =>
    at > 0 && !(once[at - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  return { missing: window.controls.filter(isMissing).map(words), backwards: once.filter(isBack).map(words) };
}"""


def look_at(page: Any, path: str, *, is_another: bool = False, has_new_menu: bool = True) -> list[str]:
    """Accessibility problems of the page, in words. Console errors fail the test separately.

    Of a page like one that was looked at before, dark colours and the way of Tab are the same; and that through a menu
    is the same on each page."""
    wrong = fit(page, path)
    wrong += [f"at 1440 px, {found}" for found in run_axe(page, "light", EVERY_RULE)]
    if not is_another:
        wrong += [*_skip(page), *_tab_through(page, is_below_menu=not has_new_menu)]
        page.set_viewport_size({"width": 560, "height": 1000})
        wrong += [f"at 560 px, {found}" for found in run_axe(page, "dark", LOOKS)]
    return [f"{path}: {words}" for words in wrong]


def fit(page: Any, path: str) -> list[str]:
    """What sticks out of the page or has no room, at each width. Afterwards it is at the largest."""
    page.set_viewport_size({"width": 1440, "height": 1000})
    wrong = [] if page.goto(path).status < 400 else ["it does not open"]
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 1000})
        over, thin = page.evaluate(MISFITS)
        wrong += [f"{over} px too wide at {width} px"] if over > 0 else []
        wrong += [f"no room at {width} px: {found}" for found in thin]
    return wrong


def axe_script() -> bytes:
    """What a site under test answers at the address `AXE`."""
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script).encode()


def run_axe(page: Any, scheme: str, options: dict, part: str | None = None) -> list[str]:
    """What axe finds on the current page, or this part of it, in words. Afterwards the page is light."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(LOAD_AXE, AXE)
    found, passed = page.evaluate(RUN, [part, options, list(PASSED)])
    PASSED.update(passed)
    page.emulate_media(color_scheme="light")
    return [f"{scheme}, {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def _skip(page: Any) -> list[str]:
    """The first Tab leads to a link past the menu."""
    page.evaluate(TOP)
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement.matches('.skip-link')"):
        return ["the first Tab does not lead to the link past the menu"]
    page.keyboard.press("Enter")
    return [] if page.evaluate("document.activeElement.id") == "main" else ["the link past the menu leads nowhere"]


def _tab_through(page: Any, *, is_below_menu: bool) -> list[str]:
    if is_below_menu:
        page.evaluate("document.querySelector('main').focus()")
    else:
        page.evaluate(TOP)
    count = page.evaluate(CONTROLS, is_below_menu)
    for _ in range(count + 2):
        page.keyboard.press("Tab")
    return [f"Tab, {name}: {words}" for name, found in page.evaluate(REACHED).items() for words in found]
