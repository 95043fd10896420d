// Panels over the conversation: dialogs that a button, Escape or Telegram's back button closes.

import { find } from "./dom.js";
import { showBack } from "./telegram.js";

export function openPanel(id) {
  const panel = find(id);
  if (!panel.open) panel.showModal();
  showBack(true);
}

export const closePanels = () => document.querySelectorAll("dialog[open]").forEach((panel) => panel.close());

export function preparePanels() {
  for (const panel of document.querySelectorAll("dialog")) {
    panel.querySelector(".close").addEventListener("click", () => panel.close());
    panel.addEventListener("close", () => showBack(false));
    panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  }
}
