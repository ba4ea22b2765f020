// What the patient monitor computes. The Python class computes the same in NumPy, and a test compares the two.
import { sigmoid } from "./equations.js";

// The events of lstm_course.tasks.vital_signs, as functions of the samples from the onset on (a typed array), of standard
// normal numbers, and of the number of samples in a second. Each returns the samples that replace the first few.
const lowest = (x, first, last) => {
  let where = first;
  for (let k = first; k < Math.min(last, x.length); k++) if (x[k] < x[where]) where = k;
  return where;
};
const beat = (x, rate) => lowest(x, Math.round(0.4 * rate), Math.round(1.1 * rate));
const made = (count, value) => Float64Array.from({ length: count }, (_, k) => value(k));

export const EVENTS = {
  burst: {
    label: "noise burst",
    samples: (x, noise, rate) => made(Math.round(0.15 * rate), k => x[k] + 0.5 * noise[k]),
  },
  frozen: { label: "frozen sensor", samples: (x, noise, rate) => made(Math.round(0.5 * rate), () => x[0]) },
  missed: {
    label: "missed beat",
    fromTrough: true,
    samples(x, noise, rate) {
      const n = beat(x, rate);
      return made(n, k => x[0] + ((x[n] - x[0]) * k) / n + 0.03 * noise[k]);
    },
  },
  reversed: {
    label: "reversed beat", fromTrough: true, samples: (x, noise, rate) => x.slice(0, beat(x, rate)).reverse(),
  },
  weak: {
    label: "weak pulse",
    samples(x, noise, rate) {
      const n = Math.round(2 * rate);
      return made(n, k => x[k] * (1 - 0.6 * (0.5 - 0.5 * Math.cos((2 * Math.PI * k) / n))));
    },
  },
  early: {
    label: "early beat",
    fromTrough: true,
    samples(x, noise, rate) {
      const first = beat(x, rate), n = first + beat(x.subarray(first), rate);
      return made(n, k => {
        const u = k / n, at = Math.min(n, Math.max(0, n * (u + 0.12 * Math.sin(2 * Math.PI * u))));
        const low = Math.min(n - 1, Math.floor(at));
        return x[low] + (at - low) * (x[low + 1] - x[low]);
      });
    },
  },
};

// The recording with the reader's events in it, in the order in which they were set off, and where each of them is.
export function disturbed({ recording, noise, rate }, events) {
  const x = Float64Array.from(recording);
  const places = events.map(([kind, time]) => {
    let start = Math.round(time * rate);
    if (EVENTS[kind].fromTrough) start += lowest(x.subarray(start), 0, Math.round(0.8 * rate));
    const samples = EVENTS[kind].samples(x.subarray(start), noise, rate);
    x.set(samples, start);
    return { kind, start, end: start + samples.length };
  });
  return { x, places };
}

// How far an LSTM's prediction of each sample from those before is from the sample; it predicts the change. A row of `weights` belongs to one
// unit of one gate, in the order i, f, g, o, and has the weight of the input, those of the hidden state, and the bias.
// `readout` has a weight for each unit and the bias.
export function predictionErrors({ weights, readout }, x) {
  const H = readout.length - 1, width = H + 2;
  const W = Float64Array.from(weights.flat());
  const h = new Float64Array(H), c = new Float64Array(H), z = new Float64Array(4 * H);
  const errors = new Float64Array(x.length);
  for (let t = 0; t + 1 < x.length; t++) {
    for (let row = 0, k = 0; row < 4 * H; row++, k += width) {
      let sum = W[k] * x[t] + W[k + width - 1];
      for (let unit = 0; unit < H; unit++) sum += W[k + 1 + unit] * h[unit];
      z[row] = sum;
    }
    let prediction = x[t] + readout[H];
    for (let unit = 0; unit < H; unit++) {
      c[unit] = sigmoid(z[H + unit]) * c[unit] + sigmoid(z[unit]) * Math.tanh(z[2 * H + unit]);
      h[unit] = sigmoid(z[3 * H + unit]) * Math.tanh(c[unit]);
      prediction += readout[unit] * h[unit];
    }
    errors[t + 1] = Math.abs(x[t + 1] - prediction);
  }
  return errors;
}

// The mean of the last `window` values; those before the first one count as zeros.
export function trailingMean(values, window) {
  const result = new Float64Array(values.length);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    sum += values[t] - (t >= window ? values[t - window] : 0);
    result[t] = sum / window;
  }
  return result;
}

// The samples at which an alarm sounds, up to the sample `now`, if `above(t)` is true when it should: it then stays quiet
// for two seconds. Nothing counts in the first second.
export function alarms(above, now, rate) {
  const sounded = [];
  for (let t = rate; t <= now; t++) {
    if (above(t) && !(t < sounded[sounded.length - 1] + 2 * rate)) sounded.push(t);
  }
  return sounded;
}

// For each event the seconds until its first alarm (null: none so far), and how many alarms belong to no event. Up to a
// second after an event an alarm belongs to it.
export function outcome(sounded, places, rate) {
  const belongs = (t, { start, end }) => t >= start && t < end + rate;
  const delays = places.map(place => {
    const first = sounded.find(t => belongs(t, place));
    return first === undefined ? null : (first - place.start) / rate;
  });
  return { delays, falseAlarms: sounded.filter(t => !places.some(place => belongs(t, place))).length };
}
