// The numbers of the small widgets. The Python classes compute the same in NumPy, and a test compares the two.
import { sigmoid } from "./equations.js";

// A sigmoid or tanh at z: its value, its slope, and the slope at 0 divided by that slope. The slopes use cosh, because
// s (1 - s) and 1 - tanh^2 lose digits where the curve is flat.
export function squash(name, z) {
  const spread = name === "tanh" ? Math.cosh(z) ** 2 : Math.cosh(z / 2) ** 2;
  const most = name === "tanh" ? 1 : 0.25;
  return { value: name === "tanh" ? Math.tanh(z) : sigmoid(z), slope: most / spread, times: spread };
}

// The share of c that is left after t steps if the forget gate depends on its bias alone: sigmoid(bias)^t, computed from
// the logarithm of the gate, which loses no digits where the gate is nearly 1.
export function memory(bias, lag) {
  const decay = -Math.log1p(Math.exp(-bias)); // log of the gate
  const left = t => Math.exp(t * decay);
  return {
    gate: sigmoid(bias),
    left,
    atLag: left(lag),
    halfLife: -Math.LN2 / decay,
    keepsHalf: -Math.log(Math.expm1(Math.LN2 / lag)), // the bias with which half is left at the lag
    chronoMost: lag >= 2 ? Math.log(lag - 1) : NaN, // the largest bias that `chrono` draws if this is the longest lag
    chronoLeft: lag >= 2 ? (1 - 1 / lag) ** lag : NaN, // and the share that is left with it
  };
}

// A network h' = tanh(radius W h + scale x) from h = 0, and the gradient of the last state's component along `direction`
// with respect to the inputs. W is a Float64Array, row by row; the inputs are (T, H). `norms` has one entry for each lag;
// `meanSlope` is the mean slope of the tanh over all units and steps.
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

const FIRST = 10; // the first lag of the fitted line
const LEAST = 1e-35; // smaller norms are left out

// The factor by which the gradient changes per step of lag, from a line fitted to the logarithms.
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
