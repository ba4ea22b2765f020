// On a page without a kernel: what stands in for the model that Jupyter would bring, and the start of each piece.
export function standIn(state) {
  const values = structuredClone(state);
  const listeners = new Map();
  return {
    get: name => values[name],
    set(name, value) {
      values[name] = value;
      for (const event of [`change:${name}`, "change"]) for (const hear of listeners.get(event) ?? []) hear();
    },
    save_changes() {},
    on(event, hear) { listeners.set(event, [...(listeners.get(event) ?? []), hear]); },
    off(event, hear) { listeners.set(event, (listeners.get(event) ?? []).filter(each => each !== hear)); },
  };
}

// Put the piece into every place on the page that waits for it, in the stead of its picture.
export function start(widget, name, state) {
  for (const place of document.querySelectorAll(`[data-lstm-live="${name}"]:not([data-started])`)) {
    place.dataset.started = "";
    place.replaceChildren();
    widget.render({ model: standIn(state), el: place });
  }
}
