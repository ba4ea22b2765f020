// The numbers of the small pieces. NumPy has the same ones on the Python side, and a test holds the two equal.
import { sigmoid } from "./equations.js";

// A sigmoid or tanh at z: its value, its slope, and how many times smaller that slope is than at 0. The slopes are
// written with cosh: s (1 - s) and 1 - tanh^2 lose their digits where the curve is flat.
export function squash(name, z) {
  const spread = name === "tanh" ? Math.cosh(z) ** 2 : Math.cosh(z / 2) ** 2;
  const most = name === "tanh" ? 1 : 0.25;
  return { value: name === "tanh" ? Math.tanh(z) : sigmoid(z), slope: most / spread, times: spread };
}

// What a forget gate that sees nothing but its bias leaves of c: sigmoid(bias)^t, written with the logarithm of the
// gate, which keeps its digits where the gate is nearly 1.
export function memory(bias, lag) {
  const decay = -Math.log1p(Math.exp(-bias)); // log of the gate
  const left = t => Math.exp(t * decay);
  return {
    gate: sigmoid(bias),
    left,
    atLag: left(lag),
    halfLife: -Math.LN2 / decay,
    keepsHalf: -Math.log(Math.expm1(Math.LN2 / lag)), // the bias at which half is left at the lag
    chronoMost: lag >= 2 ? Math.log(lag - 1) : NaN, // the largest bias that `chrono` draws for lags up to this one
    chronoLeft: lag >= 2 ? (1 - 1 / lag) ** lag : NaN, // and what that one leaves
  };
}

// A network h' = tanh(radius W h + scale x) from h = 0, and the gradient of the last state, in one direction, by the
// inputs. W is a Float64Array with its rows one after the other, the inputs are (T, H). `norms` has one entry for
// each lag; `meanSlope` is that of the tanh, over all units and steps.
export function gradientRun({ W, inputs, direction, radius, scale }) {
  const H = direction.length, T = inputs.length;
  const states = [new Float64Array(H)];
  let slopes = 0;
  for (let t = 0; t < T; t++) {
    const before = states[t], after = new Float64Array(H);
    for (let row = 0; row < H; row++) {
      let sum = 0;
      for (let column = 0; column < H; column++) sum += W[row * H + column] * before[column];
      after[row] = Math.tanh(radius * sum + scale * inputs[t][row]);
      slopes += 1 - after[row] ** 2;
    }
    states.push(after);
  }
  const norms = new Float64Array(T);
  let gradient = Float64Array.from(direction);
  for (let lag = 0; lag < T; lag++) {
    const h = states[T - lag], before = new Float64Array(H);
    let squares = 0;
    for (let row = 0; row < H; row++) {
      const inside = gradient[row] * (1 - h[row] ** 2);
      squares += inside * inside;
      for (let column = 0; column < H; column++) before[column] += radius * W[row * H + column] * inside;
    }
    norms[lag] = Math.sqrt(squares);
    gradient = before;
  }
  return { states, norms, meanSlope: slopes / (T * H) };
}

const FIRST = 10; // the lag from which on the line is fitted
const LEAST = 1e-35; // of norms that count

// The factor by which the gradient shrinks or grows with each step of lag, from a line through the logarithms.
export function fitted(norms) {
  let n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (let lag = FIRST; lag < norms.length; lag++) {
    if (!(norms[lag] > LEAST)) continue;
    const height = Math.log(norms[lag]);
    n += 1;
    x += lag;
    y += height;
    xx += lag * lag;
    xy += lag * height;
  }
  const slope = (n * xy - x * y) / (n * xx - x * x);
  return { factor: Math.exp(slope), start: Math.exp((y - slope * x) / n) };
}
