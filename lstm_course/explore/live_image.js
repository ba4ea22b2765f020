// A picture whose bytes come from Python. It has alternative text, which ipywidgets' own Image lacks.
function render({ model, el }) {
  const image = document.createElement("img");
  image.style.maxWidth = "100%";
  let shown = null;
  let newest = 0;

  async function draw() {
    const mine = ++newest;
    const url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    const next = new Image();
    next.src = url;
    await next.decode().catch(() => {}); // the old picture stays until the new one has been decoded
    if (mine !== newest) return URL.revokeObjectURL(url);
    image.src = url;
    if (!image.parentNode) el.append(image); // not before, because an empty image would be laid out as its text
    if (shown) URL.revokeObjectURL(shown);
    shown = url;
  }
  const name = () => { image.alt = model.get("alt"); };
  const size = () => { image.width = model.get("width"); };

  model.on("change:png", draw);
  model.on("change:alt", name);
  model.on("change:width", size);
  name();
  size();
  draw();
  return () => { newest += 1; if (shown) URL.revokeObjectURL(shown); };
}

export default { render };
