// The conversation: what is said goes out one after the other, each answer becomes an article of the log.

import { chip, el, find } from "./dom.js";
import { focusForm } from "./form.js";
import { speak, t } from "./language.js";
import { articleOf, isEmpty } from "./reply.js";
import { caption, loadWords, suggestions } from "./words.js";

const LARGEST = 10 * 1024 * 1024; // bytes of one file
const log = find("log");
const text = find("text");
let commands = [];
let queue = Promise.resolve();
let recent = "";
const followed = new WeakMap(); // articles that were replaced, to what stands in their place

// --- saying ---------------------------------------------------------------------------------------------------

async function post(said) {
  const body = said.file ? new FormData() : JSON.stringify(said);
  if (said.file) for (const [name, value] of Object.entries(said)) body.append(name, value);
  const headers = said.file ? {} : { "Content-Type": "application/json" };
  const response = await fetch("/chat/say", { method: "POST", headers, body });
  const answer = await response.json();
  if (!response.ok) throw new Error(refusal(answer));
  return answer;
}

// Refusals say it in English; the one that anybody may meet is said in the page's language.
const refusal = ({ status, title, detail, request_id: incident }) => (status === 500
  ? t("Something went wrong here, not with you. Please try again; if it stays, name this number: {incident}.", { incident })
  : detail ?? title);

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
  const article = articleOf(reply, { press, submit });
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
  const told = error instanceof TypeError || error instanceof SyntaxError ? t("I could not be reached. Is the bot still running?") : error.message;
  const retry = chip(t("Try again"), () => { article.remove(); again(); });
  const article = el("article", { class: "message bot failed" }, el("p", {}, told), el("div", { class: "row" }, retry));
  settle(add(article));
}

const press = (article, label, line) => say({ press: line }, { place: article, own: label });

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

text.focus();
const words = await loadWords();
speak(words.language, words.words);
commands = words.commands;
say({ text: "/start" });
suggest();
