// A form from its questions: labels, the right kind of entry for each, errors at the field.

import { chip, el } from "./dom.js";
import { t } from "./language.js";

let made = 0;

export function formOf(form, submit) {
  const fields = form.questions.map((question) => fieldOf(question, form.values));
  const set = el("fieldset", {}, fields.map((field) => field.node), el("div", { class: "row" }, el("button", { class: "chip main" }, t("Go on"))));
  const node = el("form", { autocomplete: "off" }, set);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = { ...form.values, ...Object.fromEntries(fields.map((field) => [field.name, field.value()])) };
    set.disabled = true;
    await submit(values);
    set.disabled = false;
  });
  return node;
}

export const focusForm = (article) =>
  (article.querySelector("[aria-invalid=true]") ?? article.querySelector("input, select, textarea"))?.focus();

function fieldOf(question, values) {
  const id = `field-${++made}`;
  const start = values[question.name] ?? question.default;
  const entry = (ENTRIES[question.entry] ?? line)(question, start, id);
  entry.input.id = id;
  entry.input.required = question.required && question.entry !== "switch";
  if (question.error) {
    entry.input.setAttribute("aria-invalid", "true");
    entry.input.setAttribute("aria-describedby", `${id}-error`);
  }
  const optional = question.required || question.entry === "switch" ? null : el("small", {}, ` (${t("optional")})`);
  const label = el("label", { for: id }, question.label, optional);
  const error = question.error ? el("span", { class: "error", id: `${id}-error` }, question.error) : null;
  const offers = question.offers.length ? el("div", { class: "row" }, question.offers.map(([answer, text]) => chip(text, () => { entry.input.value = answer; entry.input.focus(); }))) : null;
  const parts = question.entry === "switch" ? [entry.node, label] : [label, entry.node];
  const node = el("div", { class: `field ${question.entry}-field ${question.entry === "switch" ? "switch" : ""}` }, parts, offers, error);
  return { name: question.name, node, value: entry.value ?? (() => entry.input.value) };
}

const ENTRIES = { long, secret, choice, switch: toggle };

function line(question, start, id) {
  const input = el("input", { type: "text", value: start });
  if (!question.choices.length) return { input, node: input };
  input.setAttribute("list", `${id}-list`);
  const list = el("datalist", { id: `${id}-list` }, question.choices.map(([value, label]) => el("option", { value }, label)));
  return { input, node: el("div", {}, input, list) };
}

function long(question, start) {
  const input = el("textarea", { rows: "3" });
  input.value = start;
  return { input, node: input };
}

function secret(question, start) {
  const input = el("input", { type: "password", autocomplete: "new-password", value: start, spellcheck: "false" });
  const reveal = el("button", { type: "button", class: "quiet", "aria-pressed": "false" }, t("Show"));
  reveal.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    reveal.textContent = hidden ? t("Hide") : t("Show");
    reveal.setAttribute("aria-pressed", String(hidden));
  });
  return { input, node: el("div", { class: "secret" }, input, reveal) };
}

function choice(question, start) {
  const known = question.choices.some(([value]) => value === start);
  const empty = known ? [] : [el("option", { value: "" }, t("Please choose"))];
  const input = el("select", {}, empty, question.choices.map(([value, label]) => el("option", { value, selected: value === start }, label)));
  return { input, node: input };
}

function toggle(question, start) {
  const input = el("input", { type: "checkbox", checked: ["yes", "true", "on", "1", "y"].includes(start.toLowerCase()) });
  return { input, node: input, value: () => (input.checked ? "yes" : "no") };
}
