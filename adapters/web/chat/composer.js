// The line that is typed: what it may become, what its keys do.

import { chip, find } from "./dom.js";
import { suggestions } from "./words.js";

const text = find("text");
let commands = [];
let recent = "";

// ``say(line)`` sends what was typed.
export function prepareComposer(say) {
  const send = () => {
    const line = text.value.trim();
    if (!line) return;
    emptied(line);
    say(line);
  };
  find("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  text.addEventListener("input", suggest);
  text.addEventListener("keydown", (event) => {
    const first = find("suggestions").hidden ? null : find("suggestions").firstElementChild;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    else if (event.key === "Tab" && !event.shiftKey && first && text.value) { event.preventDefault(); first.click(); }
    else if (event.key === "Escape") find("suggestions").hidden = true;
    else if (event.key === "ArrowUp" && !text.value) { event.preventDefault(); take(recent); }
  });
}

export function know(words) {
  commands = words;
  suggest();
}

export const known = () => commands;
export const typed = () => text.value;
export const focusLine = () => text.focus();

// Empties the line; what stood there comes back with the arrow upwards.
export function emptied(line) {
  recent = line;
  text.value = "";
  suggest();
}

// Gives back what could not be sent, where nothing else is being typed meanwhile.
export function giveBack(line) {
  if (!text.value) take(line);
}

function take(line) {
  text.value = line;
  text.focus();
  suggest();
}

function suggest() {
  const log = find("log");
  const found = suggestions(commands, text.value);
  const chips = found.map((each) => {
    const button = chip(each.label, () => take(each.text));
    button.title = each.title;
    return button;
  });
  const below = log.scrollHeight - log.scrollTop - log.clientHeight;
  find("suggestions").replaceChildren(...chips);
  find("suggestions").hidden = !chips.length;
  log.scrollTop = log.scrollHeight - log.clientHeight - below; // what was read stays above the growing composer
}
