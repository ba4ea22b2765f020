// Axes with a grid and labels, and curves. Lengths are in pixels, so that text keeps its size on a narrow page.
import { number, put, svg } from "./kit.js";

const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
const ROOM = { x: 46, y: 26 }; // minimum distance of the numbers on an axis, in pixels

// A whole number in superscript, and a power of ten for an exponent.
export const raised = whole => [...String(whole)].map(sign => RAISED[sign] ?? "\u207b").join("");
export const tenTo = exponent => ["1", "10"][exponent] ?? `10${raised(exponent)}`;

export function chart({ name, left = 46, right = 16, top = 26, bottom = 38 }) {
  const drawing = svg("svg", { class: `chart ${name}`, role: "img" });
  const grid = svg("g", { "aria-hidden": "true" });
  const inside = svg("svg", { class: "inside" }); // clips at the axes
  const above = svg("g", {});
  drawing.append(grid, inside, above);
  let width = 0, height = 0, axes = null, drawn = "";

  const across = () => width - left - right, down = () => height - top - bottom;
  const X = x => left + (across() * (x - axes.x.low)) / (axes.x.high - axes.x.low);
  const Y = y => top + (down() * (axes.y.high - y)) / (axes.y.high - axes.y.low);

  // An axis is { low, high, label }, optionally with a function `text` that formats its numbers and the least `step`.
  function drawGrid() {
    grid.replaceChildren();
    const add = (tag, attributes) => grid.appendChild(svg(tag, attributes));
    const { x, y } = axes;
    for (const [tick, text] of ticks(x, across() / ROOM.x)) {
      add("line", { x1: X(tick), x2: X(tick), y1: top, y2: top + down(), class: "grid" });
      add("text", { x: X(tick), y: top + down() + 15, class: "tick middle", text });
    }
    for (const [tick, text] of ticks(y, down() / ROOM.y)) {
      add("line", { x1: left, x2: left + across(), y1: Y(tick), y2: Y(tick), class: "grid" });
      add("text", { x: left - 6, y: Y(tick) + 4, class: "tick end", text });
    }
    add("path", { d: `M${left} ${top}V${top + down()}H${left + across()}`, class: "frame-line" });
    add("text", { x: left, y: 13, class: "axis-name", text: y.label });
    add("text", { x: left + across(), y: height - 6, class: "axis-name end", text: x.label });
  }

  return {
    element: drawing,
    inside: (tag, attributes) => inside.appendChild(svg(tag, attributes)),
    above: (tag, attributes) => above.appendChild(svg(tag, attributes)),
    x: X,
    y: Y,
    resize(toWidth, toHeight) {
      [width, height] = [toWidth, toHeight];
    },
    frame(newAxes) {
      axes = newAxes;
      const now = JSON.stringify([width, height, axes]);
      if (drawn === now) return;
      drawn = now;
      const box = { x: left, y: top, width: across(), height: down() };
      put(drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
      put(inside, { ...box, viewBox: `${left} ${top} ${box.width} ${box.height}` });
      drawGrid();
    },
    line(xs, ys) {
      let d = "";
      for (let k = 0; k < xs.length; k++) {
        if (Number.isFinite(ys[k])) d += `${d ? "L" : "M"}${X(xs[k]).toFixed(1)} ${Y(ys[k]).toFixed(1)}`;
      }
      return d || "M0 0";
    },
    // Put a note beside a point: to the right and above it, or to the left and below it near the right edge.
    note(element, x, y, text, lift = 0) {
      const right_ = X(x) + 9 + 6.4 * text.length < width;
      const low = Y(y) + 18 < top + down();
      put(element, {
        text, x: X(x) + (right_ ? 9 : -9), y: Math.max(top + 10, Y(y) + (right_ || !low ? -7 : 16)) + lift,
        class: right_ ? "note" : "note end",
      });
    },
  };
}

function ticks({ low, high, text, step: least = 0 }, most) {
  const steps = [-3, -2, -1, 0, 1, 2].flatMap(exponent => [1, 2, 5].map(digit => digit * 10 ** exponent));
  const step = steps.find(each => each >= least && (high - low) / each <= Math.max(1, most)) ?? high - low;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const result = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    result.push([k * step, text ? text(k * step) : number(k * step, digits)]);
  }
  return result;
}
