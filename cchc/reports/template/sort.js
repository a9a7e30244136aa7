// Tables whose rows can be put in another order to look at them. The order as printed is the official one: a third
// press brings it back, and paper always has it.
"use strict";
(() => {
  const FEWEST_ROWS = 5;
  const NOTHING = "—";
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const { hint } = document.currentScript.dataset;
  const { compare: compareSyllables } = new Intl.Collator("vi", { numeric: true });

  // As names.sort_key: syllable by syllable, letters before tones, case and signs do not count.
  const syllables = (text) => text.normalize("NFC").toLowerCase().match(/\p{L}+|\d+/gu) ?? [];

  // A number where the cell gives one, null where nothing stands in it, else its syllables.
  function keyOf(cell) {
    if ("sort" in cell.dataset) return Number(cell.dataset.sort);
    const text = cell.textContent.trim();
    return text === NOTHING || text === "" ? null : syllables(text);
  }

  function compare(one, other) {
    const isNumber = typeof one === "number";
    if (isNumber !== (typeof other === "number")) return isNumber ? -1 : 1;
    if (isNumber) return one - other;
    for (let at = 0; at < Math.min(one.length, other.length); at++) {
      const difference = compareSyllables(one[at], other[at]);
      if (difference) return difference;
    }
    return one.length - other.length;
  }

  function makeSortable(table) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const printed = [...body.rows];

    // Array.prototype.sort is stable; what is missing stands last in both directions.
    function show() {
      const head = heads.find((other) => other.hasAttribute("aria-sort"));
      if (!head) return body.append(...printed);
      const sign = head.getAttribute("aria-sort") === "ascending" ? 1 : -1;
      const keyed = printed.map((row) => [keyOf(row.cells[head.cellIndex]), row]);
      keyed.sort(([one], [other]) =>
        one === null || other === null ? (one === null) - (other === null) : sign * compare(one, other));
      body.append(...keyed.map(([, row]) => row));
    }

    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = hint;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = NEXT[head.getAttribute("aria-sort") ?? "none"];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next !== "none") head.setAttribute("aria-sort", next);
        show();
      });
    }
    addEventListener("beforeprint", () => body.append(...printed));
    addEventListener("afterprint", show);
  }

  for (const table of document.querySelectorAll("table.data")) {
    if (table.tBodies[0].rows.length >= FEWEST_ROWS) makeSortable(table);
  }
})();
