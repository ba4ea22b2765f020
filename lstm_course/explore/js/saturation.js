// A sigmoid or a tanh with a slider for its argument: the curve, its slope below, and a dot on both.
import { chart } from "./chart.js";
import { html, number, power, put, radios, slider } from "./kit.js";
import { numberBetween, oneOf, piece, readParts } from "./small_piece.js";
import { squash } from "./small_values.js";

const REACH = 10;
const CURVES = {
  sigmoid: { sign: "\u03c3", low: 0, most: 0.25, steep: 1.76, flat: 4 }, // the slope is half of its maximum at `steep`
  tanh: { sign: "tanh", low: -1, most: 1, steep: 0.88, flat: 2 }, // and 1/14 of it at `flat`
};
const VALID = { function: oneOf(Object.keys(CURVES)), z: numberBetween(-REACH, REACH) };
const DEFAULTS = { function: "sigmoid", z: 0 };
const GRID = Array.from({ length: 401 }, (_, k) => -REACH + k / 20);

const short = value => String(Number(value.toFixed(2))).replace("-", "\u2212"); // 1.3, -0.25 with a true minus

function make(ui) {
  const names = [["sigmoid", "sigmoid \u03c3"], ["tanh", "tanh"]];
  const which = radios("function", names, name => ui.change({ function: name }));
  const z = slider({
    label: "z", name: "z, the argument of the function", min: -REACH, max: REACH, step: 0.1,
    shown: short, spoken: value => `z is ${short(value)}`,
    onmove: value => ui.change({ z: value }),
  });
  const parts = Object.fromEntries(["value", "slope"].map(kind => [kind, part(kind)]));
  const readings = html("p", { class: "readings" });

  return {
    elements: [
      html("div", { class: "bar" }, which.element, z.element),
      html("figure", { class: "panel" }, parts.value.element, parts.slope.element),
      readings,
    ],
    resize(width) {
      parts.value.resize(width, 210);
      parts.slope.resize(width, 150);
    },
    update(state) {
      const curve = CURVES[state.function];
      const { value, slope } = squash(state.function, state.z);
      which.show(state.function);
      z.show(state.z);
      parts.value.update(state, curve, { low: curve.low, high: 1, label: `${curve.sign}(z)` });
      parts.slope.update(state, curve, { low: 0, high: curve.most, label: "its slope" });
      const equation = `${curve.sign}(${short(state.z)}) = ${near(value)}`;
      put(readings, { text: `${equation}; slope ${power(slope)}` });
      put(parts.value.element, {
        "aria-label": `${state.function} from ${short(-REACH)} to ${REACH}: ${equation}, ${place(state.z, curve)}.`,
      });
      put(parts.slope.element, { "aria-label": `Its slope: ${power(slope)} there; at most ${curve.most}, at z = 0.` });
      return inWords(state, curve);
    },
  };
}

// One of the two drawings, with the flat parts in grey.
function part(kind) {
  const axes = chart({ name: `saturation-${kind}`, ...(kind === "value" ? { bottom: 24 } : {}) });
  const flats = [0, 1].map(() => axes.inside("rect", { class: "flat" }));
  const names = kind === "value" ? [0, 1].map(() => axes.inside("text", { class: "tick middle", text: "flat" })) : [];
  const middle = axes.inside("line", { class: "zero" });
  const here = axes.inside("line", { class: "here" });
  const line = axes.inside("path", { class: "curve neutral" });
  const tangent = kind === "value" ? axes.inside("path", { class: "tangent" }) : null;
  const dot = axes.above("circle", { class: "dot", r: 6 });
  return {
    element: axes.element,
    resize: axes.resize,
    update(state, curve, y) {
      const at = z => squash(state.function, z)[kind];
      const x = { low: -REACH, high: REACH, label: kind === "slope" ? "z" : "" };
      axes.frame({ x, y });
      const [top, bottom] = [axes.y(y.high), axes.y(y.low)];
      flats.forEach((rect, side) => {
        const [from, to] = side ? [curve.flat, REACH] : [-REACH, -curve.flat];
        put(rect, { x: axes.x(from), width: axes.x(to) - axes.x(from), y: top, height: bottom - top });
        if (names[side]) put(names[side], { x: axes.x((from + to) / 2), y: axes.y((y.low + y.high) / 2) + 4 });
      });
      put(middle, { x1: axes.x(0), x2: axes.x(0), y1: top, y2: bottom });
      put(here, { x1: axes.x(state.z), x2: axes.x(state.z), y1: top, y2: bottom });
      put(line, { d: axes.line(GRID, GRID.map(at)) });
      put(dot, { cx: axes.x(state.z).toFixed(1), cy: axes.y(at(state.z)).toFixed(1) });
      if (tangent) {
        const { value, slope } = squash(state.function, state.z);
        const ends = [-2, 2];
        put(tangent, { d: axes.line(ends.map(dz => state.z + dz), ends.map(dz => value + slope * dz)) });
      }
    },
  };
}

// Close to 1 or -1, enough digits to show that the limit is not reached.
function near(value) {
  const gap = 1 - Math.abs(value);
  return number(value, gap > 0 && gap < 0.01 ? Math.min(10, 1 - Math.floor(Math.log10(gap))) : 3);
}

const place = (z, curve) =>
  Math.abs(z) > curve.flat ? "on its flat part" : Math.abs(z) > curve.steep ? "where it bends" : "on its steep part";

function inWords(state, curve) {
  const { z } = state, { value, slope, times } = squash(state.function, z);
  const does = state.function === "tanh"
    ? `a candidate there writes ${near(value)}`
    : `a gate there lets ${percent(value)} through`;
  const moves = `a nudge of 0.1 moves it by about ${power(0.1 * slope)}`;
  const smaller = `its slope is ${number(times, 1)} times smaller than at z = 0`;
  if (z === 0) return `Steepest of all: ${does}, and ${moves}.`;
  if (Math.abs(z) <= curve.steep) return `Steep: ${does}, and ${moves}; ${smaller}.`;
  if (Math.abs(z) <= curve.flat) return `It bends: ${does}; ${smaller}, and ${moves}.`;
  return `Flat: ${does}; ${smaller}, so that neither an input nor learning moves it much.`;
}

// 0.0045 %, 50 %, 99.75 %
function percent(share) {
  const gap = Math.min(share, 1 - share);
  return `${number(100 * share, gap < 0.01 ? -1 - Math.floor(Math.log10(gap)) : 0)}\u00a0%`;
}

const read = (model, before = DEFAULTS) => readParts(model, VALID, before);
const label = "Where a function is steep and where it is flat";
const render = at => piece(at, { name: "saturation", label, read, make });

export default { render };
