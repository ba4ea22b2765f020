// The cell at one step: the width of each pipe shows the size of its value, each gate is a valve that opens as far as
// the gate's value, and every edge has its number.
import { html, number, put, svg } from "./kit.js";

const WIDEST = 24; // width of a pipe, in units of the drawing
const BELT = 56, BOXES = 226, LINE = 276; // heights: the cell state, the boxes, the line for h and x
const AT = { f: 122, i: 186, g: 254, o: 334, h: 404 };
const VALVE_I = 136, VALVE_O = 158;

// Pipes and wires in the order in which a step passes through them: symbol, path, and stage of the animation.
const PIPES = {
  before: { symbol: "c", d: `M62 ${BELT} H${AT.f}`, stage: 0 },
  kept: { symbol: "c", d: `M${AT.f} ${BELT} H${AT.g}`, stage: 3 },
  candidate: { symbol: "g", d: `M${AT.g} ${BOXES - 18} V${VALVE_I}`, stage: 2 },
  written: { symbol: "g", d: `M${AT.g} ${VALVE_I} V${BELT}`, stage: 3 },
  after: { symbol: "c", d: `M${AT.g} ${BELT} H430`, stage: 4 },
  squashed: { symbol: "c", d: `M${AT.h} ${BELT} V${VALVE_O}`, stage: 5 },
  shown: { symbol: "h", d: `M${AT.h} ${VALVE_O} V246 H430`, stage: 6 },
};
const WIRES = {
  f: { symbol: "f", d: `M${AT.f} ${BOXES - 16} V${BELT + 17}`, stage: 2 },
  i: { symbol: "i", d: `M${AT.i} ${BOXES - 16} V${VALVE_I} H${AT.g - 17}`, stage: 2 },
  o: { symbol: "o", d: `M${AT.o} ${BOXES - 16} V${VALVE_O} H${AT.h - 17}`, stage: 5 },
};
const BOX = { i: "\u03c3", f: "\u03c3", g: "tanh", o: "\u03c3" };
const SUBSCRIPTS = "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089";
const subscript = n => [...String(n)].map(digit => SUBSCRIPTS[digit]).join("");

