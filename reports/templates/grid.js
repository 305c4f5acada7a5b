// One large table on the page: only the rows in sight are in the document.

const OVERSCAN = 6;
const WIDE_ROW = 3.1;
const NARROW_LINE = 1.5;
const NARROW_COLUMNS = 4;
const narrow = matchMedia("(max-width: 700px)");
const WIDTHS = { url: "minmax(13rem, 2.2fr)", text: "minmax(11rem, 2fr)", hops: "minmax(13rem, 2fr)", choice: "minmax(7.5rem, 1fr)", number: "minmax(5.5rem, 0.5fr)" };

const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
};

const later = (work) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, 150);
  };
};

// Text goes into the document as text alone: nothing here writes markup.
const drawn = (column, value, longest, tab) => {
  if (value === null || value === "") return "";
  const words = seen(short(spelled(column, value), longest));
  if (column.name === "severity") {
    const mark = make("span", { "aria-hidden": "true" }, `${TEXTS.marks[value] ?? ""} `);
    return make("span", { class: `chip severity-${value}` }, mark, words);
  }
  if (column.name === "status") return make("span", { class: `chip status ${/^\d/.test(value) ? `status-${value[0]}` : "status-error"}` }, seen(value));
  if (column.kind === "number" || column.kind === "choice") return words;
  if (column.kind === "url" && isLink(value)) {
    return make("a", { class: "url", dir: "ltr", href: value, rel: "noreferrer noopener nofollow", tabindex: tab }, words);
  }
  return make("bdi", column.kind === "text" ? { class: "text" } : { class: "url", dir: "ltr" }, words);
};

class Grid {
  constructor(table, page) {
    Object.assign(this, { table, page, rows: [], active: -1, detailOf: -1, among: null, mapped: "" });
    this.reset();
    this.build();
    const observer = new ResizeObserver(() => this.draw(true));
    observer.observe(this.scroller);
  }

  reset() {
    Object.assign(this, { query: "", filters: new Map(), sort: "", chosen: null, opened: -1 });
  }

  // --- what stands in the fragment

  get state() {
    const state = new URLSearchParams(this.filters);
    if (this.query) state.set("q", this.query);
    if (this.sort) state.set("sort", this.sort);
    if (this.chosen) state.set("show", this.chosen.join(" "));
    if (this.opened >= 0) state.set("row", this.opened);
    return state;
  }

  set state(state) {
    this.reset();
    this.query = state.get("q") ?? "";
    this.sort = this.table.column((state.get("sort") ?? "").replace(/^-/, "")) ? state.get("sort") : "";
    const chosen = (state.get("show") ?? "").split(" ").filter((name) => this.table.choices.some((one) => one.name === name));
    this.chosen = chosen.length ? chosen : null;
    for (const column of this.table.choices) if (state.get(column.name)) this.filters.set(column.name, state.get(column.name));
    if (/^\d+$/.test(state.get("row") ?? "")) this.opened = Number(state.get("row"));
  }

  get columns() {
    if (this.chosen) return this.table.choices.filter((column) => this.chosen.includes(column.name));
    const usual = this.table.choices.filter((column) => column.shown);
    return narrow.matches ? usual.slice(0, NARROW_COLUMNS) : usual;
  }

