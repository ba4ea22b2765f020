// A plain recurrent network with a random matrix of a given spectral radius: its eigenvalues, and how the gradient of
// its last state changes with the lag. The matrix, the inputs and the direction come from Python and stay the same.
import { chart, tenTo } from "./chart.js";
import { html, number, power, put, slider, svg } from "./kit.js";
import { numberBetween, piece, readParts } from "./small_piece.js";
import { fitted, gradientRun } from "./small_values.js";

const RADIUS = [0.1, 2], SCALE = [0, 2];
const HOLDS = [0.98, 1.02]; // factors per step between which the gradient roughly keeps its size
const WIDE = 620; // pixels; at this width and above the two drawings are side by side
const REACHES = [1, 2, 4, 6, 10, 20, 40]; // exponents at which the logarithmic axis may end
const DOT = 3.5; // pixels, the radius of an eigenvalue's dot
const ROUND = `a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0 ${-2 * DOT} 0Z`;
const VALID = { radius: numberBetween(...RADIUS), input_scale: numberBetween(...SCALE) };
const PARTS = ["matrix", "eigenvalues", "inputs", "direction"];
const ONE_UNIT = { matrix: [[1]], eigenvalues: [[1, 0]], inputs: [[0], [0]], direction: [1] };

const numbers = length => row => Array.isArray(row) && row.length === length && row.every(Number.isFinite);
const rows = (matrix, width) => Array.isArray(matrix) && matrix.length > 0 && matrix.every(numbers(width));

// The parts that are sent once, which are read again only if one of them is a different array.
function readNetwork(model, before) {
  const [matrix, eigenvalues, inputs, direction] = PARTS.map(name => model.get(name));
  if (before && PARTS.every(name => before[name] === model.get(name))) return before;
  const H = Array.isArray(direction) ? direction.length : 0;
  const fits = numbers(H)(direction) && rows(matrix, H) && matrix.length === H &&
    rows(inputs, H) && inputs.length > 1 && rows(eigenvalues, 2) && eigenvalues.length === H;
  if (fits) return { matrix, eigenvalues, inputs, direction, W: Float64Array.from(matrix.flat()) };
  return before ?? { ...ONE_UNIT, W: Float64Array.from([1]) };
}

function read(model, before = { radius: 1, input_scale: 0.1 }) {
  return { ...readParts(model, VALID, before), network: readNetwork(model, before.network) };
}

function make(ui) {
  const radius = slider({
    label: "spectral radius", min: RADIUS[0], max: RADIUS[1], onmove: value => ui.change({ radius: value }),
  });
  const scale = slider({
    label: "size of the inputs", min: SCALE[0], max: SCALE[1], onmove: value => ui.change({ input_scale: value }),
  });
  const eigenvalues = eigenvaluePart(), gradient = gradientPart();
  const readings = html("p", { class: "readings" });
  const pair = html("div", { class: "pair" },
    html("figure", { class: "panel" }, eigenvalues.element),
    html("figure", { class: "panel" }, gradient.legend, gradient.element));

  return {
    elements: [html("div", { class: "bar" }, radius.element, scale.element), pair, readings],
    resize(width) {
      const wide = width >= WIDE;
      put(pair, { class: wide ? "pair wide" : "pair" });
      const square = wide ? Math.min(360, Math.floor(0.4 * width)) : Math.min(340, width);
      eigenvalues.resize(square);
      gradient.resize(wide ? width - square - 16 : width, wide ? square - 4 : 260);
    },
    update(state) {
      const { network } = state;
      const run = gradientRun({ ...network, radius: state.radius, scale: state.input_scale });
      const fit = fitted(run.norms);
      radius.show(state.radius);
      scale.show(state.input_scale);
      eigenvalues.update(state);
      gradient.update(state, run, fit);
      const lags = run.norms.length - 1;
      put(readings, { text: `factor per step ${number(fit.factor, 3)}; ` +
        `mean slope of the tanh ${number(run.meanSlope, 3)}; ` +
        `norm ${power(run.norms[0])} at lag 0, ${power(run.norms[lags])} at lag ${lags}` });
      return inWords(state, fit.factor, lags);
    },
  };
}

