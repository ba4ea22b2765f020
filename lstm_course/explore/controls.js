// Mends the controls beside it. ipywidgets gives the handle of a slider no name that a screen reader could say, and
// JupyterLab takes the arrow keys from a list while one chooses in it; an attribute on the element itself stops that.
const KEEPS_ITS_KEYS = "data-lm-suppress-shortcuts";

function mend(box) {
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
    watcher = new MutationObserver(() => mend(box)); // the controls may be drawn after this
    watcher.observe(box, { childList: true, subtree: true });
    mend(box);
  }
  begin();
  return () => { gone = true; watcher?.disconnect(); };
}

export default { render };
