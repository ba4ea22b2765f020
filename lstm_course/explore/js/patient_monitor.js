// A pulse on a bedside monitor. The reader disturbs the patient, and a small LSTM that predicts each sample from those
// before it raises the alarm. The recording, the network and its limits come from Python and stay the same.
import { chart } from "./chart.js";
import { button, html, number, put, slider, svg } from "./kit.js";
import { EVENTS, alarms, disturbed, outcome, predictionErrors, trailingMean } from "./monitor_values.js";
import { numberBetween, piece, readParts } from "./small_piece.js";

const THRESHOLD = [0, 0.5];
const VIEW = 8; // seconds that the screen shows
const AFTER = 4; // seconds by which an event moves a stopped clock on, so that its outcome is seen at once
const MARGIN = 5; // seconds that the recording must go on after an event
const ROOM = 1.2; // standard deviations that the screen shows beyond the limits
const FRAME = 50; // milliseconds between two pictures of a running clock
const PARTS = ["recording", "rate", "limits", "weights", "readout", "window", "noise"];

// A flat line, for a model that brings no patient.
const NOBODY = {
  recording: Array(1600).fill(0), rate: 100, limits: [-1, 1], weights: Array(4).fill([0, 0, 0]), readout: [0, 0],
  window: 1, noise: Array(200).fill(0), seconds: 16,
};

const numbers = each => Array.isArray(each) && each.length > 0 && each.every(Number.isFinite);
const atLeastOne = each => Number.isInteger(each) && each >= 1;

// The parts that are sent once, which are read again only if one of them is a different array.
function readPatient(model, before) {
  const parts = Object.fromEntries(PARTS.map(name => [name, model.get(name)]));
  if (before && PARTS.every(name => before[name] === parts[name])) return before;
  const { recording, rate, limits, weights, readout, window, noise } = parts;
  const units = Array.isArray(readout) ? readout.length - 1 : 0;
  const fits = [recording, limits, readout, noise].every(numbers) && [rate, window].every(atLeastOne) && limits.length === 2 &&
    Array.isArray(weights) && weights.length === 4 * units && weights.every(row => numbers(row) && row.length === units + 2);
  return fits ? { ...parts, seconds: recording.length / rate } : before ?? NOBODY;
}

const isEvent = seconds => each => Array.isArray(each) && each.length === 2 && Object.hasOwn(EVENTS, each[0]) &&
  each[1] >= 0 && each[1] <= seconds - MARGIN;

function read(model, before = { threshold: 0.3, time: VIEW, events: [] }) {
  const patient = readPatient(model, before.patient);
  const valid = {
    threshold: numberBetween(...THRESHOLD),
    time: numberBetween(0, 60),
    events: value => Array.isArray(value) && value.every(isEvent(patient.seconds)),
  };
  return { ...readParts(model, valid, before), patient };
}

// The disturbed pulse and the errors are computed again only after another event.
let last = {};
function monitored({ patient, events, threshold, time }) {
  if (last.patient !== patient || last.events !== events) {
    const { x, places } = disturbed(patient, events);
    const score = trailingMean(predictionErrors(patient, x), patient.window);
    last = { patient, events, x, places, score, highest: Math.max(...score.subarray(patient.rate)) };
  }
  const { rate, limits: [low, high] } = patient;
  const now = Math.min(last.x.length - 1, Math.floor(time * rate));
  const sounded = alarms(t => last.score[t] > threshold, now, rate);
  const byLimits = outcome(alarms(t => last.x[t] < low || last.x[t] > high, now, rate), last.places, rate);
  return { ...last, ...outcome(sounded, last.places, rate), now, sounded, limitDelays: byLimits.delays };
}

function make(ui) {
  let timer = 0, begun = 0, from = 0, saved = 0;
  const end = () => ui.state.patient.seconds;

  function stop() {
    clearInterval(timer);
    timer = 0;
    put(play, { text: "Run", "aria-pressed": "false" });
  }

  function tick() {
    const time = Math.min(end(), from + (performance.now() - begun) / 1000);
    // The picture follows the clock; Python is told once a second, and at the end.
    if (time === end() || time - saved >= 1 || !play.isConnected) {
      saved = time;
      ui.change({ time });
    } else ui.draw({ time });
    if (time === end() || !play.isConnected) stop();
  }

  function run() {
    if (timer) {
      stop();
      ui.change({ time: ui.state.time });
      return;
    }
    from = saved = ui.state.time >= end() ? VIEW : ui.state.time;
    begun = performance.now();
    put(play, { text: "Stop", "aria-pressed": "true" });
    timer = setInterval(tick, FRAME);
  }

  function disturb(kind) {
    const { time, events } = ui.state;
    if (time > end() - MARGIN) return;
    const patch = { events: [...events, [kind, Number(time.toFixed(2))]] };
    ui.change(timer ? patch : { ...patch, time: time + AFTER });
  }

  const play = button("Run", run, { "aria-pressed": "false" });
  const buttons = Object.entries(EVENTS).map(([kind, { label }]) => button(label, () => disturb(kind)));
  const clear = button("Start again", () => {
    stop();
    ui.change({ events: [], time: VIEW });
  });
  const threshold = slider({
    label: "alarm threshold", min: THRESHOLD[0], max: THRESHOLD[1], step: 0.002, shown: value => number(value, 3),
    spoken: value => number(value, 3), onmove: value => ui.change({ threshold: value }),
  });
  const pulse = pulsePart(), errors = errorPart();
  const figure = (...parts) => html("figure", { class: "panel" }, ...parts);
  return {
    elements: [
      html("div", { class: "bar" }, play, clear, threshold.element),
      html("div", { class: "bar", role: "group", "aria-label": "disturb the patient" }, ...buttons),
      figure(pulse.element),
      figure(errors.element),
    ],
    resize(width) {
      pulse.resize(width, 190);
      errors.resize(width, 170);
    },
    update(state) {
      const seen = monitored(state);
      const x = { low: state.time - VIEW, high: state.time, label: "time, in seconds" };
      threshold.show(state.threshold);
      const late = state.time > end() - MARGIN;
      for (const each of buttons) put(each, { "aria-disabled": late && "true" });
      pulse.update(state, seen, x);
      errors.update(state, seen, x);
      return inWords(state, seen);
    },
    end: stop,
  };
}

