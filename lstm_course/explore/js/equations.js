// The equations of one unit in the notation of lstm_course.scratch, which is the reference: a test compares the two.
// The order of the gates is i, f, g, o. Every array has one entry for each step from 0 to T. Entry 0 is the value before
// the first step, or NaN for quantities that exist only at a step.

export const sigmoid = z => 0.5 + 0.5 * Math.tanh(0.5 * z);

const blank = T => new Float64Array(T + 1).fill(NaN);

// Gates set by hand: f, i and o are (T,) arrays with values from 0 to 1; the candidate is tanh of the input.
export function runHand({ x, f, i, o, c0 }) {
  const T = x.length;
  const run = { T, x: blank(T), i: blank(T), f: blank(T), g: blank(T), o: blank(T), c: blank(T), h: blank(T) };
  run.c[0] = c0;
  for (let t = 1; t <= T; t++) {
    run.x[t] = x[t - 1];
    run.i[t] = i[t - 1];
    run.f[t] = f[t - 1];
    run.g[t] = Math.tanh(x[t - 1]);
    run.o[t] = o[t - 1];
    run.c[t] = run.f[t] * run.c[t - 1] + run.i[t] * run.g[t];
    run.h[t] = run.o[t] * Math.tanh(run.c[t]);
  }
  return run;
}

// Gates from weights: z = w x + u h + b + rest, with w, u and b of length 4. `rest`, (T, 4) or empty, is the contribution
// of the other features and units if the unit was taken from a layer.
export function runWeights({ x, w, u, b, rest, c0, h0 }) {
  const T = x.length;
  const run = { T, x: blank(T), i: blank(T), f: blank(T), g: blank(T), o: blank(T), c: blank(T), h: blank(T) };
  run.z = [blank(T), blank(T), blank(T), blank(T)];
  run.c[0] = c0;
  run.h[0] = h0;
  for (let t = 1; t <= T; t++) {
    const xt = x[t - 1];
    for (let k = 0; k < 4; k++) {
      run.z[k][t] = w[k] * xt + u[k] * run.h[t - 1] + b[k] + (rest.length ? rest[t - 1][k] : 0);
    }
    run.x[t] = xt;
    run.i[t] = sigmoid(run.z[0][t]);
    run.f[t] = sigmoid(run.z[1][t]);
    run.g[t] = Math.tanh(run.z[2][t]);
    run.o[t] = sigmoid(run.z[3][t]);
    run.c[t] = run.f[t] * run.c[t - 1] + run.i[t] * run.g[t];
    run.h[t] = run.o[t] * Math.tanh(run.c[t]);
  }
  return run;
}

// The plain recurrent unit on the same input: h' = tanh(x + u h), from h = 0.
export function runPlain({ x, u }) {
  const h = blank(x.length);
  h[0] = 0;
  for (let t = 1; t <= x.length; t++) h[t] = Math.tanh(x[t - 1] + u * h[t - 1]);
  return h;
}

// The derivative of c at the step `loss` with respect to c at each step before it along the direct path: the product of
// the forget gates.
export function directPath(run, loss) {
  const path = blank(run.T);
  path[loss] = 1;
  for (let t = loss; t > 0; t--) path[t - 1] = path[t] * run.f[t];
  return path;
}

// The same along all paths of this unit: c also changes h at the same step, h changes the next gates, and these change c.
// Before the first step both states are given, so h does not depend on c.
export function fullPath(run, u, loss) {
  const path = blank(run.T);
  let dc = 1; // derivatives of c at the loss step with respect to c and h at step t
  let dh = 0;
  for (let t = loss; t > 0; t--) {
    const { [t]: i } = run.i, { [t]: f } = run.f, { [t]: g } = run.g, { [t]: o } = run.o;
    const tanhC = Math.tanh(run.c[t]);
    const all = dc + dh * o * (1 - tanhC * tanhC);
    path[t] = all;
    const dz = [all * g * i * (1 - i), all * run.c[t - 1] * f * (1 - f), all * i * (1 - g * g), dh * tanhC * o * (1 - o)];
    dc = all * f;
    dh = dz.reduce((sum, each, k) => sum + each * u[k], 0);
  }
  path[0] = dc;
  return path;
}

// The derivative of the plain unit's h at the step `loss` with respect to its h at each step before it: the product of
// u (1 - h^2).
export function plainPath(h, u, loss) {
  const path = blank(h.length - 1);
  path[loss] = 1;
  for (let t = loss; t > 0; t--) path[t - 1] = path[t] * u * (1 - h[t] * h[t]);
  return path;
}
