// What the small widgets share: a state in sync with Python, a sentence that is also spoken, and drawings as wide as the
// page.
import { announcer, html, inkRules, put } from "./kit.js";

const LEAST = 50; // minimum width in pixels; a narrower widget is not drawn

export const numberBetween = (low, high) => value => typeof value === "number" && value >= low && value <= high;
export const wholeBetween = (low, high) => value => Number.isInteger(value) && value >= low && value <= high;
export const oneOf = options => value => options.includes(value);
export const flag = value => typeof value === "boolean";

// The state of the model. Invalid attributes keep their value from `before`.
export function readParts(model, valid, before) {
  const state = { ...before };
  for (const [name, check] of Object.entries(valid)) {
    const value = model.get(name);
    if (check(value)) state[name] = value;
  }
  return state;
}

// `read(model, before)` returns the state. `make(ui)` returns the elements, `resize(width)`, and `update(state)`, which
// draws the state and returns the sentence about it. Controls call `ui.change(patch)`; a running clock calls
// `ui.draw(patch)`, which leaves the model alone and speaks only if the sentence has changed. `end()`, if there is one,
// is called when the view is removed.
export function piece({ model, el }, { name, label, read, make }) {
  const root = html("div", { class: `lstm-live small-piece ${name}`, role: "group", "aria-label": label });
  const sentence = html("p", { class: "sentence" });
  const voice = announcer();
  let writing = false, saving = 0, width = 0;

  const ui = {
    state: read(model),
    change(patch) {
      ui.state = { ...ui.state, ...patch };
      writing = true;
      for (const part of Object.keys(patch)) model.set(part, patch[part]);
      writing = false;
      if (!saving) saving = setTimeout(() => { saving = 0; model.save_changes(); }, 20);
      voice.say(redraw());
    },
    draw(patch) {
      ui.state = { ...ui.state, ...patch };
      const before = sentence.textContent, text = redraw();
      if (text !== before) voice.say(text);
    },
  };
  const { elements, resize, update, end } = make(ui);
  root.append(html("style", { text: inkRules() }), ...elements, sentence, voice.element);
  el.append(root);

  function redraw() {
    if (!width) return "";
    const text = update(ui.state);
    put(sentence, { text });
    return text;
  }

  function changedOutside() {
    if (writing) return;
    const now = read(model, ui.state);
    if (Object.keys(now).every(part => now[part] === ui.state[part])) return;
    ui.state = now;
    voice.say(redraw());
  }

  function fit() {
    const now = Math.floor(root.clientWidth - 2);
    if (now < LEAST || now === width) return;
    width = now;
    resize(width);
    redraw();
  }

  fit();
  const resized = new ResizeObserver(fit);
  resized.observe(root);
  model.on("change", changedOutside);
  return () => {
    resized.disconnect();
    model.off("change", changedOutside);
    end?.();
    voice.stop();
    if (saving) {
      clearTimeout(saving);
      model.save_changes();
    }
  };
}
