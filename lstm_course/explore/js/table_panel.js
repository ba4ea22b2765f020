// All numbers as a table, for readers who cannot see or do not want to use the pictures.
import { html, INKS, keepsItsKeys, number, power, put } from "./kit.js";

const COLUMNS = [
  ["step", "step"], ...["x", "i", "f", "g", "o", "c", "h"].map(symbol => [symbol, `${symbol}, ${INKS[symbol].name}`]),
  ["direct", "direct path"], ["full", "all paths"], ["plainH", "plain unit, h"], ["plainPath", "plain unit, path"],
];

export function tablePanel() {
  const head = html("tr", {}, ...COLUMNS.map(([, text]) => html("th", { scope: "col", text })));
  const body = html("tbody", {});
  const table = html("table", {},
    html("caption", { text: "Gates and states at each step; the paths show how much the loss step depends on that step" }),
    html("thead", {}, head), body);
  const element = html("div", { class: "live-panel table-panel", tabindex: "0", role: "region", "aria-label": "Table of all values", hidden: true, ...keepsItsKeys }, table);
  let rows = [];
  return {
    element,
    update(run, state) {
      if (element.hidden) return;
      if (rows.length !== run.T + 1) {
        rows = Array.from({ length: run.T + 1 }, (_, t) => {
          const cells = COLUMNS.map(([name]) => html(name === "step" ? "th" : "td", name === "step" ? { scope: "row", text: t } : {}));
          return { row: html("tr", {}, ...cells), cells };
        });
        body.replaceChildren(...rows.map(each => each.row));
      }
      rows.forEach(({ row, cells }, t) => {
        put(row, { class: t === state.step ? "current" : null });
        COLUMNS.forEach(([name], k) => {
          if (name === "step") return;
          const value = run[name]?.[t];
          put(cells[k], { text: name.match(/direct|full|plainPath/) ? power(value) : number(value, 3) });
        });
      });
    },
  };
}
