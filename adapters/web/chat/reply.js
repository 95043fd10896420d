// A reply as an article: its card, its buttons, its files, its form.

import { chip, copy, el } from "./dom.js";
import { formOf } from "./form.js";
import { t } from "./language.js";
import { download, saving, show } from "./stage.js";
import { telegram } from "./telegram.js";

export function articleOf(reply, { press, submit, design, send }) {
  const article = el("article", { class: `message bot ${reply.status}${reply.form ? " form" : ""}`, tabindex: "-1", lang: reply.language, "data-code": reply.design || null });
  article.append(...card(reply), ...picture(reply, { design, send }), ...files(reply));
  if (reply.form) article.append(formOf(reply.form, (values) => submit(article, reply.form, values)));
  for (const row of reply.buttons) article.append(el("div", { class: "row" }, row.map((each) => button(each, article, press, send))));
  return article;
}

export const isEmpty = (reply) =>
  !reply.title && !reply.body && !reply.fields.length && !reply.picture && !reply.files.length && !reply.form && !reply.buttons.length;

function card(reply) {
  const rows = reply.fields.flatMap(({ label, value }) => [el("dt", {}, label), el("dd", { dir: "auto" }, value)]);
  return [
    reply.title && el("h2", { dir: "auto" }, reply.title),
    reply.body && el("p", { dir: "auto" }, reply.body),
    rows.length && el("dl", {}, rows),
  ].filter(Boolean);
}

function picture(reply, { design, send }) {
  if (!reply.picture) return [];
  const more = () => (reply.design || !reply.code ? [chip(t("Change the style"), () => design(reply.design, reply.title))] : []);
  const kept = () => (sends(reply) ? [chip(t("Send to our chat"), () => send(reply.send), "main")] : [...saving(reply.picture), ...reply.files.map(download)]);
  const shown = () => show(reply, kept(), more());
  shown();
  const small = el("img", { src: reply.picture.src, alt: reply.picture.alt });
  return [el("button", { type: "button", class: "thumb", title: t("Show this code"), click: shown }, small)];
}

// Inside Telegram nothing can be saved: files go to the chat, and so do buttons that give nothing but files.
const FILES = /^(download |file |\/export$)/;
const sends = (reply) => telegram !== null && Boolean(reply.send);

const files = (reply) => (reply.files.length && !sends(reply) ? [el("div", { class: "row" }, reply.files.map(download))] : []);

function button({ label, line, url, copy: text, tone }, article, press, send) {
  if (url) return el("a", { class: `chip ${tone}`, href: url, target: "_blank", rel: "noopener noreferrer" }, label);
  if (text) return chip(label, (event) => copy(text, event.currentTarget), tone);
  if (telegram !== null && FILES.test(line)) return chip(label, () => send(line), tone);
  return chip(label, () => press(article, label, line), tone);
}
