// The fields of the designer: what can be chosen, as the words that a style is said in.

import { el } from "./dom.js";
import { t } from "./language.js";

const CAPTION = 60; // characters
let made = 0;

// Builds {name, label, node, fill} of every section; ``change(part, words)`` tells what was chosen.
export function sections(known, change) {
  const list = [
    section("looks", t("Looks"), [pictures("presets", t("Looks"), known.presets, (name) => change("preset", name))]),
    section("shape", t("Shape"), [pictures("modules", t("Shape"), known.modules, (name) => change("modules", `modules ${name}`))]),
    section("eyes", t("Eyes"), [
      pictures("finder", t("Outside"), known.finder, (name) => change("finder", `finder ${name}`)),
      pictures("eyeball", t("Inside"), known.eyeball, (name) => change("eyeball", `eyeball ${name}`)),
    ]),
    section("colours", t("Colours"), [colours([
      ["dark", t("Code")], ["light", t("Background")], ["finder_colour", t("Eyes, outside")], ["eyeball_colour", t("Eyes, inside")],
    ], change)]),
    section("frame", t("Frame"), [frame(known.frame, change)]),
    section("logo", t("Logo"), [logo(known.logo, change)]),
  ];
  return list;
}

function section(name, label, groups) {
  const node = el("div", { class: `choices of-${name}` }, groups.map((group) => group.node));
  return { name, label, node, fill: (values) => groups.forEach((group) => group.fill(values)) };
}

// --- shapes and looks -------------------------------------------------------------------------------------------

function pictures(part, label, names, choose) {
  const group = options(part, names.map((name, at) => [name, [swatch(part, at, names.length), el("span", {}, name)]]), choose);
  const node = el("fieldset", { class: `swatches ${part}` }, el("legend", {}, label), group.nodes);
  return { node, fill: (values) => group.mark(values[part]) };
}

// Shows one square of the picture that has all of a part beside each other.
function swatch(part, at, count) {
  const node = el("span", { class: "swatch" });
  node.style.backgroundImage = `url("/chat/looks/${part}.png")`;
  node.style.backgroundSize = `${count * 100}% 100%`;
  node.style.backgroundPosition = `${(at / (count - 1)) * 100}% 0`;
  return node;
}

// Lays out options to choose one of: {nodes, mark}.
function options(part, entries, choose) {
  const group = `choice-${part}-${++made}`;
  const inputs = new Map();
  const nodes = entries.map(([value, content]) => {
    const input = el("input", { type: "radio", name: group, value, class: "unseen", change: () => choose(value) });
    inputs.set(value, input);
    return el("label", { class: "option" }, input, content);
  });
  const mark = (value) => inputs.forEach((input, each) => { input.checked = each === value; });
  return { nodes, mark };
}

// --- colours ----------------------------------------------------------------------------------------------------

const WORDS = { dark: "dark", light: "light", finder_colour: "finder colour", eyeball_colour: "eyeball colour" };

function colours(entries, change) {
  const fields = entries.map(([part, label]) => colour(label, (value) => change(part, `${WORDS[part]} ${value}`)));
  const fill = (values) => entries.forEach(([part], at) => fields[at].set(values[part]));
  return { node: el("fieldset", { class: "colours" }, el("legend", { class: "unseen" }, t("Colours")), fields.map((field) => field.node)), fill };
}

function colour(label, choose) {
  const input = el("input", { type: "color" });
  const code = el("code", { "aria-hidden": "true" }, "");
  const set = (value) => {
    if (/^#[0-9a-f]{6}$/.test(value)) input.value = value;
    code.textContent = value;
  };
  input.addEventListener("input", () => { code.textContent = input.value; choose(input.value); });
  return { node: el("label", { class: "colour" }, input, el("span", {}, label), code), set };
}

// --- frame and logo ---------------------------------------------------------------------------------------------

function frame(names, change) {
  const said = {};
  const tell = (more) => { Object.assign(said, more); change("frame", inWords(said)); };
  const group = options("frame", [["", t("None")], ...names.map((name) => [name, name])], (name) => tell({ name, ...(!name && { colour: undefined }) }));
  const caption = el("input", { type: "text", maxlength: CAPTION, placeholder: "Scan me", input: () => tell({ caption: caption.value }) });
  const tint = colour(t("Colour of the frame"), (value) => tell({ colour: value }));
  const node = el("div", { class: "framing" },
    el("label", { class: "line" }, t("Caption"), caption), tint.node,
    el("fieldset", { class: "words" }, el("legend", {}, t("Frame")), group.nodes));
  const fill = (values) => {
    group.mark(values.frame);
    if (document.activeElement !== caption) caption.value = values.caption;
    tint.set(values.frame_colour);
  };
  return { node, fill };
}

// Says a frame; what was not touched is not said, so that it stays as it is.
function inWords({ name, caption, colour: tint }) {
  if (name === "") return "no frame";
  const quoted = caption?.trim() ? `"${caption.trim().replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : "";
  const words = ["frame", name, quoted, tint && `colour ${tint}`].filter(Boolean).join(" ");
  const none = caption !== undefined && !quoted;
  if (words === "frame") return none ? "no caption" : "";
  return none ? `no caption, ${words}` : words;
}

function logo(signs, change) {
  const choose = (sign) => change("logo", sign ? `logo ${sign}` : "no logo");
  const own = el("input", { type: "text", maxlength: 16, placeholder: "🚲", input: () => { if (own.value.trim()) choose(own.value.trim()); } });
  const group = options("logo", [["", t("None")], ...signs.map((sign) => [sign, sign])], choose);
  const node = el("div", { class: "framing" },
    el("fieldset", { class: "words signs" }, el("legend", {}, t("Logo")), group.nodes),
    el("label", { class: "line" }, t("Another emoji"), own));
  const fill = (values) => {
    group.mark(values.logo);
    if (document.activeElement !== own) own.value = values.logo === "picture" || signs.includes(values.logo) ? "" : values.logo;
  };
  return { node, fill };
}