export function cellPanel() {
  const drawing = svg("svg", { viewBox: "0 0 490 296", class: "cell", role: "img" });
  const add = (name, attributes, parent = drawing) => parent.appendChild(svg(name, attributes));
  const moving = []; // one path for each edge, visible only while a step runs through the cell

  const lines = add("g", { class: "feeds" });
  const flow = (d, stage, symbol) => moving.push([add("path", { d, class: `flow ink-${symbol}`, opacity: 0 }), stage]);

  // The lines from h and x to the boxes; if the gates are set by hand, only the candidate is computed.
  const feeds = {
    hand: [`M90 ${LINE} H${AT.g} V${BOXES + 16}`],
    weights: [`M90 ${LINE} H${AT.o} V${BOXES + 16}`, ...["f", "i", "g"].map(k => `M${AT[k]} ${LINE} V${BOXES + 16}`)],
  };
  const feedGroups = Object.fromEntries(Object.keys(feeds).map(mode =>
    [mode, add("g", { "data-symbol": mode === "hand" ? "x" : "x h" }, lines)]));
  for (const [mode, group] of Object.entries(feedGroups)) {
    for (const d of feeds[mode]) add("path", { d, class: "wire ink-h" }, group);
  }

  const pipes = {};
  for (const [name, { symbol, d, stage }] of Object.entries(PIPES)) {
    const group = add("g", { "data-symbol": symbol });
    pipes[name] = {
      outer: add("path", { d, class: `pipe ink-${symbol}` }, group),
      inner: add("path", { d, class: "pipe hollow" }, group),
    };
    flow(d, stage, symbol);
  }
  for (const { symbol, d, stage } of Object.values(WIRES)) {
    add("path", { d, class: `wire ink-${symbol}` }, add("g", { "data-symbol": symbol }));
    flow(d, stage, symbol);
  }
  add("path", { d: "M430 47 L444 56 L430 65 Z", class: "fill-c", "data-symbol": "c" });
  add("path", { d: "M430 239 L441 246 L430 253 Z", class: "fill-h", "data-symbol": "h" });

  const valves = {
    f: valve(add, AT.f, BELT, true, "f"),
    i: valve(add, AT.g, VALVE_I, false, "i"),
    o: valve(add, AT.h, VALVE_O, false, "o"),
  };
  const plus = add("g", { "data-symbol": "c" });
  add("circle", { cx: AT.g, cy: BELT, r: 11, class: "node" }, plus);
  add("text", { x: AT.g, y: BELT + 5, class: "middle sign", text: "+" }, plus);
  const press = add("g", { "data-symbol": "c h" });
  add("rect", { x: AT.h - 21, y: 88, width: 42, height: 22, rx: 5, class: "box ink-c" }, press);
  add("text", { x: AT.h, y: 104, class: "middle", text: "tanh" }, press);

  const boxes = {};
  for (const gate of ["f", "i", "g", "o"]) {
    const group = add("g", { "data-symbol": gate });
    add("rect", { x: AT[gate] - 23, y: BOXES - 16, width: 46, height: 32, rx: 6, class: `box ink-${gate}` }, group);
    boxes[gate] = {
      text: add("text", { x: AT[gate], y: BOXES + 5, class: "middle", text: BOX[gate] }, group),
      z: add("text", { x: AT[gate] + 5, y: BOXES + 32, class: "small" }, group),
    };
  }

  // The numbers, each beside its edge.
  const label = (x, y, symbol, anchor = "start") =>
    add("text", { x, y, class: `value ${anchor}`, "data-symbol": symbol });
  const values = {
    cBeforeName: label(30, 44, "c", "middle"), cBefore: label(30, 62, "c", "middle"),
    cAfterName: label(466, 44, "c", "middle"), cAfter: label(466, 62, "c", "middle"),
    kept: label(188, 34, "c", "middle"),
    f: label(AT.f - 6, 164, "f", "end"), i: label(AT.i - 6, 184, "i", "end"), o: label(AT.o + 7, 182, "o"),
    g: label(AT.g + 16, 198, "g"), written: label(AT.g + 15, 106, "g"),
    squashed: label(AT.h + 16, 136, "c"),
    hAfterName: label(466, 236, "h", "middle"), hAfter: label(466, 254, "h", "middle"),
    hBefore: label(4, LINE - 10, "h"), x: label(4, LINE + 8, "x"),
  };

  const caption = html("figcaption", {}, html("span", {
    text: "The width of a pipe shows the size of its value; hollow pipes are negative. Each valve opens as far as its gate.",
  }));
  const element = html("figure", { class: "live-panel cell-panel", "aria-label": "The cell at one step" },
    html("h4", {}), drawing, caption);
  const heading = element.querySelector("h4");

  function pipe(name, value, scale) {
    const width = value === 0 || !Number.isFinite(value) ? 1 : 2.5 + (WIDEST - 2.5) * Math.min(1, Math.abs(value) / scale);
    put(pipes[name].outer, { "stroke-width": width.toFixed(2), "stroke-opacity": value === 0 ? 0.5 : 1 });
    put(pipes[name].inner, { "stroke-width": value < 0 ? Math.max(0, width - 4).toFixed(2) : 0 });
  }

  return {
    element,
    update(run, state) {
      const t = Math.max(1, state.step);
      const hand = state.mode === "hand";
      const [c0, c, i, f, g, o, h] = [run.c[t - 1], ...["c", "i", "f", "g", "o", "h"].map(name => run[name][t])];
      let scale = 1;
      for (const each of run.c) if (Math.abs(each) > scale) scale = Math.abs(each);
      pipe("before", c0, scale);
      pipe("kept", f * c0, scale);
      pipe("after", c, scale);
      pipe("candidate", g, scale);
      pipe("written", i * g, scale);
      pipe("squashed", Math.tanh(c), scale);
      pipe("shown", h, scale);
      valves.f(f);
      valves.i(i);
      valves.o(o);
      const texts = {
        cBeforeName: `c${subscript(t - 1)}`, cBefore: number(c0), cAfterName: `c${subscript(t)}`, cAfter: number(c),
        kept: `f c = ${number(f * c0)}`, f: `f ${number(f)}`, i: `i ${number(i)}`, o: `o ${number(o)}`,
        g: `g ${number(g)}`, written: `i g = ${number(i * g)}`, squashed: number(Math.tanh(c)),
        hAfterName: `h${subscript(t)}`, hAfter: number(h),
        hBefore: hand ? "" : `h${subscript(t - 1)} ${number(run.h[t - 1])}`, x: `x${subscript(t)} ${number(run.x[t])}`,
      };
      for (const [name, text] of Object.entries(texts)) put(values[name], { text });
      ["i", "f", "g", "o"].forEach((gate, k) => {
        put(boxes[gate].text, { text: hand && gate !== "g" ? "hand" : BOX[gate] });
        put(boxes[gate].z, { text: hand ? "" : `z ${number(run.z[k][t], 1)}` });
      });
      put(feedGroups.hand, { display: hand ? null : "none" });
      put(feedGroups.weights, { display: hand ? "none" : null });
      put(heading, { text: `The cell at step ${t}` });
      put(drawing, {
        "aria-label": `Cell state ${number(c0)} before step ${t}; the forget gate at ${number(f)} keeps ` +
          `${number(f * c0)} of it; the input gate at ${number(i)} adds ${number(i * g)} of the candidate ` +
          `${number(g)}; cell state ${number(c)} after the step. The output gate at ${number(o)} shows ${number(h)}.`,
      });
    },
    // Animate a step: a light runs along the edges in the order in which they are computed.
    send() {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      for (const [path, stage] of moving) {
        for (const before of path.getAnimations()) before.cancel();
        path.animate(
          [{ opacity: 1, strokeDashoffset: 24 }, { opacity: 1, strokeDashoffset: -24, offset: 0.8 }, { opacity: 0 }],
          { duration: 420, delay: 110 * stage });
      }
    },
  };
}

// A valve with two jaws across a pipe, open at 1 and closed at 0. Returns a function that sets the opening.
function valve(add, x, y, acrossPipe, symbol) {
  const group = add("g", { "data-symbol": symbol, class: "valve" });
  const long = WIDEST / 2 + 3, thick = 6;
  add("rect", acrossPipe
    ? { x: x - thick - 2, y: y - long - 2, width: 2 * thick + 4, height: 2 * long + 4, rx: 3, class: `frame ink-${symbol}` }
    : { x: x - long - 2, y: y - thick - 2, width: 2 * long + 4, height: 2 * thick + 4, rx: 3, class: `frame ink-${symbol}` },
  group);
  const jaws = [0, 1].map(() => add("rect", { class: `fill-${symbol}` }, group));
  return gate => {
    const length = (long * (1 - gate)).toFixed(2);
    const far = (-long).toFixed(2), near = (long * gate).toFixed(2);
    jaws.forEach((jaw, k) => {
      const from = Number(k ? near : far);
      put(jaw, acrossPipe
        ? { x: x - thick, y: y + from, width: 2 * thick, height: length }
        : { x: x + from, y: y - thick, width: length, height: 2 * thick });
    });
  };
}
