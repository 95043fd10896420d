// Elements made from data. Strings become text nodes, never markup.

import { t } from "./language.js";

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const find = (id) => document.getElementById(id);

export function chip(label, press, tone = "plain") {
  return el("button", { type: "button", class: `chip ${tone}`, click: press }, label);
}

// Copies, and says so on the button for a moment. Without a secure context browsers have no clipboard object.
export async function copy(text, button) {
  const label = button.textContent;
  button.textContent = (await copied(text)) ? t("Copied") : t("Please copy by hand");
  setTimeout(() => { button.textContent = label; }, 1600);
}

export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "unseen", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
