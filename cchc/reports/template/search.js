// The box that finds a unit by its name, typed with or without Vietnamese marks. Without this script the box stays
// hidden and the groups are opened by hand.
"use strict";
(() => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\u0111/g, "d");
  const box = document.querySelector(".search");
  const units = document.querySelector(".units");
  const [input, status] = [box.querySelector("input"), box.querySelector("[role=status]")];
  const lines = [...units.querySelectorAll("li")];
  const names = new Map(lines.map((line) => [line, fold(line.querySelector(".entry-label").textContent)]));
  const parts = [...units.querySelectorAll("details, section")];
  const others = [...document.querySelectorAll("main > section")].filter((section) => section !== units);
  let opened = null; // the groups that the reader had open before the search

  function search() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const isSearch = words.length > 0;
    if (isSearch) opened ??= new Set(units.querySelectorAll("details[open]"));
    for (const line of lines) line.hidden = !words.every((word) => names.get(line).includes(word));
    for (const part of parts) {
      part.hidden = !part.querySelector("li:not([hidden])");
      if (part.tagName === "DETAILS") part.open = isSearch ? !part.hidden : opened?.has(part) ?? part.open;
    }
    for (const other of others) other.hidden = isSearch;
    if (!isSearch) opened = null;
    const found = lines.filter((line) => !line.hidden).length;
    const { found: some, none } = status.dataset;
    status.textContent = isSearch ? (found ? some.replace("{n}", found) : none) : "";
  }

  box.hidden = false;
  input.addEventListener("input", search);
  search(); // the browser may have kept what was typed before
})();
