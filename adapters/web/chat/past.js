// The panel of codes made before: searched, favourites alone, page by page; one that is chosen is shown again.

import { chip, el, find } from "./dom.js";
import { post, told } from "./door.js";
import { closePanels, openPanel } from "./panel.js";

const PAUSE = 300; // milliseconds after the last letter
let asked = 0;
let waiting = 0;

export function preparePast(show) {
  const look = () => load({ command: "history", values: sought() }, show);
  find("past").addEventListener("click", () => { openPanel("codes"); look(); });
  find("search").addEventListener("submit", (event) => { event.preventDefault(); look(); });
  find("starred").addEventListener("change", look);
  find("words").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE); });
}

function sought() {
  const search = find("words").value.trim();
  return { ...(search && { search }), favourites: find("starred").checked ? "yes" : "no" };
}

async function load(said, show) {
  const number = ++asked;
  const list = find("found");
  list.setAttribute("aria-busy", "true");
  const content = await post(said).then((reply) => listed(reply, show), (error) => [el("p", { class: "error" }, told(error))]);
  if (number !== asked) return; // something else was asked for meanwhile
  list.replaceChildren(...content);
  list.removeAttribute("aria-busy");
}

// A row of one button is a code; what else there is leads on in the list. The favourites have a box of their own.
function listed(reply, show) {
  const single = reply.buttons.filter((row) => row.length === 1 && row[0].line?.startsWith("show "));
  const more = reply.buttons.flat().filter(({ line }) => line?.includes("page="));
  return [
    el("p", { class: "muted" }, single.length ? reply.title : reply.body),
    el("ul", { class: "codes" }, single.map(([each], at) => el("li", {}, code(each, reply.fields[at], show)))),
    el("div", { class: "row" }, more.map(({ label, line }) => chip(label, () => load({ press: line }, show)))),
  ];
}

function code({ label, line }, field, show) {
  const chosen = () => { closePanels(); show(label, line); };
  const star = field?.label.startsWith("★") ? el("span", { class: "star", "aria-hidden": "true" }, "★") : null;
  const id = el("small", {}, field?.label.replace("★", "").trim());
  return el("button", { type: "button", class: "code", click: chosen }, el("span", { dir: "auto" }, field?.value ?? label), star, id);
}
