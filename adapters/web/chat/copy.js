// Buttons that copy what is shown once; without scripts they are not there, and the text is selected by a press.

import { copied } from "./dom.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(document.getElementById(button.dataset.copy).textContent);
    button.textContent = done ? button.dataset.done : label;
    setTimeout(() => { button.textContent = label; }, 1600);
  });
}
