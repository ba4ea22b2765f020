// The live LSTM cell: panels that show one state, and the controls that change it. Everything is computed and drawn in
// the page. With a kernel the state is in sync with Python; without one everything else works the same.
import { asCode } from "./code.js";
import { cellPanel } from "./cell_panel.js";
import { equationsPanel } from "./equations_panel.js";
import { gradientPanel } from "./gradient_panel.js";
import { announcer, button, checkbox, choice, html, inkRules, keepsItsKeys, number, put, radios } from "./kit.js";
import { compute, gatePath, NAMES, presetOf, PRESETS, presetState, readState, same } from "./state.js";
import { tablePanel } from "./table_panel.js";
import { timelinePanel } from "./timeline_panel.js";

const UNDO = 200; // number of changes that can be undone
const PAUSE = 1000; // ms; changes by one control with shorter pauses between them are undone together

function render({ model, el }) {
  const root = html("div", { class: "lstm-live live-cell", role: "group", "aria-label": "Live LSTM cell" });
  root.append(html("style", { text: inkRules() }));
  const voice = announcer();
  const past = [];
  let lastControl = "";
  let lastMoved = 0;
  let writing = false;
  let pinned = "";
  let isQueued = false;
  let closed = false;
  const first = readState(model);

  const ui = {
    state: first,
    // Apply a change that the user made: remember the old state, send the new one to Python, and redraw.
    change(patch, control, { sends = false } = {}) {
      const before = ui.state;
      const changed = Object.keys(patch).filter(name => !same(patch[name], before[name]));
      if (changed.length) {
        const now = performance.now();
        if (control !== lastControl || control === "" || now - lastMoved > PAUSE) {
          past.push(before);
          if (past.length > UNDO) past.shift();
        }
        [lastControl, lastMoved] = [control, now];
        ui.state = { ...before, ...patch };
        write(changed);
        ui.redraw();
      }
      if (sends) panels.cell.send();
    },
    settle: () => { lastControl = ""; },
    setGate(gate, value) {
      const { [gate]: _, ...drawn } = ui.state.drawn;
      ui.change({ [gate]: value, drawn }, gate);
    },
    // Set the input or a gate at some steps to `values`, by step, and move the cursor to `step`.
    draw(row, values, step = ui.state.step) {
      const { state } = ui;
      const path = [...(row === "x" ? state.x : gatePath(state, row))];
      for (const [t, value] of Object.entries(values)) path[t - 1] = value;
      ui.change({ ...(row === "x" ? { x: path } : { drawn: { ...state.drawn, [row]: path } }), step }, `draw ${row}`);
    },
    pin(symbol) {
      pinned = pinned === symbol ? "" : symbol;
      light(pinned);
      panels.equations.pinned(pinned);
    },
    redraw,
  };

  const panels = {
    cell: cellPanel(), equations: equationsPanel(ui), timeline: timelinePanel(ui), gradient: gradientPanel(ui), table: tablePanel(),
  };

  // The bar above the panels.
  const title = html("h3", {});
  const rest = html("p", { text: "The contribution of the layer\u2019s other features and units to the gates stays as it was in the layer\u2019s own run." });
  const preset = choice("preset", [["", "your own setting"], ...PRESETS.map(each => [each.name, each.title])], name => ask(name));
  const mode = radios("source of the gates", [["hand", "hand on the gates"], ["weights", "weights"]], to => ui.change({ mode: to }, ""));
  const stepButton = button("step", () => stepOn(), { "aria-keyshortcuts": "Space" });
  const undoButton = button("undo", undo, { "aria-keyshortcuts": "Control+Z" });
  const plain = checkbox("plain unit beside it", on => ui.change({ plain: on }, ""));
  const table = checkbox("table", on => {
    panels.table.element.hidden = !on;
    redraw();
  });
  const projector = checkbox("projector", on => ui.change({ projector: on }, "projector"));
  const code = html("textarea", { class: "code", readonly: true, rows: 12, "aria-label": "The current state as code", hidden: true, spellcheck: "false", ...keepsItsKeys });
  const copies = ["numpy", "torch"].map(library =>
    button(`copy as ${library === "torch" ? "PyTorch" : "NumPy"}`, () => copy(library)));
  const question = html("section", { class: "question", hidden: true, "aria-label": "Guess first" });
  const sentence = html("p", { class: "sentence" });

  root.append(
    title, rest,
    html("div", { class: "bar" }, preset.element, mode.element, stepButton, undoButton),
    question, sentence,
    html("div", { class: "stage" },
      html("div", { class: "top" }, panels.cell.element, panels.equations.element),
      html("div", {}, panels.timeline.element, panels.gradient.element),
    ),
    html("div", { class: "bar" }, plain.element, table.element, projector.element, ...copies),
    code, panels.table.element, voice.element,
  );
  el.append(root);

  function draw() {
    const run = compute(ui.state);
    for (const panel of Object.values(panels)) panel.update(run, ui.state);
    return run;
  }

  function redraw() {
    const { state } = ui;
    const run = draw();
    const name = presetOf(state);
    put(title, { text: state.title, hidden: !state.title });
    put(rest, { hidden: state.mode === "hand" || !state.rest.length });
    if (preset.select.value !== name && question.hidden) preset.select.value = name;
    mode.show(state.mode);
    put(undoButton, { "aria-disabled": past.length ? null : "true" });
    plain.input.checked = state.plain;
    projector.input.checked = state.projector;
    put(root, { class: `lstm-live live-cell${state.projector ? " projector" : ""}` });
    const shown = PRESETS.find(each => each.name === name);
    put(sentence, { text: shown && question.hidden ? shown.sentence : "" });
    code.hidden = true; // it shows a previous state
    const T = run.T, t = state.step;
    voice.say((shown && question.hidden ? `${shown.title}. ` : "") +
      (t === T ? "" : `At step ${t}: cell state ${number(run.c[t])}, hidden state ${number(run.h[t])}. `) +
      `After ${T} steps: cell state ${number(run.c[T])}, hidden state ${number(run.h[T])}.`);
  }

  // Changes go to the model and to Python at once. Otherwise the echo of an older value could overwrite a newer one that
  // has not been sent yet.
  function write(names) {
    writing = true;
    for (const name of names) model.set(name, ui.state[name]);
    writing = false;
    model.save_changes();
  }

  // Another view sets one attribute after the other; the state is read when all have been set.
  function onModelChange() {
    if (writing || isQueued) return;
    isQueued = true;
    queueMicrotask(() => {
      isQueued = false;
      if (!closed) changedOutside();
    });
  }

  function changedOutside() {
    let dropped = false;
    const now = readState(model, ui.state);
    // A slider that is linked to a gate sets it at every step.
    for (const gate of ["f", "i", "o"]) {
      if (now[gate] !== ui.state[gate] && now.drawn[gate] && same(now.drawn, ui.state.drawn)) {
        const { [gate]: _, ...drawn } = now.drawn;
        now.drawn = drawn;
        dropped = true;
      }
    }
    if (same(now, ui.state)) return;
    past.push(ui.state);
    if (past.length > UNDO) past.shift();
    lastControl = "";
    ui.state = now;
    hideQuestion();
    if (dropped) write(["drawn"]);
    redraw();
  }

  function undo() {
    const before = past.pop();
    if (!before) return;
    const changed = NAMES.filter(name => !same(before[name], ui.state[name]));
    lastControl = "";
    ui.state = before;
    hideQuestion();
    write(changed);
    redraw();
  }

  function stepOn() {
    const T = ui.state.x.length;
    ui.change({ step: ui.state.step >= T ? 1 : ui.state.step + 1 }, "step", { sends: true });
  }

  // A preset begins with a question and is applied after a guess.
  function ask(name) {
    const chosen = PRESETS.find(each => each.name === name);
    if (!chosen) return hideQuestion(), redraw();
    const apply = guess => {
      hideQuestion();
      ui.change({ ...presetState(chosen), title: "", projector: ui.state.projector }, "");
      preset.select.value = chosen.name;
      const verdict = guess === undefined ? "" : guess === chosen.right ? "You guessed right. " : `You guessed: ${chosen.answers[guess]}. `;
      put(sentence, { text: verdict + chosen.sentence });
      voice.say(verdict + chosen.sentence);
      preset.select.focus({ preventScroll: true });
    };
    question.replaceChildren(
      html("p", { text: chosen.question }),
      html("div", { class: "bar" },
        ...chosen.answers.map((text, k) => button(text, () => apply(k))),
        button("just show it", () => apply())),
    );
    question.hidden = false;
    put(sentence, { text: "" });
    voice.say(`${chosen.question} ${chosen.answers.join("; ")}.`);
  }

  function hideQuestion() {
    question.hidden = true;
  }

  async function copy(library) {
    const text = asCode(ui.state, library);
    code.value = text;
    code.hidden = false;
    try {
      await navigator.clipboard.writeText(text);
      voice.say("The code is on the clipboard.");
    } catch { // the page may not use the clipboard, so the reader has to copy the text
      code.focus();
      code.select();
      voice.say("The code is selected; copy it with Control C.");
    }
  }

  // Highlight everything that belongs to a symbol.
  const light = symbol => put(root, { "data-lit": symbol || null });
  const symbolAt = node => node.closest?.("[data-symbol]")?.dataset.symbol.split(" ")[0];
  root.addEventListener("pointerover", event => light(symbolAt(event.target) || pinned));
  root.addEventListener("pointerleave", () => light(pinned));
  root.addEventListener("focusin", event => light(symbolAt(event.target) || pinned));
  root.addEventListener("focusout", () => light(pinned));
  root.addEventListener("keydown", event => {
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault();
      undo();
    } else if (event.key === " " && event.target.matches("input[type=range]")) {
      event.preventDefault();
      stepOn();
    }
  });

  // Lengths in the timeline are in pixels, so that text keeps its size on a narrow page and grows on a projector.
  const resized = new ResizeObserver(() => {
    const style = getComputedStyle(panels.timeline.element);
    const scale = Number(style.getPropertyValue("--scale")) || 1;
    const width = Math.floor(panels.timeline.element.clientWidth - 2);
    if (width < 50) return;
    panels.gradient.resize(width, scale);
    if (panels.timeline.resize(width, scale)) draw();
  });
  resized.observe(root);
  model.on("change", onModelChange);
  redraw();
  return () => {
    resized.disconnect();
    model.off("change", onModelChange);
    closed = true;
    voice.stop();
  };
}

export default { render };
