// The share of c that is left along the direct path after each number of steps, for a forget gate that depends on its
// bias alone.
import { chart, raised, tenTo } from "./chart.js";
import { checkbox, html, number, power, put, slider } from "./kit.js";
import { flag, numberBetween, piece, readParts, wholeBetween } from "./small_piece.js";
import { memory } from "./small_values.js";

const BIAS = [-2, 8], LAG = [1, 200];
const FLOOR = -8; // the exponent at the bottom of the logarithmic axis
const ONE_LINE = 17; // minimum distance of two notes, in pixels
const VALID = { bias: numberBetween(...BIAS), lag: wholeBetween(...LAG), logarithmic: flag };
const DEFAULTS = { bias: 1, lag: 40, logarithmic: false };
const STEPS = Array.from({ length: 4 * LAG[1] + 1 }, (_, k) => k / 4);

const steps = count => `${number(count, Number.isInteger(count) ? 0 : 1)} ${count === 1 ? "step" : "steps"}`;

function make(ui) {
  const bias = slider({
    label: "forget bias b", name: "forget bias b", symbol: "f", min: BIAS[0], max: BIAS[1],
    spoken: value => `${number(value)}: the gate is ${number(memory(value, 1).gate, 3)}`,
    onmove: value => ui.change({ bias: value }),
  });
  const lag = slider({
    label: "lag", name: "lag, in steps", min: LAG[0], max: LAG[1], step: 1, shown: String, spoken: steps,
    onmove: value => ui.change({ lag: value }),
  });
  const logarithmic = checkbox("logarithmic", on => ui.change({ logarithmic: on }));
  const axes = chart({ name: "horizon", left: 50 });
  const line = axes.inside("path", { class: "curve ink-c" });
  const half = mark(axes, "hollow"), left = mark(axes, "fill-c");
  const readings = html("p", { class: "readings" });

  return {
    elements: [
      html("div", { class: "bar" }, bias.element, lag.element, logarithmic.element),
      html("figure", { class: "panel" }, axes.element),
      readings,
    ],
    resize: width => axes.resize(width, 290),
    update(state) {
      const kept = memory(state.bias, state.lag);
      bias.show(state.bias);
      lag.show(state.lag);
      logarithmic.input.checked = state.logarithmic;
      const y = { low: 0, high: 1, label: "share of c that is left" };
      axes.frame({
        x: { low: 0, high: LAG[1], label: "steps" },
        y: state.logarithmic ? { ...y, low: FLOOR, high: 0, text: tenTo, step: 1 } : y,
      });
      // On the logarithmic axis the line is straight and may leave the axes at the bottom, where a dot then stays.
      const height = state.logarithmic ? Math.log10 : share => share;
      put(line, { d: axes.line(STEPS, STEPS.map(t => height(kept.left(t)))) });
      const shown = share => Math.max(height(share), state.logarithmic ? FLOOR : 0);
      const gap = axes.y(shown(kept.atLag)) - axes.y(shown(0.5));
      const inside = kept.halfLife <= LAG[1];
      const lift = inside && Math.abs(gap) < ONE_LINE ? (gap >= 0 ? ONE_LINE : -ONE_LINE) - gap : 0;
      half.show(inside ? kept.halfLife : 0, shown(0.5), inside ? `half after ${steps(kept.halfLife)}` : "");
      left.show(state.lag, shown(kept.atLag), `after ${steps(state.lag)} ${percent(kept.atLag)}`, lift);
      const sentences = inWords(state, kept);
      put(readings, { text: `f = \u03c3(${number(state.bias)}) = ${number(kept.gate, kept.gate > 0.99 ? 5 : 3)}; ` +
        `f${raised(state.lag)} = ${power(kept.atLag)}; half-life ${steps(kept.halfLife)}` });
      put(axes.element, { "aria-label": `The share of c that is left, from 0 to ${LAG[1]} steps. ${sentences.now}` });
      return `${sentences.now} ${sentences.wanted}`;
    },
  };
}

// A dot on the curve with lines to both axes and a note beside it; all are invisible if the text is empty.
function mark(axes, look) {
  const drop = axes.inside("path", { class: "drop" });
  const dot = axes.above("circle", { class: `dot ${look}`, r: 6 });
  const note = axes.above("text", {});
  return {
    show(t, y, text, lift) {
      put(drop, { d: text ? `M${axes.x(0)} ${axes.y(y)}H${axes.x(t)}V1000` : "M0 0" }); // clipped at the axis
      put(dot, { cx: axes.x(t).toFixed(1), cy: axes.y(y).toFixed(1), visibility: text ? "visible" : "hidden" });
      axes.note(note, t, y, text, lift);
    },
  };
}

function inWords(state, kept) {
  const far = kept.halfLife > LAG[1] ? ", beyond this picture" : "";
  const now = `With the bias ${number(state.bias)}, half of c is gone after ${steps(kept.halfLife)}${far}, ` +
    `and after ${steps(state.lag)} ${percent(kept.atLag)} of it is left.`;
  const half = `To keep half for ${steps(state.lag)}, the bias must be ${number(kept.keepsHalf)}.`;
  const chrono = state.lag < 2 ? "" :
    ` Chrono initialisation for lags up to ${state.lag} draws biases from 0 to ${number(kept.chronoMost)}; ` +
    `the largest leaves ${percent(kept.chronoLeft)} at that lag.`;
  return { now, wanted: half + chrono };
}

// 36 %, 2.4 %, 0.12 %; smaller values as a share: 3.6 x 10^-6
function percent(share) {
  if (share < 0.001) return power(share);
  return `${number(100 * share, share > 0.1 ? 0 : share > 0.01 ? 1 : 2)}\u00a0%`;
}

const read = (model, before = DEFAULTS) => readParts(model, VALID, before);
const render = place => piece(place, { name: "memory-horizon", label: "Forget bias and memory", read, make });

export default { render };
