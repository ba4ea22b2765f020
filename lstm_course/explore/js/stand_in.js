// For pages without a kernel: a substitute for Jupyter's model, and the start of each widget.
export function standIn(state) {
  const values = structuredClone(state);
  const listeners = new Map();
  return {
    get: name => values[name],
    set(name, value) {
      values[name] = value;
      for (const event of [`change:${name}`, "change"]) for (const callback of listeners.get(event) ?? []) callback();
    },
    save_changes() {},
    on(event, callback) { listeners.set(event, [...(listeners.get(event) ?? []), callback]); },
    off(event, callback) { listeners.set(event, (listeners.get(event) ?? []).filter(each => each !== callback)); },
  };
}

// Render the widget in each of its elements on the page, in place of the picture.
export function start(widget, name, state) {
  for (const place of document.querySelectorAll(`[data-lstm-live="${name}"]:not([data-started])`)) {
    place.dataset.started = "";
    place.replaceChildren();
    widget.render({ model: standIn(state), el: place });
  }
}
