// The style designer: each choice is drawn and measured by the bot, which keeps nothing until "Use it".

import { el, find } from "./dom.js";
import { known, post, told } from "./door.js";
import { sections } from "./choices.js";
import { t } from "./language.js";
import { closePanels, openPanel } from "./panel.js";

const PAUSE = 250; // milliseconds after the last change
const STAYS = ["logo"]; // what a look with a name leaves as it is
let parts = null; // the sections, built when first needed
let code = ""; // the code whose look is tried, none for the person's own style
let changes = new Map(); // part to words
let answer = null; // what the bot said of the look last tried
let timer = 0;
let busy = false;
let again = false;

// ``use(line, code)`` says what was chosen.
export function prepareDesigner(use) {
  find("design").addEventListener("click", () => openDesigner());
  find("use").addEventListener("click", () => {
    closePanels();
    use(`default, ${answer.look}`, code);
  });
  for (const each of document.getElementsByName("target")) each.addEventListener("change", () => start(each.value));
}

// Opens the designer: for one code, or for all that are made from now on.
export async function openDesigner(id = "", title = "") {
  openPanel("designer");
  find("targets").hidden = !id;
  const [all, this_one] = document.getElementsByName("target");
  this_one.value = id;
  (id ? this_one : all).checked = true;
  find("target-title").textContent = title;
  parts ??= await built();
  start(id);
}

async function built() {
  const offered = await known("/chat/looks");
  if (!offered) {
    refuse(new TypeError());
    return null;
  }
  const list = sections(offered, change);
  const tabs = list.map((part, at) => tab(part, at));
  find("tabs").replaceChildren(...tabs);
  find("sections").replaceChildren(...list.map(({ name, label, node }) => el("div", { id: `section-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}`, "aria-label": label, tabindex: "-1" }, node)));
  select(tabs, 0);
  find("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    select(tabs, next);
    tabs[next].focus();
  });
  tabs.forEach((each, at) => each.addEventListener("click", () => select(tabs, at)));
  return list;
}

const tab = ({ name, label }) => el("button", { type: "button", class: "tab", role: "tab", id: `tab-${name}`, "aria-controls": `section-${name}` }, label);

function select(tabs, chosen) {
  tabs.forEach((each, at) => {
    each.setAttribute("aria-selected", String(at === chosen));
    each.tabIndex = at === chosen ? 0 : -1;
    find(each.getAttribute("aria-controls")).hidden = at !== chosen;
  });
  find("sections").scrollTop = 0;
  tabs[chosen].scrollIntoView({ block: "nearest", inline: "center" });
}

// --- trying -----------------------------------------------------------------------------------------------------

function start(id) {
  code = id;
  changes = new Map();
  show(null);
  if (parts) attempt();
}

function change(part, words) {
  if (part === "preset") changes = new Map([...changes].filter(([each]) => STAYS.includes(each)));
  changes.set(part, words);
  find("use").disabled = true;
  clearTimeout(timer);
  timer = setTimeout(attempt, PAUSE);
}

// One try at a time: what is chosen meanwhile is tried next, and nothing in between.
async function attempt() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  find("tried").setAttribute("aria-busy", "true");
  do {
    again = false;
    const look = [...changes.values()].filter(Boolean).join(", ");
    await post({ code, look }, "/chat/preview").then(show, refuse);
  } while (again);
  find("tried").removeAttribute("aria-busy");
  busy = false;
}

function show(given) {
  answer = given;
  find("use").disabled = !given;
  if (!given) return;
  const { picture, score, grade, said, look, values } = given;
  Object.assign(find("tried-picture"), { src: picture.src, alt: picture.alt });
  find("meter").value = score;
  find("score").textContent = t("Scan check: {score} of 100, grade {grade}.", { score, grade });
  find("said").replaceChildren(...said.map((line) => el("li", {}, line)));
  find("look").textContent = look;
  parts.forEach((part) => part.fill(values));
}

function refuse(error) {
  answer = null;
  find("use").disabled = true;
  find("said").replaceChildren(el("li", { class: "error" }, told(error)));
}
