"use strict";
// The page is whole without this script. It adds sorting, a filter for long tables, and opens everything for print.
(() => {
  const text = (cell) => cell.dataset.sort ?? cell.textContent.trim();
  const number = (words) => (/^[\d,]+$/.test(words) ? Number(words.replaceAll(",", "")) : NaN);

  const compare = (one, other) => {
    const [a, b] = [number(one), number(other)];
    return Number.isNaN(a) || Number.isNaN(b) ? one.localeCompare(other, "en", { numeric: true }) : a - b;
  };

  const sortBy = (table, column, header) => {
    const descending = header.getAttribute("aria-sort") === "ascending";
    for (const other of header.parentNode.children) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [text(row.cells[column]), row]);
    rows.sort(([a], [b]) => (descending ? compare(b, a) : compare(a, b)));
    body.append(...rows.map(([, row]) => row));
  };

  const makeSortable = (table) => {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sortBy(table, column, header));
      header.append(button);
    });
  };

  const makeFilter = (table) => {
    const [box, field, said] = ["label", "input", "output"].map((name) => document.createElement(name));
    box.className = "filter";
    field.type = "search";
    box.append("Filter these rows ", field, " ", said);
    table.before(box);
    field.addEventListener("input", () => {
      const wanted = field.value.toLowerCase();
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      said.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length}` : "";
    });
  };

  for (const table of document.querySelectorAll("table.rows")) {
    const rows = table.tBodies[0].rows.length;
    if (rows > 1) makeSortable(table);
    if (rows > 5) makeFilter(table);
  }

  const openTarget = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const details = target && target.querySelector("details");
    if (details && target.matches(".rule")) details.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open], .screen-only)")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
