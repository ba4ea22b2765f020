// The six equations of the cell with their numbers at this step, each with the sliders for what can be set in it.
// Pointing at a symbol highlights its edge and its curve; its button keeps them highlighted.
import { button, checkbox, html, INKS, number, put, slider, svg, swatch } from "./kit.js";
import { GATES, HAND } from "./state.js";
import { sigmoid } from "./equations.js";

const SPOKEN = {
  i: value => `${number(value)}: this share of the candidate is written`,
  f: value => `${number(value)}: this share of the cell state is kept`,
  o: value => `${number(value)}: this share of the cell state is shown`,
};
const WEIGHTS = { w: "input weight w", u: "recurrent weight u", b: "bias b" };

export function equationsPanel(ui) {
  const element = html("section", { class: "live-panel equations-panel", "aria-label": "The equations" }, html("h4", { text: "The equations" }));
  const lines = {};
  for (const symbol of ["i", "f", "g", "o", "c", "h"]) {
    const name = button(symbol === "c" || symbol === "h" ? `${symbol}\u2032` : symbol, () => ui.pin(symbol), {
      class: "symbol", "aria-pressed": "false", "aria-label": `${INKS[symbol].name} ${symbol}: highlight`, "data-symbol": symbol,
    });
    name.prepend(swatch(symbol));
    const formula = html("span", { class: "formula" });
    const controls = html("div", { class: "controls" });
    lines[symbol] = { name, formula, controls, element: html("div", { class: "line" }, name, formula, controls) };
    element.append(lines[symbol].element);
  }

  // By hand: a slider for each gate, for the input at this step and for the initial cell state.
  const hand = {};
  for (const gate of HAND) {
    hand[gate] = slider({
      label: gate, name: INKS[gate].name, symbol: gate, min: 0, max: 1, spoken: SPOKEN[gate],
      onmove: value => (only.input.checked ? ui.draw(gate, { [Math.max(1, ui.state.step)]: value }) : ui.setGate(gate, value)),
    });
    lines[gate].controls.append(hand[gate].element);
  }
  hand.x = slider({
    label: "x", symbol: "x", min: -3, max: 3,
    onmove: value => ui.draw("x", { [Math.max(1, ui.state.step)]: value }),
  });
  lines.g.controls.append(hand.x.element);
  hand.c0 = slider({
    label: "c\u2080", name: "cell state before the first step", symbol: "c", min: -2, max: 2,
    onmove: c0 => ui.change({ c0 }, "c0"),
  });
  lines.c.controls.append(hand.c0.element);
  const only = checkbox("gate sliders change this step only", () => ui.redraw());

  // From weights: three sliders for each gate, and its curve with a dot at the current value.
  const curves = {}, weights = {};
  GATES.forEach((gate, k) => {
    curves[gate] = gateCurve(gate);
    lines[gate].controls.append(curves[gate].element);
    for (const [letter, name] of Object.entries(WEIGHTS)) {
      weights[letter + k] = slider({
        label: letter, name: `${name} of the ${INKS[gate].name}`, symbol: gate, min: -10, max: 10, step: 0.1,
        onmove: value => ui.change({ [letter]: ui.state[letter].map((old, at) => (at === k ? value : old)) }, letter + k),
      });
      lines[gate].controls.append(weights[letter + k].element);
    }
  });
  const weightsX = slider({
    label: "x", symbol: "x", min: -3, max: 3,
    onmove: value => ui.draw("x", { [Math.max(1, ui.state.step)]: value }),
  });
  element.append(html("div", { class: "live-row" }, only.element, weightsX.element));

  const show = (control, visible) => put(control.element, { hidden: !visible });

  return {
    element,
    lines,
    update(run, state) {
      const t = Math.max(1, state.step), byHand = state.mode === "hand";
      const v = name => number(run[name][t]);
      const [before, x] = [number(run.c[t - 1]), number(run.x[t])];
      GATES.forEach((gate, k) => {
        const squash = gate === "g" ? "tanh" : "\u03c3";
        const inside = byHand ? "x" : `w x + u h + b${state.rest.length ? " + rest" : ""}`;
        const text = byHand && gate !== "g"
          ? `= ${v(gate)}  ${state.drawn[gate] ? "drawn over time" : "set by hand"}`
          : `= ${squash}(${inside}) = ${squash}(${byHand ? x : number(run.z[k][t])}) = ${v(gate)}`;
        put(lines[gate].formula, { text });
        curves[gate].update(byHand ? NaN : run.z[k][t]);
        show(curves[gate], !byHand);
        for (const letter of Object.keys(WEIGHTS)) {
          show(weights[letter + k], !byHand);
          weights[letter + k].show(state[letter][k]);
        }
      });
      put(lines.c.formula, { text: `= f c + i g = ${v("f")} \u00b7 ${before} + ${v("i")} \u00b7 ${v("g")} = ${v("c")}` });
      put(lines.h.formula, { text: `= o tanh(c\u2032) = ${v("o")} \u00b7 tanh(${v("c")}) = ${v("h")}` });
      for (const gate of HAND) {
        show(hand[gate], byHand);
        const one = only.input.checked;
        hand[gate].show(one ? run[gate][t] : state[gate], one ? `${INKS[gate].name} at step ${t}` : INKS[gate].name);
      }
      show(hand.x, byHand);
      hand.x.show(run.x[t], `input x at step ${t}`);
      show(weightsX, !byHand);
      weightsX.rename(`x at step ${t}`);
      weightsX.show(run.x[t], `input x at step ${t}`);
      hand.c0.show(state.c0);
      show(only, byHand);
      put(element, { "data-mode": state.mode });
    },
    pinned(symbol) {
      for (const [name, line] of Object.entries(lines)) put(line.name, { "aria-pressed": String(name === symbol) });
    },
  };
}

