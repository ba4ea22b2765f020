// How much the cell state at the loss step depends on the cell state at each step before it: bars on a logarithmic
// scale, in the same columns as the timeline, beside those of a plain recurrent unit on the same input.
import { html, power, put, slider, svg } from "./kit.js";
import { columns } from "./timeline_panel.js";

const HEIGHT = 88, AXIS = 24, TOP = 8;
const FLOOR = -10; // the exponent at the bottom of the bars; smaller values have no bar

export function gradientPanel(ui) {
  const drawing = svg("svg", { class: "gradient", role: "img" });
  const add = (name, attributes, parent = drawing) => parent.appendChild(svg(name, attributes));
  const hit = add("rect", { class: "hit", x: 0, y: 0 });
  const grid = add("g", { class: "axis" });
  const cursor = add("rect", { class: "cursor" });
  const plain = add("path", { class: "bars plain-bars" });
  const direct = add("path", { class: "bars fill-c", "data-symbol": "c f" });
  const full = add("path", { class: "full", "data-symbol": "c h" });
  const lossMark = add("line", { class: "loss-mark" });
  const lossText = add("text", { class: "small note", text: "loss" });
  const heading = html("h4", {});
  const summary = html("p", { class: "summary" });
  const legend = html("p", { class: "legend" });
  const entries = {
    direct: html("span", { class: "key" }, svg("svg", { viewBox: "0 0 14 12", "aria-hidden": "true" }, svg("rect", { x: 2, y: 1, width: 9, height: 10, class: "fill-c" })), "the cell, direct path"),
    full: html("span", { class: "key" }, svg("svg", { viewBox: "0 0 14 12", "aria-hidden": "true" }, svg("path", { d: "M7 2l4 4l-4 4l-4 -4Z", class: "full" })), "the cell, all paths"),
    plain: html("span", { class: "key" }, svg("svg", { viewBox: "0 0 14 12", "aria-hidden": "true" }, svg("rect", { x: 2, y: 1, width: 9, height: 10, class: "plain-bars" })), "plain recurrent unit"),
  };
  legend.append(...Object.values(entries));
  const lossSlider = slider({
    label: "loss at step", min: 1, max: 1, step: 1, shown: String, spoken: value => `loss at step ${value}`,
    onmove: loss_step => ui.change({ loss_step }, "loss_step"),
  });
  const plainSlider = slider({
    label: "plain unit: u", name: "recurrent weight u of the plain unit", min: -3, max: 3,
    onmove: plain_u => ui.change({ plain_u }, "plain_u"),
  });
  const element = html("figure", { class: "live-panel gradient-panel", "aria-label": "The gradient" },
    heading, legend, drawing,
    html("div", { class: "live-row" }, lossSlider.element, plainSlider.element), summary);
  let width = 0, scale = 1, ceiling = 0;

  const y = value => {
    const exponent = Math.min(ceiling, Math.max(FLOOR, Math.log10(Math.abs(value) || 1e-300)));
    return TOP + (HEIGHT * scale * (ceiling - exponent)) / (ceiling - FLOOR);
  };

  function bars(values, place, from, share) {
    const bottom = y(0);
    let d = "";
    for (let t = 0; t < values.length; t++) {
      if (!Number.isFinite(values[t]) || Math.abs(values[t]) < 10 ** FLOOR) continue;
      const x = place.edge(t) + place.each * from;
      d += `M${x.toFixed(1)} ${bottom.toFixed(1)}V${y(values[t]).toFixed(1)}h${(place.each * share).toFixed(1)}V${bottom.toFixed(1)}Z`;
    }
    return d || "M0 0";
  }

  function layout() {
    const total = TOP + HEIGHT * scale + AXIS * scale;
    put(drawing, { width, height: total, viewBox: `0 0 ${width} ${total}` });
    put(hit, { width, height: total });
  }

  function drawGrid(place) {
    grid.replaceChildren();
    for (let exponent = ceiling; exponent >= FLOOR; exponent -= 1) {
      if (exponent % 2 && ceiling < 6) continue;
      if (exponent % 10 && ceiling >= 6) continue;
      const height = y(10 ** exponent);
      add("line", { x1: place.left, x2: place.end, y1: height, y2: height, class: exponent ? "grid" : "zero" }, grid);
      add("text", { x: place.left - 6, y: height + 4 * scale, class: "tick end", text: exponent ? power(10 ** exponent).replace(/^1\.0 \u00d7 /, "") : "1" }, grid);
    }
    add("text", { x: place.left - 6, y: TOP + (HEIGHT + 19) * scale, class: "small end", text: "step" }, grid);
    const T = ui.state.x.length;
    const every = [1, 2, 5, 10, 20, 50, 100].find(n => n * place.each >= 26 * scale) ?? 100;
    for (let t = 0; t <= T; t += every) {
      add("text", { class: "tick middle", x: place.middle(t), y: TOP + (HEIGHT + 19) * scale, text: t }, grid);
    }
  }

  drawing.addEventListener("pointerdown", event => {
    if (event.button !== 0 || !width) return;
    const box = drawing.getBoundingClientRect();
    const place = columns(width, ui.state.x.length, scale);
    const x = ((event.clientX - box.left) * width) / box.width;
    if (x < place.left - 8 || x > place.end + 8) return;
    event.preventDefault();
    lossSlider.input.focus({ preventScroll: true });
    const loss_step = Math.max(1, place.step(x));
    ui.change({ loss_step }, "loss_step");
  });

  let drawn = ""; // the layout for which the grid was drawn last
  return {
    element,
    update(run, state) {
      if (!width) return;
      const T = state.x.length, loss = state.loss_step;
      const place = columns(width, T, scale);
      let most = 1;
      for (const values of [run.direct, run.full ?? [], run.plainPath]) {
        for (const value of values) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
      }
      ceiling = most > 1.0001 ? Math.ceil(Math.log10(most)) : 0;
      const wanted = [width, scale, T, ceiling].join();
      if (drawn !== wanted) {
        drawn = wanted;
        layout();
        drawGrid(place);
      }
      put(direct, { d: bars(run.direct, place, 0.08, 0.42) });
      put(plain, { d: bars(run.plainPath, place, 0.52, 0.4) });
      put(full, { d: run.full ? diamonds(run.full, place) : "M0 0" });
      put(entries.full, { hidden: !run.full });
      put(cursor, { x: place.edge(state.step), width: place.each, y: 2, height: TOP + HEIGHT * scale - 2 });
      const at = place.edge(loss + 1);
      put(lossMark, { x1: at, x2: at, y1: 2, y2: TOP + HEIGHT * scale });
      put(lossText, { x: at + 4, y: 12 * scale });
      put(lossSlider.input, { max: T });
      lossSlider.show(loss);
      plainSlider.show(state.plain_u);
      put(heading, { text: `The gradient: how much the state at step ${loss} depends on the state at each step before it` });
      const t = Math.min(state.step, loss);
      const lines = [
        `From step ${t} to step ${loss}: direct path, the product of ${loss - t} forget gates, ${power(run.direct[t])}`,
        run.full ? `all paths of this unit ${power(run.full[t])}` : "",
        `plain unit ${power(run.plainPath[t])}`,
      ].filter(Boolean).join("; ");
      const remark = run.full
        ? "The direct path is not the whole gradient: c also acts through h and the gates."
        : "The direct path is the only one, since the gates are set by hand.";
      put(summary, { text: `${lines}. ${remark}` });
      put(drawing, { "aria-label": `${lines}.` });
    },
    resize(newWidth, newScale) {
      width = newWidth;
      scale = newScale;
    },
  };

  function diamonds(values, place) {
    const r = Math.min(4 * scale, place.each / 2.4);
    let d = "";
    for (let t = 0; t < values.length; t++) {
      if (!Number.isFinite(values[t]) || Math.abs(values[t]) < 10 ** FLOOR) continue;
      d += `M${(place.edge(t) + place.each * 0.29).toFixed(1)} ${(y(values[t]) - r).toFixed(1)}l${r} ${r}l${-r} ${r}l${-r} ${-r}Z`;
    }
    return d || "M0 0";
  }
}
