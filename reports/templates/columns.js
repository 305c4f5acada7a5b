// Rows of the large tables: unpacked when somebody first looks, then sorted and filtered column by column.

const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LONGEST_LINK = 2000;
const SEVERITY_ORDER = Object.keys(TEXTS.marks);

// Characters without a shape, or that turn the text around them, are written as code points.
const seen = (text) =>
  text.replace(UNSEEN, (one) => `⟨U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

const short = (text, longest) => {
  if (text.length <= longest) return text;
  const head = Math.floor((longest * 3) / 4);
  return `${text.slice(0, head)}[…]${text.slice(head - longest)} ${TEXTS.cut(text.length)}`;
};

const isLink = (text) => /^https?:\/\//i.test(text) && text.length <= LONGEST_LINK;

class Table {
  constructor(template) {
    const { name, title, rows, total, columns } = template.dataset;
    Object.assign(this, { name, title, template, length: Number(rows), total: Number(total) });
    this.columns = JSON.parse(columns);
    for (const column of this.columns) column.values = [];
    this.choices = this.columns.filter((column) => column.kind !== "hidden");
  }

  column(name) {
    return this.columns.find((column) => column.name === name);
  }

  load() {
    this.loading ??= this.unpack();
    return this.loading;
  }

  async unpack() {
    const letters = atob(this.template.content.textContent);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    for (const line of (await new Response(unpacked).text()).split("\n")) {
      if (line) JSON.parse(line).forEach((values, at) => this.columns[at].values.push(...values));
    }
    this.template.remove();
  }
}

// A value as a reader sees it.
const spelled = (column, value) => {
  if (value === null || value === "") return "";
  return column.kind === "number" ? value.toLocaleString("en") : (column.words[value] ?? String(value));
};

const asText = (wanted) => {
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (wanted.startsWith("=")) return (text) => text === wanted.slice(1);
  const pattern = new RegExp(escaped(wanted.replace(/^!/, "")), "i");
  return wanted.startsWith("!") ? (text) => !pattern.test(text) : (text) => pattern.test(text);
};

const asNumber = (wanted) => {
  const found = /^(>=|<=|>|<|=)?\s*(-?[\d.]+)(?:\s*\.\.\s*(-?[\d.]+))?$/.exec(wanted.replaceAll(",", "").trim());
  if (!found) return null;
  const [, sign, from, to] = found;
  const one = Number(from.replace(/\.+$/, ""));
  if (to) return (value) => value !== null && value >= one && value <= Number(to);
  const tests = { ">": (v) => v > one, "<": (v) => v < one, ">=": (v) => v >= one, "<=": (v) => v <= one };
  return (value) => value !== null && (tests[sign] ?? ((v) => v === one))(value);
};

// A test of row numbers for one filter; null where the words say nothing yet.
const condition = (column, wanted) => {
  const { values } = column;
  if (column.kind === "choice") return (row) => (values[row] ?? "") === wanted;
  if (column.kind === "number") {
    const test = asNumber(wanted);
    return test && ((row) => test(values[row]));
  }
  const test = asText(wanted);
  return (row) => test(values[row] ?? "");
};

const searching = (table, words) => {
  const tests = words.trim().split(/\s+/).map(asText);
  return (row) =>
    tests.every((test) => table.choices.some((column) => test(column.words[column.values[row]] ?? String(column.values[row] ?? ""))));
};

// Rows of a table in the order of one column; what is empty stands last either way.
const sorted = (rows, column, descending) => {
  const { values } = column;
  const key = (value) => {
    if (value === null || value === "") return null;
    if (column.name === "severity") return SEVERITY_ORDER.indexOf(value);
    return column.kind === "number" ? value : spelled(column, value).toLowerCase();
  };
  const keys = new Map();
  for (const row of rows) keys.set(row, key(values[row]));
  return rows.sort((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    if (one === other) return a - b;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other === descending ? 1 : -1;
  });
};

const tabbed = (table, columns, rows) => {
  const cell = (column, row) => spelled({ ...column, kind: column.kind === "number" ? "text" : column.kind }, column.values[row]);
  const clean = (text) => text.replace(/[\t\r\n]+/g, " ");
  const lines = [columns.map((column) => column.label)];
  for (const row of rows) lines.push(columns.map((column) => clean(cell(column, row))));
  return lines.map((cells) => cells.join("\t")).join("\n");
};

// RFC 4180, with the mark by which Excel knows UTF-8. A text that a sheet would take for a formula gets an apostrophe.
const commaSeparated = (table, columns, rows) => {
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cell = (column, row) => {
    const value = column.values[row];
    if (typeof value === "number") return String(value);
    const text = spelled(column, value);
    return quoted(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  };
  const lines = [columns.map((column) => quoted(column.label))];
  for (const row of rows) lines.push(columns.map((column) => cell(column, row)));
  return `\ufeff${lines.map((cells) => cells.join(",")).join("\r\n")}\r\n`;
};
