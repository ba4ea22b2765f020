// The state of the live cell, in sync with Python under the same names, and the values computed from it.
import { directPath, fullPath, plainPath, runHand, runPlain, runWeights } from "./equations.js";
import CELL from "./live_cell.json" with { type: "json" };

export const PRESETS = CELL.presets;
export const DEFAULTS = CELL.defaults;
export const LONGEST = CELL.longest;
export const HAND = ["f", "i", "o"]; // the gates that can be set by hand
export const GATES = ["i", "f", "g", "o"]; // the order of w, u and b
const UNSET = ["step", "loss_step", "title", "projector"]; // not compared when a preset is recognised

const finite = value => typeof value === "number" && Math.abs(value) <= CELL.largest; // not NaN, which is never less
const share = value => finite(value) && value >= 0 && value <= 1;
const four = value => Array.isArray(value) && value.length === 4 && value.every(finite);
const flag = value => typeof value === "boolean";

// Whether each attribute is valid, as in Python; T is the number of steps of the same state.
const VALID = {
  mode: value => value === "hand" || value === "weights",
  x: value => Array.isArray(value) && value.length >= 1 && value.length <= LONGEST && value.every(finite),
  f: share,
  i: share,
  o: share,
  drawn: (value, T) =>
    value !== null && typeof value === "object" && !Array.isArray(value) && Object.entries(value).every(
      ([gate, path]) => HAND.includes(gate) && Array.isArray(path) && path.length === T && path.every(share)),
  c0: finite,
  h0: finite,
  w: four,
  u: four,
  b: four,
  rest: (value, T) => Array.isArray(value) && (value.length === 0 || (value.length === T && value.every(four))),
  plain: flag,
  plain_u: finite,
  step: (value, T) => Number.isInteger(value) && value >= 0 && value <= T,
  loss_step: (value, T) => Number.isInteger(value) && value >= 1 && value <= T,
  title: value => typeof value === "string",
  projector: flag,
};
export const NAMES = Object.keys(VALID);

// The state of the model. Invalid attributes keep their value from `before`.
export function readState(model, before = DEFAULTS) {
  const state = { ...before };
  const x = model.get("x");
  if (VALID.x(x)) state.x = x;
  const T = state.x.length;
  for (const name of NAMES) {
    const value = model.get(name);
    if (VALID[name](value, T)) state[name] = value;
    else if (!VALID[name](state[name], T)) state[name] = name === "step" || name === "loss_step" ? T : DEFAULTS[name];
  }
  return state;
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// The name of the preset that equals this state, or an empty string.
export function presetOf(state) {
  const kept = NAMES.filter(name => !UNSET.includes(name));
  return PRESETS.find(preset => kept.every(name => same(state[name], presetState(preset)[name])))?.name ?? "";
}

export const presetState = preset => ({ ...DEFAULTS, ...preset.state });

// The gate at each step: the drawn values, or the slider's value throughout.
export const gatePath = (state, gate) => state.drawn[gate] ?? state.x.map(() => state[gate]);

// All numbers that the panels show.
export function compute(state) {
  const hand = state.mode === "hand";
  const gates = Object.fromEntries(HAND.map(gate => [gate, gatePath(state, gate)]));
  const run = hand ? runHand({ ...state, ...gates }) : runWeights(state);
  const plainH = runPlain({ x: state.x, u: state.plain_u });
  return {
    ...run,
    plainH,
    direct: directPath(run, state.loss_step),
    full: hand ? null : fullPath(run, state.u, state.loss_step),
    plainPath: plainPath(plainH, state.plain_u, state.loss_step),
  };
}
