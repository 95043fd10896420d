// The latest picture, large, with what one can do with it.

import { chip, el, find } from "./dom.js";
import { t } from "./language.js";

export function show(picture, title, actions) {
  const image = find("picture");
  image.src = picture.src;
  image.alt = picture.alt;
  image.width = image.height = picture.width;
  find("caption").textContent = title;
  find("actions").replaceChildren(...actions);
  image.closest("figure").hidden = false;
  find("empty").hidden = true;
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
