// Keys that work everywhere on the page; each goes with Ctrl or ⌘, so that none is typed by chance (WCAG 2.1.4).

import { find } from "./dom.js";
import { focusLine } from "./composer.js";

const KEYS = { "/": focusLine, ".": () => find("design").click(), ";": () => find("past").click() };

export function prepareKeys() {
  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || !(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
}