function eigenvaluePart() {
  const axes = chart({ name: "eigenvalues", left: 34, right: 10 });
  const disc = axes.inside("circle", { class: "disc" });
  const unit = axes.inside("circle", { class: "unit" });
  const unitName = axes.inside("text", { class: "tick note", text: "line: unit circle" });
  const inner = axes.inside("path", { class: "dots hollow" });
  const outer = axes.inside("path", { class: "dots outside" });
  const REACH = 2.1;
  return {
    element: axes.element,
    // A square between the axes, so that circles are round.
    resize: size => axes.resize(size, size + 20),
    update({ radius, network }) {
      const ends = { low: -REACH, high: REACH };
      axes.frame({ x: { ...ends, label: "real part" }, y: { ...ends, label: "eigenvalues: imaginary part" } });
      const one = axes.x(1) - axes.x(0);
      put(disc, { cx: axes.x(0), cy: axes.y(0), r: one * radius });
      put(unit, { cx: axes.x(0), cy: axes.y(0), r: one });
      put(unitName, { x: axes.x(-REACH) + 4, y: axes.y(-REACH) - 5 }); // in the corner, where no eigenvalue can be
      const outside = network.eigenvalues.filter(([re, im]) => radius * Math.hypot(re, im) > 1 + 1e-9);
      const circle = ([re, im]) =>
        `M${(axes.x(radius * re) - DOT).toFixed(1)} ${axes.y(radius * im).toFixed(1)}${ROUND}`;
      const circles = some => some.map(circle).join("") || "M0 0";
      put(inner, { d: circles(network.eigenvalues.filter(each => !outside.includes(each))) });
      put(outer, { d: circles(outside) });
      put(axes.element, {
        "aria-label": `${network.eigenvalues.length} eigenvalues in the complex plane, the largest ${number(radius)} ` +
          `from 0; ${outside.length || "none"} outside the unit circle.`,
      });
    },
  };
}

function gradientPart() {
  const axes = chart({ name: "norms", left: 46 });
  const one = axes.inside("line", { class: "zero" });
  const without = axes.inside("path", { class: "curve without" });
  const line = axes.inside("path", { class: "curve ink-h" });
  const fit = axes.inside("path", { class: "fit" });
  const key = (look, ...text) => html("span", { class: "key" },
    svg("svg", { viewBox: "0 0 26 12", class: "stroke", "aria-hidden": "true" },
      svg("path", { d: "M1 6H25", class: look })),
    html("span", {}, ...text));
  const legend = html("p", { class: "legend" }, key("curve ink-h", "the network"), key("fit", "fitted line"),
    key("curve without", "without tanh: radius", html("sup", { text: "lag" })));
  return {
    legend,
    element: axes.element,
    resize: axes.resize,
    update({ radius }, { norms }, { factor, start }) {
      const last = norms.length - 1, lags = Array.from(norms, (_, lag) => lag);
      const straight = lags.map(lag => lag * Math.log10(radius));
      const heights = lags.map(lag => Math.log10(norms[lag]));
      const shown = [...heights, straight[last]].filter(Number.isFinite);
      const end = most => REACHES.find(each => each >= most) ?? REACHES.at(-1);
      const low = -end(-Math.min(...shown)), high = end(Math.max(...shown));
      axes.frame({
        x: { low: 0, high: last, label: "lag, in steps" },
        y: { low, high, label: "norm of the gradient", text: tenTo, step: 1 },
      });
      put(one, { x1: axes.x(0), x2: axes.x(last), y1: axes.y(0), y2: axes.y(0) });
      put(without, { d: axes.line(lags, straight) });
      put(line, { d: axes.line(lags, heights) });
      const ends = [10, last];
      put(fit, { d: axes.line(ends, ends.map(lag => Math.log10(start) + lag * Math.log10(factor))) });
      const some = lags.filter(lag => lag % Math.ceil(last / 4) === 0).map(lag => `${power(norms[lag])} at lag ${lag}`);
      put(axes.element, { "aria-label": `Norm of the gradient of the last state: ${some.join(", ")}.` });
    },
  };
}

function inWords({ radius, input_scale }, factor, lags) {
  const each = `each step back multiplies the gradient by about ${number(factor, 3)}, ` +
    `and ${lags} steps by ${power(factor ** lags)}`;
  const what = factor > HOLDS[1] ? "It explodes" : factor >= HOLDS[0] ? "It roughly keeps its size" : "It vanishes";
  if (input_scale === 0) {
    return `${what}: ${each}. Without inputs the state stays at 0, where tanh has slope 1, so only the matrix counts.`;
  }
  if (radius > 1 && factor <= HOLDS[1]) {
    return `${what}, although the radius is above 1: ${each}. Away from 0 the slope of tanh is below 1, and each step ` +
      "multiplies by that slope, too.";
  }
  return `${what}: ${each}; without tanh it would be about ${number(radius)} in the long run.`;
}

const render = place => piece(place, { name: "spectral-radius", label: "Spectral radius and gradient", read, make });

export default { render };
