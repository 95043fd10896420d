// The latest picture, large, with what one can do with it; its style and its proof beside it.

import { chip, el, find } from "./dom.js";
import { post } from "./door.js";
import { t } from "./language.js";

let current = 0; // which picture is shown: one that is measured late may have been followed by another

// ``more`` stands under the style: how to change it.
export function show(reply, actions, more) {
  const { picture, title } = reply;
  const image = find("picture");
  image.src = picture.src;
  image.alt = picture.alt;
  image.width = image.height = picture.width;
  find("caption").textContent = title;
  find("actions").replaceChildren(...actions);
  find("shown").hidden = false;
  find("empty").hidden = true;
  current += 1;
  find("facts").hidden = !picture.facts;
  if (picture.facts) tell(picture.facts, reply.code, more);
}

function tell(facts, code, more) {
  find("grade").textContent = facts.grade;
  find("symbol").textContent = facts.symbol;
  find("worn").textContent = facts.look;
  find("inks").replaceChildren(...facts.colours.map(ink));
  find("restyle").replaceChildren(...more);
  mended(facts.said);
  if (facts.score === null && code) measure(code, current);
  else scored(facts);
}

function ink(colour) {
  const node = el("i");
  node.style.backgroundColor = colour;
  return node;
}

// How surely it scans takes a tenth of a second to find out, so it follows the picture.
async function measure(code, shown) {
  find("surely").hidden = true;
  find("measured").textContent = t("Checking how surely it scans …");
  find("proof").setAttribute("aria-busy", "true");
  const found = await post({ code, look: "" }, "/chat/preview").catch(() => ({ score: null }));
  if (shown !== current) return;
  scored(found);
  if (found.said) mended(found.said);
}

function scored({ score, grade }) {
  const known = score !== null && score !== undefined;
  find("proof").removeAttribute("aria-busy");
  find("surely").hidden = !known;
  if (known) find("surely").value = score;
  find("measured").textContent = known ? t("Scan check: {score} of 100, grade {grade}.", { score, grade }) : "";
}

function mended(said) {
  find("mended").replaceChildren(...said.map((line) => el("li", {}, line)));
  find("mended").hidden = !said.length;
}

export const download = (file) => el("a", { class: "chip", href: file.href, download: file.name }, t("Save {name}", { name: file.name }));

export const saving = (picture) => [save(picture), ...copyPicture(picture)];

const save = (picture) =>
  el("a", { class: "chip main", href: picture.src, download: picture.name }, t("Save picture"));

function copyPicture(picture) {
  if (!window.ClipboardItem || !navigator.clipboard?.write || !picture.src.startsWith("data:image/png")) return [];
  const button = chip(t("Copy picture"), async () => {
    button.textContent = await put(picture.src).then(() => t("Copied"), () => t("Please save it instead"));
    setTimeout(() => { button.textContent = t("Copy picture"); }, 1600);
  });
  return [button];
}

async function put(address) {
  const bytes = Uint8Array.from(atob(address.split(",")[1]), (character) => character.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
}
