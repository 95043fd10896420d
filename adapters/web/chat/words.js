// What the line being typed may become: command words first, then a command's options and their choices.

import { known } from "./door.js";

// Fetches {language, words, commands, account}: the page's own words by the English ones, what can be typed,
// and whether people have accounts here.
export async function loadWords() {
  return (await known("/chat/words")) ?? { language: "en", words: {}, commands: [], account: false };
}

// Gives a line that names a command which takes files, to go with one; else nothing.
export function caption(words, line) {
  const name = /^\/?(\w+)/.exec(line.trim())?.[1].toLowerCase();
  return words.some((each) => each.files && each.name === name) ? line.trim() : "";
}

// Lists {label, title, text}: ``text`` is the whole line once the suggestion is taken.
export function suggestions(words, line) {
  const first = /^\/?(\w*)$/.exec(line);
  if (first) return line ? commands(words, first[1].toLowerCase()) : [];
  const [, name, last] = /^\/?(\w+)\s(?:.*\s)?(\S*)$/s.exec(line) ?? [];
  const word = words.find((each) => each.name === name?.toLowerCase());
  return word ? options(word, line, last) : [];
}

const commands = (words, start) =>
  words
    .filter((word) => word.name.startsWith(start) && word.name !== start)
    .map((word) => ({ label: `/${word.name}`, title: word.summary, text: `/${word.name} ` }));

function options(word, line, last) {
  const head = line.slice(0, line.length - last.length);
  const [name, value] = last.split("=", 2);
  const param = word.options.find((each) => each.name === name);
  const offered = value !== undefined && param
    ? param.choices.filter((choice) => choice.toLowerCase().startsWith(value.toLowerCase())).map((choice) => `${name}=${choice} `)
    : word.options.filter((each) => each.name.startsWith(last) && !line.includes(`${each.name}=`)).map((each) => `${each.name}=`);
  return offered.filter((text) => text.trim() !== last).map((text) => ({ label: text.trim(), title: "", text: head + text }));
}
