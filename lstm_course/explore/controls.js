// Repairs the other controls in its box. ipywidgets gives slider handles no name for screen readers, and JupyterLab takes
// the arrow keys from lists unless the list itself has an attribute that prevents it.
const KEEPS_ITS_KEYS = "data-lm-suppress-shortcuts";

function repair(box) {
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label")?.textContent.trim();
    const handle = slider.querySelector(".noUi-handle");
    const number = slider.querySelector(".widget-readout");
    if (!name || !handle) continue;
    handle.setAttribute("aria-label", name);
    handle.setAttribute(KEEPS_ITS_KEYS, "true");
    number?.setAttribute("aria-label", `${name}, as a number`);
  }
  for (const list of box.querySelectorAll("select")) list.setAttribute(KEEPS_ITS_KEYS, "true");
}

function render({ el }) {
  el.style.display = "none";
  let watcher = null;
  let gone = false;
  function begin() {
    const box = el.closest(".widget-vbox");
    if (gone) return;
    if (!box) return requestAnimationFrame(begin); // not yet on the page
    watcher = new MutationObserver(() => repair(box)); // controls may be drawn later
    watcher.observe(box, { childList: true, subtree: true });
    repair(box);
  }
  begin();
  return () => { gone = true; watcher?.disconnect(); };
}

export default { render };