// The part of a trace that the screen shows, as the data of a path.
function trace(axes, values, { rate }, x) {
  const first = Math.max(0, Math.ceil(x.low * rate)), last = Math.min(values.length, Math.floor(x.high * rate) + 1);
  const times = Array.from({ length: Math.max(0, last - first) }, (_, k) => (first + k) / rate);
  return axes.line(times, values.slice(first, last));
}

// Rectangles over some times, from beginning to end, as one path.
function areas(axes, pairs, x, low, high) {
  return pairs.filter(([start, end]) => end > x.low && start < x.high)
    .map(([start, end]) => `M${axes.x(start)} ${axes.y(high)}H${axes.x(end)}V${axes.y(low)}H${axes.x(start)}Z`)
    .join("") || "M0 0";
}

function pulsePart() {
  const axes = chart({ name: "pulse" });
  const shade = axes.inside("path", { class: "disturbed" });
  const lines = axes.inside("path", { class: "here" });
  const line = axes.inside("path", { class: "curve neutral" });
  const names = axes.inside("g", {});
  const limits = axes.inside("text", { class: "tick note", text: "fixed limits" });
  return {
    element: axes.element,
    resize: (width, height) => axes.resize(width, height),
    update({ patient, events, time }, seen, x) {
      const { low, high } = { low: patient.limits[0] - ROOM, high: patient.limits[1] + ROOM };
      axes.frame({ x, y: { low, high, label: "pulse, in standard deviations" } });
      put(line, { d: trace(axes, seen.x, patient, x) });
      put(lines, { d: patient.limits.map(each => `M0 ${axes.y(each)}H10000`).join("") });
      put(limits, { x: axes.x(x.low) + 6, y: axes.y(patient.limits[1]) - 4 });
      const stays = seen.places.map(({ start, end }) => [start / patient.rate, Math.min(end / patient.rate, time)]);
      put(shade, { d: areas(axes, stays, x, low, high) });
      names.replaceChildren(...stays.flatMap(([start, end], k) => end <= x.low || start >= x.high ? [] : svg("text", {
        x: axes.x(Math.max(start, x.low)) + 3, y: axes.y(low) - 5, class: "note", text: EVENTS[events[k][0]].label,
      })));
      put(axes.element, { "aria-label": `The pulse over the last ${VIEW} seconds, with fixed limits.` });
    },
  };
}

function errorPart() {
  const axes = chart({ name: "errors" });
  const marks = axes.inside("path", { class: "alarmed" });
  const bells = axes.inside("g", {});
  const level = axes.inside("path", { class: "tangent" });
  const line = axes.inside("path", { class: "curve neutral" });
  const name = axes.inside("text", { class: "tick note", text: "threshold" });
  return {
    element: axes.element,
    resize: (width, height) => axes.resize(width, height),
    update({ patient, threshold }, { score, sounded, highest }, x) {
      const times = sounded.map(t => t / patient.rate).filter(time => time >= x.low);
      const high = Math.max(highest, threshold) * 1.1 + 0.05;
      axes.frame({ x, y: { low: 0, high, label: "mean error of the LSTM's predictions" } });
      put(line, { d: trace(axes, score, patient, x) });
      put(level, { d: `M0 ${axes.y(threshold)}H10000` });
      put(name, { x: axes.x(x.low) + 6, y: axes.y(threshold) - 4 });
      put(marks, { d: times.map(time => `M${axes.x(time).toFixed(1)} ${axes.y(0)}V${axes.y(high)}`).join("") || "M0 0" });
      bells.replaceChildren(...times.map(time => svg("text", {
        x: axes.x(time) + 3, y: axes.y(high) + 12, class: "note", text: "alarm",
      })));
      put(axes.element, { "aria-label": `The mean prediction error over the last ${VIEW} seconds; the alarm sounds ` +
        `above ${number(threshold, 3)}.` });
    },
  };
}

const after = delay => (delay === null ? "is silent so far" : `sounds after ${number(delay)}\u00a0s`);

// The last event, and what both alarms made of it. Nothing in the sentence runs with the clock, since it is spoken when it
// changes.
function inWords({ patient: { rate, seconds }, events, time }, { places, delays, limitDelays, falseAlarms, now }) {
  const ends = time > seconds - MARGIN ? " The recording is about to end: start again." : "";
  const counted = `${falseAlarms || "No"} false ${falseAlarms === 1 ? "alarm" : "alarms"} of the LSTM so far.${ends}`;
  const k = places.findLastIndex(({ start }) => start <= now);
  if (k < 0) return `${counted} Run the clock, or disturb the patient.`;
  const { label } = EVENTS[events[k][0]];
  const name = label[0].toUpperCase() + label.slice(1);
  return `${name} at ${number(places[k].start / rate, 1)}\u00a0s: the LSTM\u2019s alarm ${after(delays[k])}, ` +
    `that of the fixed limits ${after(limitDelays[k])}. ${counted}`;
}

const render = place => piece(place, { name: "patient-monitor", label: "Patient monitor", read, make });

export default { render };
