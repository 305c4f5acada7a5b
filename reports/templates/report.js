// The page is whole without this script. It adds the large tables, sorting and a filter for the others, and opens everything for print.

const page = {
  grids: new Map(),
  current: null,
  drawnFlows: [],

  get svg() {
    return document.querySelector("svg.map");
  },

  // --- the tables, one in sight at a time

  build() {
    const host = document.getElementById("grids");
    const tables = [...document.querySelectorAll("template.dataset")].map((template) => new Table(template));
    if (!host || !tables.length) return;
    host.parentNode.querySelector(".unscripted").remove();
    if (typeof DecompressionStream === "undefined") {
      host.append(TEXTS.broken);
      return;
    }
    this.tabs = make("div", { class: "tabs", role: "tablist", "aria-label": TEXTS.tables });
    host.append(this.tabs);
    for (const table of tables) this.add(host, table);
    this.tabs.addEventListener("keydown", (event) => this.turn(event));
    this.choose(tables[0].name);
  },

  add(host, table) {
    const grid = new Grid(table, this);
    const id = `tab-${table.name}`;
    const count = make("span", { class: "count" }, table.total.toLocaleString("en"));
    grid.tab = make("button", { type: "button", role: "tab", id, "aria-controls": `panel-${table.name}`, onclick: () => this.choose(table.name, true) }, `${table.title} `, count);
    grid.panel = make("div", { role: "tabpanel", id: `panel-${table.name}`, "aria-labelledby": id }, grid.node);
    this.tabs.append(grid.tab);
    host.append(grid.panel);
    this.grids.set(table.name, grid);
  },

  turn(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = [...this.grids.keys()];
    const next = names[(names.indexOf(this.current.table.name) + step + names.length) % names.length];
    this.choose(next, true);
    this.current.tab.focus();
    event.preventDefault();
  },

  // Show one table; its rows are unpacked when it comes near to sight.
  choose(name, byHand = false) {
    this.current = this.grids.get(name);
    for (const grid of this.grids.values()) {
      const chosen = grid === this.current;
      grid.panel.hidden = !chosen;
      grid.tab.setAttribute("aria-selected", String(chosen));
      grid.tab.tabIndex = chosen ? 0 : -1;
    }
    if (byHand) {
      this.start();
      this.keep();
    }
  },

  async start() {
    const grid = this.current;
    if (!grid.ready) await grid.load();
    else grid.show();
    return grid;
  },

  // --- the fragment: #data/TABLE?what is set, or #RULE/URL-or-group for one finding

  keep() {
    const { state, table } = this.current;
    if (this.drawnFlows.length) state.set("map", this.drawnFlows.join(" "));
    const words = String(state);
    this.address(`#data/${table.name}${words ? `?${words}` : ""}`);
  },

  address(fragment) {
    try {
      history.replaceState(null, "", fragment);
    } catch {
      // A page in a frame without an origin, as mail programs show it, keeps no address; all else works.
    }
  },

  async route(smooth) {
    const fragment = location.hash.slice(1);
    const cut = fragment.indexOf("/");
    if (cut < 0 || !this.grids.size) return;
    const [head, rest] = [fragment.slice(0, cut), fragment.slice(cut + 1)];
    if (head === "data") await this.recall(rest);
    else await this.find(decoded(head), decoded(rest));
    document.getElementById("data").scrollIntoView({ behavior: smooth ? "smooth" : "instant" });
    this.current.scroller.focus({ preventScroll: true });
  },

  // What stood in the address comes back; a table that is not there leaves the first one.
  async recall(rest) {
    const [name, words] = [rest.split("?")[0], rest.slice(rest.indexOf("?") + 1)];
    if (!this.grids.has(name)) return this.start();
    const state = new URLSearchParams(rest.includes("?") ? words : "");
    this.choose(name);
    this.current.state = state;
    await this.pick((state.get("map") ?? "").split(" ").filter(Boolean).map(Number), false);
  },

  // One finding, by its rule and its URL, or the findings of a group.
  async find(rule, place) {
    const grid = this.grids.get("findings");
    if (!grid) return this.start();
    this.choose("findings");
    await grid.table.load();
    const [rules, urls, groups] = ["rule", "url", "group"].map((name) => grid.table.column(name).values);
    const row = urls.findIndex((url, at) => url === place && rules[at] === rule);
    const together = row < 0 && groups.some((group, at) => group === place && rules[at] === rule);
    const state = new URLSearchParams({ rule });
    if (row >= 0) state.set("row", row);
    else if (place) state.set(together ? "group" : "url", `=${place}`);
    if (together) state.set("show", [...grid.columns.map((column) => column.name), "group"].join(" "));
    grid.state = state;
    await this.pick([], false);
  },

  // --- the map

  buildMap() {
    if (!this.svg || !this.grids.size) return;
    this.svg.setAttribute("role", "group");
    for (const part of this.svg.querySelectorAll("[data-flows]")) {
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "0");
      part.setAttribute("aria-pressed", "false");
      const written = [...part.querySelectorAll("text")].map((one) => one.textContent).join(" ");
      part.setAttribute("aria-label", TEXTS.flow(written, part.dataset.label));
      const press = () => {
        const flows = part.dataset.flows.split(" ").map(Number);
        const again = String(flows) === String(this.drawnFlows);
        this.pick(again ? [] : flows, !again).then(() => this.keep());
      };
      part.addEventListener("click", press);
      part.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        press();
      });
    }
  },

  // Let every table show only what concerns these flows of the map; none: everything.
  async pick(flows, scroll) {
    this.drawnFlows = flows;
    let label = "";
    for (const part of this.svg?.querySelectorAll("[data-flows]") ?? []) {
      const pressed = flows.length > 0 && part.dataset.flows === flows.join(" ");
      part.setAttribute("aria-pressed", String(pressed));
      if (pressed) label ||= part.dataset.label;
    }
    const chosen = flows.length ? await this.redirectsOf(flows) : null;
    for (const grid of this.grids.values()) {
      grid.among = chosen && this.amongst(grid.table, chosen);
      grid.mapped = chosen ? label : "";
    }
    await this.start();
    if (chosen && !this.current.rows.length && this.grids.has("urls")) {
      this.choose("urls");
      await this.start();
    }
    if (scroll) document.getElementById("data").scrollIntoView();
  },

  async redirectsOf(flows) {
    const { table } = this.grids.get("urls");
    await table.load();
    const [urls, numbers] = [table.column("url").values, table.column("flow").values];
    return new Set(urls.filter((_, row) => flows.includes(numbers[row])));
  },

  amongst(table, chosen) {
    const path = table.column("path");
    if (path) return (row) => path.values[row].split("\n").some((url) => chosen.has(url));
    const { values } = table.column("target") ?? table.column("url");
    return (row) => chosen.has(values[row]);
  },

  // --- a chain, hop by hop

  hops(text) {
    const list = make("ol", { class: "hops" });
    const urls = text.split("\n");
    const { table } = this.grids.get("urls");
    table.load().then(() => {
      const rows = new Map(table.column("url").values.map((url, row) => [url, row]));
      const value = (name, url) => table.column(name).values[rows.get(url)] ?? null;
      urls.forEach((url, at) => list.append(this.hop(url, (name) => value(name, url), at === urls.length - 1, urls.indexOf(url) < at)));
    });
    return list;
  },

  hop(url, value, last, back) {
    const words = (name) => spelled(this.grids.get("urls").table.column(name), value(name));
    const took = value("latency") === null ? "" : TEXTS.took(value("latency"));
    const how = back ? TEXTS.back : [words("mechanism"), value("permanence"), took].filter(Boolean).join(", ");
    const lock = make("span", { class: url.startsWith("https:") ? "secure" : "insecure" }, `${url.split(":")[0]} `);
    const where = make("span", { class: "where" }, lock, drawn({ kind: "url", words: {} }, url, LONGEST_LINK, "0"), make("span", { class: "how" }, how));
    if (value("browser") && !back) where.append(make("span", { class: "browser" }, TEXTS.browser(words("browser"))));
    const status = drawn({ name: "status", words: {} }, back ? "back" : (value("status") ?? "?"), 40);
    return make("li", { class: last ? "hop end" : "hop" }, status, where);
  },

  // --- the rest of the page

  // What a number or a rule counts is one click away.
  link() {
    for (const place of document.querySelectorAll("[data-show]")) {
      const [name] = place.dataset.show.split("?");
      if (!this.grids.has(name)) continue;
      const link = make("a", { href: `#data/${place.dataset.show}`, class: "into" });
      link.append(...place.childNodes);
      place.append(link);
    }
  },
};

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody wrote the URL as it is, with a % of its own
  }
};

// --- the small tables

{
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

}

// --- places on the page, and print

{
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
}

page.build();
page.buildMap();
page.link();
addEventListener("hashchange", () => page.route(true));
if (page.grids.size) {
  if (location.hash.includes("/")) page.route(false);
  else new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    page.start();
  }, { rootMargin: "1000px" }).observe(document.getElementById("data"));
}
