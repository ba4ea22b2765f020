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

// How far an LSTM's prediction of each sample from those before is from the sample. A row of `weights` belongs to one
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
    let prediction = readout[H];
    for (let unit = 0; unit < H; unit++) {
      c[unit] = sigmoid(z[H + unit]) * c[unit] + sigmoid(z[unit]) * Math.tanh(z[2 * H + unit]);
      h[unit] = sigmoid(z[3 * H + unit]) * Math.tanh(c[unit]);
      prediction += readout[unit] * h[unit];
    }
    errors[t + 1] = Math.abs(x[t + 1] - prediction);
  }
  return errors;
}

// The mean of the last `window` values, or of those there are.
export function trailingMean(values, window) {
  const result = new Float64Array(values.length);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    sum += values[t] - (t >= window ? values[t - window] : 0);
    result[t] = sum / Math.min(window, t + 1);
  }
  return result;
}

// Stretches of samples for which `sounds` is true, from the first sample to the one after the last. An alarm that is
// silent for less than a second and sounds again is one alarm.
function stretches(sounds, from, to, rate) {
  const found = [];
  for (let t = from; t < to; t++) {
    if (!sounds(t)) continue;
    if (found.length && t - found[found.length - 1][1] < rate) found[found.length - 1][1] = t + 1;
    else found.push([t, t + 1]);
  }
  return found;
}

// What a nurse would write down of one alarm up to the sample `now`: for each event the seconds until it first sounds
// (null: not yet, or not at all), and how many alarms touch no event. Nothing counts in the first second, and an alarm
// within a second after an event belongs to the event.
export function judged(sounds, places, now, rate) {
  const alarms = stretches(sounds, rate, now + 1, rate);
  const touches = ([first, last], { start, end }) => last > start && first < end + rate;
  const delays = places.map(place => {
    const hit = alarms.find(alarm => touches(alarm, place));
    return hit ? Math.max(0, hit[0] - place.start) / rate : null;
  });
  return { alarms, delays, falseAlarms: alarms.filter(alarm => !places.some(place => touches(alarm, place))).length };
}
