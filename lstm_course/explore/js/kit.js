// Building blocks of the live widgets: elements, accessible controls, and numbers as text.
import INKS from "../../palette.json" with { type: "json" };

export { INKS };

// JupyterLab uses keys for its commands unless the focused element itself has this attribute.
const KEEPS_ITS_KEYS = "data-lm-suppress-shortcuts";
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const html = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
export const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

// Sets attributes and texts only if they change, because every assignment costs the browser time.
const last = new WeakMap();
export function put(element, attributes) {
  let known = last.get(element);
  if (!known) last.set(element, (known = {}));
  for (const [name, value] of Object.entries(attributes)) {
    if (known[name] === value) continue;
    known[name] = value;
    if (name === "text") element.textContent = value;
    else if (value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

// 0.50, -1.20 with a true minus, 123, 1.2e5.
export function number(value, digits = 2) {
  if (!Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  if (size >= 1e5) return power(value);
  const text = value.toFixed(size >= 100 ? 0 : digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
}

// For values that may be tiny: 0.35, or 1.2 x 10^-7 with superscripts.
export function power(value) {
  if (!Number.isFinite(value)) return "\u2013";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.001 && size < 1e4) return String(Number(value.toPrecision(2))).replace("-", "\u2212");
  const [digits, exponent] = value.toExponential(1).split("e");
  const raised = [...String(Number(exponent))].map(d => (d === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[d])).join("");
  return `${digits.replace("-", "\u2212")} \u00d7 10${raised}`;
}

// A native range input with its name and value beside it. `spoken` formats the value for screen readers, and `onmove` is
// called when the user moves the handle. With Shift, arrow keys move it ten times as far.
export function slider({ label, name, symbol, min, max, step = 0.01, spoken = number, shown = number, onmove }) {
  const input = html("input", { type: "range", min, max, step, "aria-label": name ?? label, [KEEPS_ITS_KEYS]: "true" });
  const readout = html("output", { "aria-hidden": "true" });
  const text = html("span", { class: "name", text: label });
  const element = html("label", { class: "slider", "data-symbol": symbol }, text, input, readout);
  if (symbol && symbol !== "h") element.style.setProperty("--ink", INKS[symbol].colour);
  const moved = () => {
    say(Number(input.value));
    onmove(Number(input.value));
  };
  const say = value => { // the exact value, which may lie between two positions of the handle
    put(readout, { text: shown(value) });
    put(input, { "aria-valuetext": spoken(value) });
  };
  input.addEventListener("input", moved);
  input.addEventListener("keydown", event => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way || !event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const before = input.value;
    input.value = Number(input.value) + 10 * way * Number(input.step);
    if (input.value !== before) moved();
  });
  return {
    element,
    input,
    // Show a value that did not come from this slider; its range is extended if necessary.
    show(value, named) {
      if (value < Number(input.min)) input.min = Math.floor(value);
      if (value > Number(input.max)) input.max = Math.ceil(value);
      if (Number(input.value) !== value) input.value = value;
      if (named) put(input, { "aria-label": named });
      say(value);
    },
    rename: text_ => put(text, { text: text_ }),
  };
}

export function button(text, onclick, attributes = {}) {
  return html("button", { type: "button", text, onclick, [KEEPS_ITS_KEYS]: "true", ...attributes });
}

export function checkbox(label, onchange, attributes = {}) {
  const input = html("input", { type: "checkbox", [KEEPS_ITS_KEYS]: "true", ...attributes });
  input.addEventListener("change", () => onchange(input.checked));
  return { element: html("label", { class: "check" }, input, html("span", { text: label })), input };
}

export function choice(label, options, onchange) {
  const select = html("select", { "aria-label": label, [KEEPS_ITS_KEYS]: "true" });
  for (const [value, text] of options) select.append(html("option", { value, text }));
  select.addEventListener("change", () => onchange(select.value));
  return { element: html("label", { class: "choice" }, html("span", { text: label }), select), select };
}

// A choice as radio buttons side by side, which the arrow keys go through.
let groups = 0;
export function radios(label, options, onchange) {
  const group = `live-${Math.random()}-${++groups}`; // two cells on one page must not share a group
  const inputs = {};
  const element = html("div", { class: "radios", role: "radiogroup", "aria-label": label });
  for (const [value, text] of options) {
    const input = html("input", { type: "radio", name: group, value, [KEEPS_ITS_KEYS]: "true" });
    input.addEventListener("change", () => onchange(value));
    inputs[value] = input;
    element.append(html("label", {}, input, html("span", { text })));
  }
  return { element, show: value => { if (!inputs[value].checked) inputs[value].checked = true; } };
}

// A polite live region. It waits until the user pauses, so that a held key does not produce a flood of sentences.
export function announcer() {
  const element = html("p", { class: "status", role: "status", "aria-live": "polite" });
  let timer = 0;
  return {
    element,
    say(sentence) {
      clearTimeout(timer);
      timer = setTimeout(() => put(element, { text: sentence }), 350);
    },
    stop: () => clearTimeout(timer),
  };
}

export const keepsItsKeys = { [KEEPS_ITS_KEYS]: "true" };

// The sample line of a symbol, with its colour and dash.
export function swatch(symbol) {
  const { colour, dash } = INKS[symbol];
  return svg("svg", { class: "swatch", viewBox: "0 0 22 12", "aria-hidden": "true" },
    svg("line", { x1: 1, x2: 21, y1: 6, y2: 6, "stroke-width": 3, class: `ink-${symbol}`,
      "stroke-dasharray": dash.join(" ") || undefined, stroke: colour }));
}

// The colours of the palette as style rules; the hidden state has the colour of the text, also in dark themes.
export function inkRules() {
  return Object.entries(INKS).map(([symbol, { colour }]) => {
    const paint = symbol === "h" ? "var(--text)" : symbol === "x" ? "var(--muted)" : colour;
    return `.lstm-live .ink-${symbol} { stroke: ${paint}; } .lstm-live .fill-${symbol} { fill: ${paint}; }`;
  }).join("\n");
}
