// The page's own words in the reader's language, from a table by the English ones; English where there is none.

let told = {};

export function speak(language, words) {
  document.documentElement.lang = language;
  told = words;
  for (const node of document.querySelectorAll("body :not(#log *)")) translate(node);
}

// Says a word or sentence; ``{name}`` placeholders are filled from ``values``.
export const t = (text, values = {}) => (told[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function translate(node) {
  for (const name of ["aria-label", "title", "placeholder"]) {
    if (node.hasAttribute(name)) node.setAttribute(name, t(node.getAttribute(name)));
  }
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) child.data = t(child.data);
  }
}
