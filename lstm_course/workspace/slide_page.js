// Shows one slide at a time, as large as the window allows, and turns them by keys, buttons and the address (#7).
(() => {
  const slides = Array.from(document.querySelectorAll(".slide"));
  const smallest = 0.3; // of the normal size of text
  // A window this much smaller than 1280 by 720 is a phone or zoomed in: there a slide is read, and scrolled, at the
  // normal size of text or its own, whichever is larger.
  const small = 0.7;
  let shown = -1;

  // The zoom that the page states is an estimate; where a slide is too long for it, even with all answers open, it
  // becomes smaller.
  function fit(slide) {
    const content = slide.firstElementChild, root = document.documentElement;
    const share = Math.min(innerWidth / 1280, innerHeight / 720), isSmall = share < small;
    root.classList.toggle("small", isSmall);
    root.style.setProperty("--window", isSmall ? 1 : share);
    const closed = Array.from(slide.querySelectorAll("details:not([open])"));
    content.stated ??= Number(slide.style.getPropertyValue("--zoom"));
    const set = zoom => slide.style.setProperty("--zoom", zoom.toFixed(3));
    const over = () => slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
    if (isSmall) return set(Math.max(1, content.stated));
    closed.forEach(each => { each.open = true; });
    let zoom = content.stated;
    for (set(zoom); over() && zoom > smallest; set(zoom)) zoom *= 0.96;
    closed.forEach(each => { each.open = false; });
  }

  function show(wanted) {
    const next = Math.max(0, Math.min(slides.length - 1, wanted));
    if (next === shown) return;
    slides[shown]?.classList.remove("shown");
    for (const sound of slides[shown]?.querySelectorAll("audio") ?? []) sound.pause();
    shown = next;
    slides[shown].classList.add("shown");
    fit(slides[shown]);
    slides[shown].scrollTop = 0;
    slides[shown].focus({ preventScroll: true });
    document.getElementById("place").textContent = `${shown + 1} / ${slides.length}`;
    document.getElementById("back").disabled = shown === 0;
    document.getElementById("on").disabled = shown === slides.length - 1;
    history.replaceState(null, "", `#${shown + 1}`);
  }

  // Whether there was more of the slide to see in this direction.
  function scroll(way, share) {
    const slide = slides[shown], before = slide.scrollTop;
    slide.scrollBy(0, way * share * slide.clientHeight);
    return slide.scrollTop !== before;
  }

  const asked = () => Number(location.hash.slice(1)) - 1 || 0;
  const keys = {
    ArrowRight: () => shown + 1, ArrowDown: () => shown + 1, PageDown: () => shown + 1, " ": () => shown + 1,
    ArrowLeft: () => shown - 1, ArrowUp: () => shown - 1, PageUp: () => shown - 1,
    Home: () => 0, End: () => slides.length - 1,
  };
  addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const on = document.activeElement;
    if (event.key === "Escape") return on.blur(); // back from a slider to the slides
    if (on.closest(".lstm-live, input, select, textarea, audio")) return; // these use the keys themselves
    if (event.key === " " && on.closest("summary, button, a")) return;
    if (/Left|Right/.test(event.key) && on.scrollWidth > on.clientWidth && on.closest(".fit")) return; // it scrolls
    if (!(event.key in keys)) return;
    event.preventDefault();
    const back = event.key === " " && event.shiftKey, line = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const page = { PageDown: 1, PageUp: -1, " ": back ? -1 : 1 }[event.key];
    if (line ? scroll(line, 0.2) : page && scroll(page, 0.8)) return;
    show(back ? shown - 1 : keys[event.key]());
  });
  document.getElementById("back").addEventListener("click", () => show(shown - 1));
  document.getElementById("on").addEventListener("click", () => show(shown + 1));
  addEventListener("hashchange", () => show(asked()));
  addEventListener("resize", () => fit(slides[shown]));
  addEventListener("load", () => fit(slides[shown])); // once live pieces and pictures are there
  // A live piece grows when one asks it for a table, for instance.
  const grown = new ResizeObserver(entries => {
    const slide = slides[shown];
    if (entries.some(({ target }) => target === slide.firstElementChild) && slide.scrollHeight > slide.clientHeight) fit(slide);
  });

  document.documentElement.classList.add("turned");
  document.querySelector("nav").hidden = false;
  for (const [place, slide] of slides.entries()) {
    slide.tabIndex = -1;
    slide.setAttribute("aria-label", `Slide ${place + 1} of ${slides.length}`);
    grown.observe(slide.firstElementChild);
  }
  show(asked());
})();
