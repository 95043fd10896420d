// The conversation: what is said goes out one after the other, each answer becomes an article of the log.

import { openDesigner, prepareDesigner } from "./designer.js";
import { chip, el, find } from "./dom.js";
import { post, told } from "./door.js";
import { focusForm } from "./form.js";
import { speak, t } from "./language.js";
import { closePanels, preparePanels } from "./panel.js";
import { preparePast } from "./past.js";
import { articleOf, isEmpty } from "./reply.js";
import { scan, scans, settleIn, telegram } from "./telegram.js";
import { caption, loadWords, suggestions } from "./words.js";

const LARGEST = 10 * 1024 * 1024; // bytes of one file
const log = find("log");
const text = find("text");
let commands = [];
let queue = Promise.resolve();
let recent = "";
const followed = new WeakMap(); // articles that were replaced, to what stands in their place

// --- saying ---------------------------------------------------------------------------------------------------

function say(said, { place = null, own = "", focus = false } = {}) {
  const bubble = own ? add(el("p", { class: "message own", dir: "auto" }, own)) : null;
  queue = queue.then(() => exchange(said, { place, bubble, focus }));
  return queue;
}

async function exchange(said, { place, bubble, focus }) {
  const dots = add(el("div", { class: "message bot waiting", role: "img", "aria-label": t("Working") }, el("i"), el("i"), el("i")));
  try {
    const reply = await post(said);
    dots.remove();
    answered(reply, place, bubble, focus);
  } catch (error) {
    dots.remove();
    failed(error, () => say(said, { place }));
  }
}

function answered(reply, pressed, bubble, focus) {
  if (isEmpty(reply)) return;
  const place = standing(pressed);
  const article = articleOf(reply, { press, submit, design: openDesigner, send: sendOn });
  const filled = place?.querySelector("form");
  if (place?.isConnected && (reply.replace || (filled && reply.form))) {
    place.replaceWith(article);
    followed.set(place, article);
    if (reply.replace) bubble?.remove();
  } else {
    if (filled && reply.status === "ok") close(place);
    add(article);
  }
  if (reply.form) focusForm(article);
  else if (focus) text.focus();
  settle(article);
}

// Whoever presses quickly presses what is replaced before the answer comes.
function standing(article) {
  while (followed.has(article)) article = followed.get(article);
  return article;
}

function failed(error, again) {
  const next = error.final ? leave() : chip(t("Try again"), () => { article.remove(); again(); });
  const article = el("article", { class: "message bot failed" }, el("p", {}, told(error)), next && el("div", { class: "row" }, next));
  settle(add(article));
}

const leave = () => (telegram ? chip(t("Close"), () => telegram.close()) : null);

const press = (article, label, line) => say({ press: line }, { place: article, own: label });

// Lets the bot send a file into the chat with it, where it can be saved and passed on.
function sendOn(line) {
  queue = queue.then(() => post({ send: line }).then(
    () => add(el("p", { class: "message bot" }, t("It is on its way to our chat."))),
    (error) => failed(error, () => sendOn(line)),
  ));
}

const submit = (article, form, values) => say({ command: form.command, values }, { place: article, focus: true });

function close(article) {
  const title = article.querySelector("h2")?.textContent ?? "";
  article.classList.remove("form", "incomplete");
  article.replaceChildren(el("p", { class: "muted" }, `${title} ✓`));
}

function add(node) {
  log.append(node);
  settle(node);
  return node;
}

// Brings a message into view: its head where it is long or a form; on a phone a new code down to its picture.
function settle(node) {
  requestAnimationFrame(() => {
    const page = getComputedStyle(log).overflowY === "visible";
    const room = page ? window.innerHeight / 2 : log.clientHeight;
    if (page && node.querySelector(".thumb")) window.scrollTo(0, document.body.scrollHeight);
    else node.scrollIntoView({ block: node.querySelector("form") || node.offsetHeight > room ? "start" : "end" });
  });
}

// --- the composer ---------------------------------------------------------------------------------------------

function send() {
  const line = text.value.trim();
  if (!line) return;
  empty(line);
  say({ text: line }, { own: line });
}

function empty(line) {
  recent = line;
  text.value = "";
  suggest();
}

function take(line) {
  text.value = line;
  text.focus();
  suggest();
}

function suggest() {
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

// A command that takes files goes with each of them; any other text stays to be finished.
function upload(files) {
  const line = caption(commands, text.value);
  const fitting = files.filter((file) => file.size <= LARGEST);
  for (const file of files) {
    const own = [line, file.name || t("A picture")].filter(Boolean).join(" · ");
    if (fitting.includes(file)) say({ file, ...(line && { text: line }) }, { own });
    else failed(new Error(t("{name} is larger than 10 MB. Please send a smaller one.", { name: file.name })), () => find("file").click());
  }
  if (line && fitting.length) empty(line);
}

find("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
find("help").addEventListener("click", () => say({ text: "/help" }, { own: "/help" }));
text.addEventListener("input", suggest);
text.addEventListener("keydown", (event) => {
  const first = find("suggestions").firstElementChild;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  else if (event.key === "Tab" && !event.shiftKey && first && text.value) { event.preventDefault(); first.click(); }
  else if (event.key === "Escape") find("suggestions").hidden = true;
  else if (event.key === "ArrowUp" && !text.value) { event.preventDefault(); take(recent); }
});

// --- pictures to read: chosen, pasted, dropped ----------------------------------------------------------------

find("attach").addEventListener("click", () => find("file").click());
find("file").addEventListener("change", (event) => { upload([...event.target.files]); event.target.value = ""; });
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) { event.preventDefault(); upload([...event.clipboardData.files]); }
});
const carries = (event) => [...event.dataTransfer.types].includes("Files");
document.addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); find("drop").hidden = false; } });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) find("drop").hidden = true; });
document.addEventListener("drop", (event) => {
  find("drop").hidden = true;
  if (carries(event)) { event.preventDefault(); upload([...event.dataTransfer.files]); }
});

// --- panels, and Telegram around the page ---------------------------------------------------------------------

// What was designed becomes the look of a code, which is redrawn in its place, or the person's own.
function use(look, code) {
  const place = code ? [...log.querySelectorAll(`[data-code="${code}"]`)].at(-1) ?? null : null;
  if (code) say({ press: `restyle ${code} ${look}` }, { place, own: place ? "" : t("Use it") });
  else say({ text: `/style ${look}` }, { own: `/style ${look}` });
}

preparePanels();
prepareDesigner(use);
preparePast((label, line) => say({ press: line }, { own: label }));
settleIn(closePanels);
find("scan").hidden = !scans();
find("scan").addEventListener("click", () => scan((read) => say({ command: "scanned", values: { text: read } }, { own: t("A scanned code") })));

if (!telegram) text.focus(); // a phone's keyboard would cover half of what is there
const words = await loadWords();
speak(words.language, words.words);
commands = words.commands;
say({ text: "/start" });
suggest();
