// Inputs, gates and states over time, with a common cursor. Inputs, and gates that are set by hand, can be drawn with the
// pointer; a click elsewhere animates that step in the cell panel.
import { html, INKS, number, put, slider, svg } from "./kit.js";
import { HAND } from "./state.js";

const ROWS = [
  { symbol: "x", height: 46 },
  { symbol: "i", height: 27 },
  { symbol: "f", height: 27 },
  { symbol: "g", height: 30 },
  { symbol: "o", height: 27 },
  { symbol: "c", height: 64 },
  { symbol: "h", height: 50 },
];
const GAP = 6, AXIS = 20;
const REACHES = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

// Whether there is room for the names of the rows or only for their symbols.
const named = (width, scale) => width > 560 * scale;

// Positions of the columns, which the gradient panel shares.
export function columns(width, T, scale) {
  const left = (named(width, scale) ? 132 : 66) * scale, right = 52 * scale;
  const each = (width - left - right) / (T + 1);
  return {
    left, each, end: left + each * (T + 1),
    edge: t => left + t * each, // step t is between edge(t) and edge(t + 1); step 0 is the state before the first step
    middle: t => left + (t + 0.5) * each,
    step: x => Math.min(T, Math.max(0, Math.floor((x - left) / each))),
  };
}

export function timelinePanel(ui) {
  const drawing = svg("svg", { class: "timeline", role: "img" });
  const add = (name, attributes, parent = drawing) => parent.appendChild(svg(name, attributes));
  const rows = {};
  let width = 0, scale = 1, place = null, limits = {};

  for (const { symbol } of ROWS) {
    const group = add("g", { "data-symbol": symbol });
    rows[symbol] = {
      group,
      hit: add("rect", { class: "hit" }, group),
      band: add("rect", { class: "band" }, group),
      zero: add("line", { class: "zero" }, group),
      mark: add("path", { class: `mark ink-${symbol} fill-${symbol}` }, group),
      name: add("text", { class: "name end" }, group),
      value: add("text", { class: "value" }, group),
      high: add("text", { class: "tick end" }, group),
      low: add("text", { class: "tick end" }, group),
      extra: add("path", { class: "extra", fill: "none" }, group),
      curve: add("path", {}, group),
    };
  }
  for (const symbol of ["i", "f", "o", "g"]) put(rows[symbol].curve, { class: `area fill-${symbol} ink-${symbol}` });
  put(rows.x.curve, { class: "stems ink-x fill-x" });
  put(rows.c.curve, { class: "curve ink-c" });
  put(rows.h.curve, { class: "curve ink-h" });
  put(rows.h.extra, { class: "extra ink-c dashed" });
  const plain = add("path", { class: "curve plain", "data-symbol": "h" }, rows.h.group);
  const axis = add("g", { class: "axis" });
  const cursor = add("rect", { class: "cursor" });
  const lossMark = add("line", { class: "loss-mark" });
  const plainName = add("text", { class: "small note end", "data-symbol": "h" });
  const axisName = add("text", { class: "small end" }, axis);

  const cursorSlider = slider({
    label: "step", min: 0, max: 1, step: 1, shown: value => String(value),
    spoken: value => (value ? `step ${value}` : "before the first step"),
    onmove: step => ui.change({ step }, "step", { sends: true }),
  });
  const element = html("figure", { class: "live-panel timeline-panel", "aria-label": "Over time" },
    html("h4", { text: "Over time" }), drawing, cursorSlider.element, html("figcaption", {}));
  const caption = element.querySelector("figcaption");

  // Lay out the rows from top to bottom; all lengths scale with the text.
  function layout() {
    place = columns(width, ui.state.x.length, scale);
    let top = 6;
    for (const { symbol, height } of ROWS) {
      Object.assign(rows[symbol], { top, height: height * scale, bottom: top + height * scale });
      top = rows[symbol].bottom + GAP * scale;
    }
    const total = top + AXIS * scale;
    put(drawing, { width, height: total, viewBox: `0 0 ${width} ${total}` });
    for (const { symbol } of ROWS) {
      const row = rows[symbol];
      const span = { x: place.left, width: place.end - place.left };
      put(row.hit, { x: 0, y: row.top - GAP * scale / 2, width, height: row.height + GAP * scale });
      put(row.band, { ...span, y: row.top, height: row.height });
      put(row.name, { x: place.left - 40 * scale, y: (row.top + row.bottom) / 2 + 4 * scale });
      put(row.value, { x: place.end + 8 * scale, y: (row.top + row.bottom) / 2 + 4 * scale });
      put(row.high, { x: place.left - 6, y: row.top + 9 * scale });
      put(row.low, { x: place.left - 6, y: row.bottom - 1 });
      const [mx, my] = [place.left - 30 * scale, (row.top + row.bottom) / 2];
      put(row.mark, { d: marker(symbol, mx, my, 4 * scale) });
    }
    put(axisName, { x: place.left - 6, y: total - 6 * scale, text: named(width, scale) ? "time step" : "step" });
    for (const old of axis.querySelectorAll(".tick")) old.remove();
    const every = [1, 2, 5, 10, 20, 50, 100].find(n => n * place.each >= 26 * scale) ?? 100;
    for (let t = 0; t <= ui.state.x.length; t += every) {
      add("text", { class: "tick middle", x: place.middle(t), y: total - 6 * scale, text: t }, axis);
    }
  }

  const at = (row, value) => {
    const [low, high] = limits[row];
    return rows[row].bottom - (rows[row].height * (value - low)) / (high - low);
  };

  function steps(row, values) {
    let d = `M${place.edge(1).toFixed(1)} ${at(row, 0).toFixed(1)}`;
    for (let t = 1; t < values.length; t++) {
      d += `V${at(row, values[t]).toFixed(1)}H${place.edge(t + 1).toFixed(1)}`;
    }
    return `${d}V${at(row, 0).toFixed(1)}Z`;
  }

  function line(row, values, from) {
    let d = "";
    for (let t = from; t < values.length; t++) {
      if (Number.isFinite(values[t])) d += `${d ? "L" : "M"}${place.middle(t).toFixed(1)} ${at(row, values[t]).toFixed(1)}`;
    }
    return d || "M0 0";
  }

  const dots = (row, values, from, radius) => {
    let d = "";
    for (let t = from; t < values.length; t++) {
      if (Number.isFinite(values[t])) d += marker(row, place.middle(t), at(row, values[t]), radius);
    }
    return d;
  };

  function update(run, state) {
    if (!width) return;
    const T = state.x.length;
    if (!place || place.T !== T) {
      layout();
      place.T = T;
    }
    const reachX = reach(Math.max(3, ...state.x.map(Math.abs)));
    limits = {
      x: [-reachX, reachX], i: [0, 1], f: [0, 1], o: [0, 1], g: [-1, 1], c: around(run.c), h: [-1, 1],
    };
    for (const { symbol } of ROWS) {
      const row = rows[symbol], [low, high] = limits[symbol];
      const zero = at(symbol, 0);
      put(row.zero, { x1: place.left, x2: place.end, y1: zero, y2: zero });
      put(row.high, { text: tick(high) });
      put(row.low, { text: tick(low) });
      put(row.name, { text: named(width, scale) ? `${INKS[symbol].name}  ${symbol}` : symbol });
      const t = state.step;
      put(row.value, { text: number(run[symbol][t]) });
      put(row.group, { class: canDraw(symbol) ? "drawable" : null });
    }
    for (const symbol of ["i", "f", "o", "g"]) put(rows[symbol].curve, { d: steps(symbol, run[symbol]) });
    let stems = "";
    const foot = at("x", 0).toFixed(1);
    for (let t = 1; t <= T; t++) stems += `M${place.middle(t).toFixed(1)} ${foot}V${at("x", run.x[t]).toFixed(1)}`;
    const radius = Math.min(3.5 * scale, place.each / 3);
    put(rows.x.curve, { d: stems });
    put(rows.x.extra, { d: dots("x", run.x, 1, radius), class: "extra ink-x" });
    put(rows.c.curve, { d: line("c", run.c, 0) });
    put(rows.c.extra, { d: dots("c", run.c, 0, Math.min(2.4 * scale, place.each / 4)), class: "extra ink-c fill-c" });
    put(rows.h.curve, { d: line("h", run.h, 0) });
    put(rows.h.extra, { d: line("h", run.c.map(Math.tanh), 1) });
    put(plain, { d: state.plain ? line("h", run.plainH, 0) : "M0 0" });
    put(plainName, {
      text: state.plain ? "plain" : "", x: place.end - 4, y: at("h", run.plainH[T]) - 4,
    });
    const t = state.step;
    put(cursor, { x: place.edge(t), width: place.each, y: 2, height: rows.h.bottom });
    const loss = place.edge(state.loss_step + 1);
    put(lossMark, { x1: loss, x2: loss, y1: 2, y2: rows.h.bottom + 4 });
    cursorSlider.element.style.setProperty("--left", `${place.left - 6}px`); // as wide as the columns
    cursorSlider.element.style.setProperty("--right", `${width - place.end - 6}px`);
    put(cursorSlider.input, { max: T });
    cursorSlider.show(t);
    put(drawing, { "aria-label": inWords(run, state) });
    put(caption, {
      text: (state.mode === "hand" ? "Draw in the rows x, i, f and o with the pointer. " : "Draw in the row x with the pointer. ") +
        "A click sends that step through the cell. Dashed: tanh(c), which h reaches at o = 1." +
        (state.plain ? " Long dashes: the plain recurrent unit, h\u2032 = tanh(x + u h)." : ""),
    });
  }

  // In a row that can be drawn, the pointer sets the value in each column that it passes; elsewhere it moves the cursor.
  let drawingRow = null;
  const rowAt = y => ROWS.find(({ symbol }) => y <= rows[symbol].bottom + (GAP * scale) / 2)?.symbol;
  const canDraw = symbol => symbol === "x" || (ui.state.mode === "hand" && HAND.includes(symbol));
  const spot = event => {
    const box = drawing.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * width) / box.width, y: ((event.clientY - box.top) * width) / box.width };
  };
  let lastDrawn = null;
  function draw(event) {
    const { x, y } = spot(event);
    const t = Math.max(1, place.step(x));
    const [low, high] = limits[drawingRow];
    const row = rows[drawingRow];
    const value = low + ((high - low) * (row.bottom - y)) / row.height;
    const rounded = Math.round(Math.min(high, Math.max(low, value)) * 100) / 100;
    const { t: from, value: first } = lastDrawn ?? { t, value: rounded };
    const values = {};
    for (let k = from; ; k += Math.sign(t - from)) { // so that no step is skipped
      values[k] = k === t ? rounded : Math.round((first + ((rounded - first) * (k - from)) / (t - from)) * 100) / 100;
      if (k === t) break;
    }
    lastDrawn = { t, value: rounded };
    ui.draw(drawingRow, values, t);
  }
  drawing.addEventListener("pointerdown", event => {
    if (event.button !== 0 || !place) return;
    const { x, y } = spot(event);
    if (x < place.left - 8 || x > place.end + 8) return;
    const row = rowAt(y);
    event.preventDefault();
    cursorSlider.input.focus({ preventScroll: true });
    if (row && canDraw(row)) {
      drawingRow = row;
      lastDrawn = null;
      drawing.setPointerCapture(event.pointerId);
      ui.settle(); // so that the new stroke can be undone separately
      draw(event);
    } else {
      ui.change({ step: place.step(x) }, "step", { sends: true });
    }
  });
  drawing.addEventListener("touchstart", event => {
    if (event.target.closest(".drawable")) event.preventDefault();
  }, { passive: false });
  drawing.addEventListener("pointermove", event => {
    if (drawingRow) draw(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(end, () => {
      drawingRow = null;
      ui.settle();
    });
  }

  return {
    element,
    update,
    resize(newWidth, newScale) {
      if (newWidth === width && newScale === scale) return false;
      [width, scale, place] = [newWidth, newScale, null];
      return true;
    },
  };
}

// Alternative text of the drawing; the table has all numbers.
function inWords(run, state) {
  const T = state.x.length;
  return `${T} time steps. The cell state begins at ${number(run.c[0])} and ends at ${number(run.c[T])}; ` +
    `the hidden state ends at ${number(run.h[T])}` +
    (state.plain ? `, that of the plain recurrent unit at ${number(run.plainH[T])}.` : ".");
}

const reach = most => REACHES.find(each => each >= most) ?? most;
const tick = value => (Math.abs(value) >= 1e5 ? value.toExponential(0) : number(value, Number.isInteger(value) ? 0 : 1));

// From -1 to 1 if that is enough, otherwise in steps, so that the axis seldom changes.
function around(values) {
  let low = -1, high = 1;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [-reach(-low), reach(high)];
}

// The markers of the palette as parts of a path.
function marker(symbol, x, y, r) {
  const [X, Y, R] = [x, y, r].map(value => value.toFixed(1));
  switch (INKS[symbol].marker) {
    case "v": return `M${(x - r).toFixed(1)} ${(y - r).toFixed(1)}h${2 * R}l${-R} ${2 * R}Z`;
    case "^": return `M${(x - r).toFixed(1)} ${(y + r).toFixed(1)}h${2 * R}l${-R} ${-2 * R}Z`;
    case "s": return `M${(x - r).toFixed(1)} ${(y - r).toFixed(1)}h${2 * R}v${2 * R}h${-2 * R}Z`;
    case "D": return `M${X} ${(y - r).toFixed(1)}l${R} ${R}l${-R} ${R}l${-R} ${-R}Z`;
    case "x": return `M${(x - r).toFixed(1)} ${(y - r).toFixed(1)}l${2 * R} ${2 * R}m0 ${-2 * R}l${-2 * R} ${2 * R}`;
    default: return `M${(x - r).toFixed(1)} ${Y}a${R} ${R} 0 1 0 ${2 * R} 0a${R} ${R} 0 1 0 ${-2 * R} 0Z`;
  }
}