  get rowHeight() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return Math.round(rem * (narrow.matches ? this.columns.length * NARROW_LINE + 0.8 : WIDE_ROW));
  }

  // --- the frame, made once

  build() {
    const { table } = this;
    const id = `grid-${table.name}`;
    this.field = make("input", { type: "search", id: `${id}-search`, oninput: later(() => this.change({ query: this.field.value })) });
    this.boxes = make("div", { class: "boxes", role: "group", "aria-label": TEXTS.columns });
    this.clear = make("button", { type: "button", onclick: () => this.showAll() }, TEXTS.clear);
    this.arrange = make("button", { type: "button", class: "arrange", "aria-expanded": "false", onclick: () => this.toggle() }, TEXTS.arrange);
    this.said = make("p", { class: "said", role: "status" });
    this.head = make("div", { role: "rowgroup", class: "head" });
    this.body = make("div", { role: "rowgroup", class: "body" });
    this.scroller = make(
      "div",
      { class: "grid", role: "grid", tabindex: "0", id, "aria-label": table.title, onscroll: () => this.scrolled(), onkeydown: (event) => this.key(event), onclick: (event) => this.click(event) },
      this.head,
      this.body,
    );
    this.detail = make("div", { class: "detail", role: "region", "aria-label": TEXTS.whole, hidden: true });
    const bar = make(
      "div",
      { class: "tools" },
      make("label", { for: `${id}-search` }, TEXTS.search),
      this.field,
      make("details", { class: "choose" }, make("summary", {}, TEXTS.columns), this.boxes),
      this.arrange,
      make("button", { type: "button", title: TEXTS.copyTitle, onclick: () => this.copy() }, TEXTS.copy),
      make("button", { type: "button", onclick: () => this.save() }, TEXTS.save),
      this.clear,
    );
    this.node = make("div", { class: "table" }, bar, this.said, this.scroller, this.detail);
    narrow.addEventListener("change", () => this.ready && this.show());
  }

  toggle() {
    const open = this.scroller.classList.toggle("arranging");
    this.arrange.setAttribute("aria-expanded", String(open));
  }

  // --- rows

  async load() {
    this.say(TEXTS.loading);
    await this.table.load();
    this.ready = true;
    this.show();
  }

  change(what) {
    Object.assign(this, what);
    this.show();
    this.page.keep();
  }

  showAll() {
    this.change({ query: "", filters: new Map() });
    this.page.pick([], false).then(() => this.page.keep());
  }

  show() {
    const { table } = this;
    const tests = [];
    if (this.query.trim()) tests.push(searching(table, this.query));
    for (const [name, wanted] of this.filters) tests.push(condition(table.column(name), wanted === TEXTS.nothing ? "" : wanted));
    if (this.among) tests.push(this.among);
    const wanted = tests.filter(Boolean);
    this.rows = [];
    for (let row = 0; row < table.length; row++) if (wanted.every((test) => test(row))) this.rows.push(row);
    if (this.sort) sorted(this.rows, table.column(this.sort.replace("-", "")), this.sort.startsWith("-"));
    this.active = Math.min(this.active, this.rows.length - 1);
    this.field.value = this.query;
    this.clear.hidden = !tests.length;
    this.drawHead();
    this.drawBoxes();
    this.scroller.scrollTop = 0;
    this.draw(true);
    if (this.opened !== this.detailOf) this.detail.hidden = true;
    if (this.opened >= 0 && this.detail.hidden) this.open(this.opened, false);
    this.detailOf = this.opened;
    const carried = table.length < table.total ? TEXTS.carried(table.length, table.total) : "";
    this.say(TEXTS.counted(this.rows.length, table.length, table.title) + (this.mapped ? TEXTS.fromMap(this.mapped) : "") + carried);
  }

  say(words) {
    this.said.textContent = words;
  }

  drawHead() {
    const names = this.columns.map((column) => column.name).join(" ");
    this.scroller.setAttribute("aria-colcount", this.columns.length);
    this.scroller.style.setProperty("--columns", this.columns.map((column) => WIDTHS[column.kind]).join(" "));
    if (this.headOf !== names) {
      this.headOf = names;
      this.head.replaceChildren(make("div", { role: "row", "aria-rowindex": "1" }, ...this.columns.map((column) => this.header(column))));
    }
    for (const header of this.head.querySelectorAll("[role=columnheader]")) {
      const { name } = header.dataset;
      const order = { [name]: "ascending", [`-${name}`]: "descending" }[this.sort];
      header.setAttribute("aria-sort", order ?? "none");
      const field = header.querySelector("input, select");
      if (field !== document.activeElement) field.value = this.filters.get(name) ?? "";
    }
  }

  header(column) {
    const sort = () => {
      const next = { [column.name]: `-${column.name}`, [`-${column.name}`]: "" };
      this.change({ sort: next[this.sort] ?? column.name });
    };
    const set = (value) => {
      if (value) this.filters.set(column.name, value);
      else this.filters.delete(column.name);
      this.change({});
    };
    const button = make("button", { type: "button", title: TEXTS.sort(column.label), onclick: sort }, column.label);
    const field = column.kind === "choice" ? this.select(column, set) : make("input", { type: "search", "aria-label": TEXTS.filter(column.label), placeholder: column.kind === "number" ? TEXTS.amount : TEXTS.contains });
    if (column.kind !== "choice") field.addEventListener("input", later(() => set(field.value)));
    return make("div", { role: "columnheader", "data-kind": column.kind, "data-name": column.name }, button, field);
  }

  select(column, set) {
    const counts = new Map();
    for (const value of column.values) counts.set(value ?? "", (counts.get(value ?? "") ?? 0) + 1);
    const options = [...counts].sort(([, a], [, b]) => b - a).map(([value, count]) => {
      const words = seen(short(spelled(column, value) || TEXTS.nothing, 80));
      return make("option", { value: value || TEXTS.nothing }, `${words} (${count.toLocaleString("en")})`);
    });
    const field = make("select", { "aria-label": TEXTS.filter(column.label) }, make("option", { value: "" }, TEXTS.everything), ...options);
    field.addEventListener("change", () => set(field.value));
    return field;
  }

  drawBoxes() {
    if (this.boxes.childElementCount === 0) {
      const changed = () => {
        const chosen = [...this.boxes.querySelectorAll("input:checked")].map((box) => box.value);
        this.change({ chosen: chosen.length ? chosen : null });
      };
      for (const column of this.table.choices) {
        this.boxes.append(make("label", {}, make("input", { type: "checkbox", value: column.name, onchange: changed }), ` ${column.label}`));
      }
    }
    const names = new Set(this.columns.map((column) => column.name));
    for (const box of this.boxes.querySelectorAll("input")) box.checked = names.has(box.value);
  }

  scrolled() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw(false);
    });
  }

  // Draw the rows in sight and a few around them; `again` also where the same rows are in sight as before.
  draw(again) {
    if (!this.ready) return;
    const height = this.rowHeight;
    const offset = this.body.offsetTop;
    const top = Math.max(0, this.scroller.scrollTop - (narrow.matches ? offset : 0));
    const from = Math.max(0, Math.floor(top / height) - OVERSCAN);
    const to = Math.min(this.rows.length, Math.ceil((top + this.scroller.clientHeight) / height) + OVERSCAN);
    const span = `${from} ${to} ${height}`;
    if (!again && span === this.span) return;
    this.span = span;
    this.body.style.height = `${Math.max(1, this.rows.length) * height}px`;
    this.scroller.setAttribute("aria-rowcount", this.rows.length + 1);
    const nodes = [];
    for (let at = from; at < to; at++) nodes.push(this.row(at, height));
    if (!this.rows.length) nodes.push(make("div", { role: "row", class: "none" }, make("div", { role: "gridcell" }, TEXTS.empty)));
    this.body.replaceChildren(...nodes);
    this.point();
  }

  row(at, height) {
    const row = this.rows[at];
    const cells = this.columns.map((column) =>
      make("div", { role: "gridcell", "data-kind": column.kind }, make("div", { class: "clip", "data-label": column.label }, drawn(column, column.values[row], 300, "-1"))),
    );
    const node = make("div", { role: "row", id: `${this.scroller.id}-${at}`, "aria-rowindex": at + 2, "aria-selected": String(row === this.opened), "data-at": at }, ...cells);
    node.style.height = `${height}px`;
    node.style.transform = `translateY(${at * height}px)`;
    return node;
  }

  // --- one row

  point() {
    for (const node of this.body.querySelectorAll(".active")) node.classList.remove("active");
    const node = this.active >= 0 && document.getElementById(`${this.scroller.id}-${this.active}`);
    if (node) {
      node.classList.add("active");
      this.scroller.setAttribute("aria-activedescendant", node.id);
    } else this.scroller.removeAttribute("aria-activedescendant");
  }

  goTo(at) {
    if (!this.rows.length) return;
    this.active = Math.max(0, Math.min(at, this.rows.length - 1));
    const height = this.rowHeight;
    const head = narrow.matches ? 0 : this.head.offsetHeight;
    const start = this.active * height + (narrow.matches ? this.body.offsetTop : 0);
    const room = this.scroller.clientHeight - head;
    if (start < this.scroller.scrollTop) this.scroller.scrollTop = start;
    else if (start + height > this.scroller.scrollTop + room) this.scroller.scrollTop = start + height - room;
    this.draw(true);
  }

  key(event) {
    if (event.target !== this.scroller || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 1);
    const moves = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page, PageUp: this.active - page, Home: 0, End: this.rows.length - 1 };
    if (event.key in moves) this.goTo(moves[event.key]);
    else if ((event.key === "Enter" || event.key === " ") && this.active >= 0) this.open(this.rows[this.active], true);
    else return;
    event.preventDefault();
  }

  click(event) {
    const node = event.target.closest("[data-at]");
    if (!node || event.target.closest("a") || String(getSelection())) return;
    this.active = Number(node.dataset.at);
    this.open(this.rows[this.active], false);
    this.page.keep();
  }

  open(row, focus) {
    if (row >= this.table.length) return;
    this.opened = this.detailOf = row;
    const facts = this.table.choices.filter((column) => column.values[row] !== null && column.values[row] !== "").map((column) =>
      make("div", {}, make("dt", {}, column.label), make("dd", {}, column.kind === "hops" ? this.page.hops(column.values[row]) : drawn(column, column.values[row], 20000, "0"))),
    );
    const close = make("button", { type: "button", onclick: () => this.close() }, TEXTS.close);
    const buttons = make("p", { class: "buttons" }, close);
    const rule = this.table.column("rule");
    if (rule) buttons.prepend(make("button", { type: "button", onclick: () => this.copyLink(rule.values[row], this.table.column("url").values[row]) }, TEXTS.link));
    this.detail.replaceChildren(make("dl", { class: "facts" }, ...facts), buttons);
    this.detail.onkeydown = (event) => event.key === "Escape" && this.close();
    this.detail.hidden = false;
    const at = this.rows.indexOf(row);
    if (at < 0) this.draw(true);
    else this.goTo(at);
    this.detail.scrollIntoView({ block: "nearest" });
    if (focus) {
      close.focus({ preventScroll: true });
      this.page.keep();
    }
  }

  close() {
    this.opened = this.detailOf = -1;
    this.detail.hidden = true;
    this.draw(true);
    this.scroller.focus();
    this.page.keep();
  }

  // --- out of the page

  async write(text, words) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Some browsers keep the clipboard from a page that is a file; a selection may still be copied.
      const field = make("textarea", { "aria-hidden": "true" }, text);
      this.node.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      if (!done) words = TEXTS.notCopied;
    }
    this.say(words);
  }

  copy() {
    return this.write(tabbed(this.table, this.columns, this.rows), TEXTS.copied(this.rows.length));
  }

  copyLink(rule, url) {
    const address = `${location.href.split("#")[0]}#${rule}/${encodeURIComponent(url)}`;
    return this.write(address, TEXTS.linkCopied);
  }

  save() {
    const file = new Blob([commaSeparated(this.table, this.columns, this.rows)], { type: "text/csv" });
    const address = URL.createObjectURL(file);
    make("a", { href: address, download: `${this.table.name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}