// A sigmoid or tanh with a dot at the gate's current value; the flat parts are grey.
function gateCurve(gate) {
  const WIDTH = 86, HEIGHT = 40, REACH = 8;
  const [squash, low, flat] = gate === "g" ? [Math.tanh, -1, 2] : [sigmoid, 0, 4];
  const X = z => 3 + ((WIDTH - 6) * (z + REACH)) / (2 * REACH);
  const Y = value => HEIGHT - 5 - ((HEIGHT - 10) * (value - low)) / (1 - low);
  let d = "";
  for (let z = -REACH; z <= REACH; z += 0.25) d += `${d ? "L" : "M"}${X(z).toFixed(1)} ${Y(squash(z)).toFixed(1)}`;
  const element = svg("svg", { class: "gate-curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "data-symbol": gate });
  const add = (name, attributes) => element.appendChild(svg(name, attributes));
  add("rect", { x: X(-REACH), y: 2, width: X(-flat) - X(-REACH), height: HEIGHT - 4, class: "flat" });
  add("rect", { x: X(flat), y: 2, width: X(REACH) - X(flat), height: HEIGHT - 4, class: "flat" });
  add("line", { x1: X(0), x2: X(0), y1: 2, y2: HEIGHT - 2, class: "grid" });
  add("path", { d, class: `curve ink-${gate}`, fill: "none" });
  const dot = add("circle", { r: 4, class: `dot fill-${gate}` });
  return {
    element,
    update(z) {
      if (!Number.isFinite(z)) return;
      const inside = Math.max(-REACH, Math.min(REACH, z));
      put(dot, { cx: X(inside).toFixed(1), cy: Y(squash(inside)).toFixed(1) });
      const value = squash(z), slope = gate === "g" ? 1 - value * value : value * (1 - value);
      const where = Math.abs(z) > flat ? "on its flat part" : "on its steep part";
      put(element, { "aria-label": `z ${number(z)}, ${where}, slope ${number(slope, 4)}` });
    },
  };
}
