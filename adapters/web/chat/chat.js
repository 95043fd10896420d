// The conversation: what is said goes out one after the other, each answer becomes an article of the log.

import { prepareCamera } from "./camera.js";
import { emptied, focusLine, giveBack, know, known, prepareComposer, typed } from "./composer.js";
import { openDesigner, prepareDesigner } from "./designer.js";
import { chip, el, find } from "./dom.js";
import { post, told } from "./door.js";
import { prepareFiles } from "./files.js";
import { focusForm } from "./form.js";
import { prepareKeys } from "./keys.js";
import { speak, t } from "./language.js";
import { closePanels, preparePanels } from "./panel.js";
import { preparePast } from "./past.js";
import { articleOf, isEmpty } from "./reply.js";
import { scan, scans, settleIn, telegram } from "./telegram.js";
import { caption, loadWords } from "./words.js";

const LARGEST = 10 * 1024 * 1024; // bytes of one file
const log = find("log");
let queue = Promise.resolve();
const followed = new WeakMap(); // articles that were replaced, to what stands in their place

// --- saying ---------------------------------------------------------------------------------------------------

function say(said, { place = null, own = "", focus = false } = {}) {
  const bubble = own ? add(el("p", { class: "message own", dir: "auto" }, own)) : null;
  queue = queue.then(() => exchange(said, { place, bubble, focus }));
  return queue;
}

async function exchange(said, { place, bubble, focus }) {
  const dots = add(el("div", { class: "message bot waiting", role: "img", "aria-label": t("Working") }, el("i"), el("i"), el("i")));
  find("stage").setAttribute("aria-busy", "true");
  try {
    const reply = await post(said);
    dots.remove();
    answered(reply, place, bubble, focus);
  } catch (error) {
    dots.remove();
    failed(error, () => say(said, { place }));
    if (error.final && said.text) giveBack(said.text);
  }
  find("stage").removeAttribute("aria-busy");
}

function answered(reply, pressed, bubble, focus) {
  if (isEmpty(reply)) return;
  const greeting = !log.querySelector("article");
  const place = standing(pressed);
  const article = articleOf(reply, { press, submit, design: openDesigner, send: sendOn });
  const filled = place?.querySelector("form");
  if (place?.isConnected && (reply.replace || (filled && reply.form))) {
    place.replaceWith(article);
    followed.set(place, article);
    if (reply.replace) bubble?.remove();
  } else {
    if (filled && reply.status === "ok") close(place);
    log.append(article);
  }
  if (reply.form) focusForm(article);
  else if (focus) focusLine();
  if (!greeting) settle(article);
}

// Whoever presses quickly presses what is replaced before the answer comes.
function standing(article) {
  while (followed.has(article)) article = followed.get(article);
  return article;
}

function failed(error, again) {
  const next = [error.final && leave(), !(error.final && telegram) && chip(t("Try again"), () => { article.remove(); again(); })];
  const article = el("article", { class: "message bot failed" }, el("p", {}, told(error)), el("div", { class: "row" }, next.filter(Boolean)));
  settle(add(article));
}

// Logging in opens a page of its own, so that nothing of this one is lost.
const leave = () => (telegram ? chip(t("Close"), () => telegram.close())
  : el("a", { class: "chip main", href: "/login", target: "_blank", rel: "noopener" }, t("Log in")));

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
    if (page && node.querySelector(".thumb")) find("shown").scrollIntoView({ block: "start" });
    else node.scrollIntoView({ block: node.querySelector("form") || node.offsetHeight > room ? "start" : "end" });
  });
}

// A command that takes files goes with each of them; any other text stays to be finished.
function upload(files) {
  const line = caption(known(), typed());
  const fitting = files.filter((file) => file.size <= LARGEST);
  for (const file of files) {
    const own = [line, file.name || t("A picture")].filter(Boolean).join(" · ");
    if (fitting.includes(file)) say({ file, ...(line && { text: line }) }, { own });
    else failed(new Error(t("{name} is larger than 10 MB. Please send a smaller one.", { name: file.name })), () => find("file").click());
  }
  if (line && fitting.length) emptied(line);
}

// What was designed becomes the look of a code, which is redrawn in its place, or the person's own.
function use(look, code) {
  const place = code ? [...log.querySelectorAll(`[data-code="${code}"]`)].at(-1) ?? null : null;
  if (code) say({ press: `restyle ${code} ${look}` }, { place, own: place ? "" : t("Use it") });
  else say({ text: `/style ${look}` }, { own: `/style ${look}` });
}

// --- the page, and Telegram around it -------------------------------------------------------------------------

const scanned = (read) => say({ command: "scanned", values: { text: read } }, { own: t("A scanned code") });

preparePanels();
prepareComposer((line) => say({ text: line }, { own: line }));
prepareFiles(upload);
prepareDesigner(use);
preparePast((label, line) => say({ press: line }, { own: label }));
prepareKeys();
if (!telegram) prepareCamera(scanned, upload);
settleIn(closePanels);
find("help").addEventListener("click", () => say({ text: "/help" }, { own: "/help" }));
find("scan").hidden = !scans();
find("scan").addEventListener("click", () => scan(scanned));

if (!telegram) focusLine(); // a phone's keyboard would cover half of what is there
const words = await loadWords();
speak(words.language, words.words);
know(words.commands);
find("account").hidden = telegram || !words.account;
say({ text: "/start" });
