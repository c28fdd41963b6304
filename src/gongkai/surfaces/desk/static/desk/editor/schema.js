// What a text may hold in the editor, and how it becomes the editor's document and HTML again.
//
// Nothing is lost on the way: a block that nobody touched is given back as it came, letter for
// letter, and one that the editor could not show without losing something stands there whole, locked.
import { DOMParser as Reader, Schema } from "../../vendored/prosemirror/prosemirror-model.js";

const REL = "nofollow noopener noreferrer";
const PICTURE = /^\/files\/([0-9A-Z]{10})\/([0-9a-f]{16}\.(?:png|jpg))$/;
const MARKS = { STRONG: "strong", EM: "em", SUP: "sup", SUB: "sub", A: "a" };
const CELL = "(paragraph | bullets | numbers | heading | quote)+";

const cell = (tag) => ({
  content: CELL,
  isolating: true,
  tableRole: tag === "th" ? "header_cell" : "cell",
  attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
  parseDOM: [{ tag, getAttrs: (dom) => ({ colspan: span(dom, "colspan"), rowspan: span(dom, "rowspan") }) }],
  toDOM: (node) => [tag, spans(node), 0],
});
const span = (dom, name) => Number(dom.getAttribute(name) || 1);
function spans(node) {
  const attrs = {};
  if (node.attrs.colspan !== 1) attrs.colspan = node.attrs.colspan;
  if (node.attrs.rowspan !== 1) attrs.rowspan = node.attrs.rowspan;
  return attrs;
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    // "boxed": it had a <p> of its own where a list or a cell does without.
    paragraph: {
      group: "block",
      content: "inline*",
      attrs: { boxed: { default: false } },
      parseDOM: [{ tag: "p", getAttrs: (dom) => ({ boxed: /^(LI|TD|TH|BLOCKQUOTE)$/.test(dom.parentNode.nodeName) }) }],
      toDOM: () => ["p", 0],
    },
    heading: {
      group: "block",
      content: "inline*",
      defining: true,
      attrs: { level: { default: 2 } },
      parseDOM: [
        { tag: "h2", attrs: { level: 2 } }, { tag: "h3", attrs: { level: 3 } },
        { tag: "h1", attrs: { level: 2 } }, { tag: "h4, h5, h6", attrs: { level: 3 } },
      ],
      toDOM: (node) => [`h${node.attrs.level}`, 0],
    },
    bullets: { group: "block", content: "item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    numbers: { group: "block", content: "item+", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
    item: {
      content: "paragraph (paragraph | bullets | numbers | heading | quote)*",
      defining: true,
      parseDOM: [{ tag: "li" }],
      toDOM: () => ["li", 0],
    },
    quote: {
      group: "block",
      content: "(paragraph | bullets | numbers | heading)+",
      defining: true,
      parseDOM: [{ tag: "blockquote" }],
      toDOM: () => ["blockquote", 0],
    },
    figure: {
      group: "block",
      content: "inline*",
      isolating: true,
      attrs: { src: {}, alt: { default: "" } },
      parseDOM: [{
        tag: "figure",
        contentElement: (dom) => dom.querySelector("figcaption") || document.createElement("figcaption"),
        getAttrs: (dom) => {
          const img = dom.querySelector("img");
          const src = img ? img.getAttribute("src") : "";
          return PICTURE.test(src) ? { src, alt: img.getAttribute("alt") || "" } : false;
        },
      }],
      toDOM: (node) => ["figure", ["img", { src: node.attrs.src, alt: node.attrs.alt }], ["figcaption", 0]],
    },
    table: {
      group: "block",
      content: "row+",
      tableRole: "table",
      isolating: true,
      attrs: { caption: { default: "" } },
      parseDOM: [{
        tag: "table",
        getAttrs: (dom) => ({ caption: dom.caption ? dom.caption.innerHTML : "" }),
      }, { tag: "caption", ignore: true }],
      toDOM: () => ["table", ["tbody", 0]],
    },
    row: {
      content: "(td | th)*",
      tableRole: "row",
      attrs: { part: { default: "tbody" } },
      parseDOM: [{
        tag: "tr",
        getAttrs: (dom) => ({ part: (dom.parentElement ? dom.parentElement.localName : "").match(/^t(head|foot)$/) ? dom.parentElement.localName : "tbody" }),
      }],
      toDOM: () => ["tr", 0],
    },
    td: cell("td"),
    th: cell("th"),
    kept: { group: "block", atom: true, selectable: true, draggable: false, attrs: { html: {} } },
    text: { group: "inline" },
    br: {
      group: "inline", inline: true, selectable: false, linebreakReplacement: true,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (dom) => reachable(dom.getAttribute("href")) && { href: dom.getAttribute("href") } }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, rel: REL }, 0],
    },
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    sup: { excludes: "sub", parseDOM: [{ tag: "sup" }], toDOM: () => ["sup", 0] },
    sub: { excludes: "sup", parseDOM: [{ tag: "sub" }], toDOM: () => ["sub", 0] },
  },
});

// A link goes to a site, a mailbox or a telephone, as the office keeps it.
export const reachable = (href) => /^(https?:\/\/[^\s]+|mailto:[^\s@]+@[^\s]+|tel:[+0-9 ()-]+)$/i.test(href);
export const pictureOf = (src) => PICTURE.exec(src);

// -- from HTML ----------------------------------------------------------------------------------------

const sources = new WeakMap(); // the blocks that came, and what they came as
const reader = Reader.fromSchema(schema);

export function inert(html) {
  return new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html").body;
}

export function load(html) {
  const blocks = [...inert(html).children].map(block);
  return schema.node("doc", null, blocks.length ? blocks : [schema.node("paragraph")]);
}

function block(element) {
  const html = element.outerHTML;
  const box = element.ownerDocument.createElement("div");
  box.append(element.cloneNode(true));
  const parsed = reader.parse(box);
  const same = parsed.childCount === 1 && seen(box) === seen(inert(written(parsed.firstChild)));
  const node = same ? parsed.firstChild : schema.node("kept", { html });
  sources.set(node, html);
  return node;
}

// What a reader gets out of an element, whichever way its tags are nested.
function seen(element) {
  const out = [];
  let last = null;
  (function walk(node, marks) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const text = child.data.replace(/[ \t\r\n\f]+/g, " ");
        const now = [...marks].sort().join("");
        if (now !== last) out.push(`[${now}]`);
        out.push(text);
        last = now;
      } else if (MARKS[child.nodeName]) {
        const name = child.nodeName === "A" ? `a(${child.getAttribute("href")})` : MARKS[child.nodeName];
        walk(child, new Set([...marks, name]));
      } else {
        const attrs = ["colspan", "rowspan", "alt", "src"].map((name) => child.getAttribute(name) || "");
        out.push(`<${child.localName} ${attrs}>`);
        last = null;
        walk(child, marks);
        out.push(`</${child.localName}>`);
        last = null;
      }
    }
  })(element, new Set());
  return out.join("").replace(/(\[[^\]]*\])? *(?=<\/?(?:p|h2|h3|ul|ol|li|table|caption|thead|tbody|tfoot|tr|th|td|blockquote|br|figure|img|figcaption)\b)/g, "")
    .replace(/(<\/?[^>]*>)(\[[^\]]*\])? +/g, "$1$2").replace(/(\[\])+/g, "");
}

// -- to HTML ------------------------------------------------------------------------------------------

export function save(doc) {
  const out = [];
  doc.forEach((node) => {
    const html = sources.get(node) || written(node);
    if (node.type.name === "kept" || node.type.name === "figure" || node.type.name === "table" || node.textContent.trim()) out.push(html);
  });
  return out.join("\n");
}

const escape = (text) => text.replace(/&/g, "&amp;").replace(/\u00a0/g, "&nbsp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const quoted = (text) => text.replace(/&/g, "&amp;").replace(/\u00a0/g, "&nbsp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function written(node) {
  const { name } = node.type;
  if (name === "paragraph") return `<p>${inline(node)}</p>`;
  if (name === "heading") return `<h${node.attrs.level}>${inline(node)}</h${node.attrs.level}>`;
  if (name === "bullets") return `<ul>${children(node)}</ul>`;
  if (name === "numbers") return `<ol>${children(node)}</ol>`;
  if (name === "item") return `<li>${inside(node)}</li>`;
  if (name === "quote") return `<blockquote>${inside(node)}</blockquote>`;
  if (name === "td" || name === "th") {
    const attrs = Object.entries(spans(node)).map(([key, value]) => ` ${key}="${value}"`).join("");
    return `<${name}${attrs}>${inside(node)}</${name}>`;
  }
  if (name === "figure") {
    const caption = inline(node);
    return `<figure><img alt="${quoted(node.attrs.alt)}" src="${node.attrs.src}">${caption ? `<figcaption>${caption}</figcaption>` : ""}</figure>`;
  }
  if (name === "table") return table(node);
  return name === "kept" ? node.attrs.html : children(node);
}

function children(node) {
  let out = "";
  node.forEach((child) => { out += written(child); });
  return out;
}

// Inside a point, a cell or a quotation a paragraph needs no tag; two in a row become broken lines.
function inside(node) {
  let out = "", bare = false;
  node.forEach((child) => {
    const now = child.type.name === "paragraph" && !child.attrs.boxed;
    if (now && bare) out += "<br>";
    out += now ? inline(child) : written(child);
    bare = now;
  });
  return out;
}

function table(node) {
  const rows = [];
  let head = -1;
  node.forEach((row, _offset, index) => { if (row.attrs.part === "thead") head = index; });
  node.forEach((row, _offset, index) => {
    const part = index <= head ? "thead" : row.attrs.part === "tfoot" ? "tfoot" : "tbody";
    const last = rows[rows.length - 1];
    const html = `<tr>${children(row)}</tr>`;
    if (last && last[0] === part) last[1] += html; else rows.push([part, html]);
  });
  const caption = node.attrs.caption ? `<caption>${node.attrs.caption}</caption>` : "";
  return `<table>${caption}${rows.map(([part, html]) => `<${part}>${html}</${part}>`).join("")}</table>`;
}

function inline(node) {
  let out = "", open = [];
  const close = (count) => { while (open.length > count) out += `</${tagOf(open.pop())}>`; };
  node.forEach((child) => {
    let keep = 0;
    while (keep < open.length && keep < child.marks.length && open[keep].eq(child.marks[keep])) keep += 1;
    close(keep);
    for (const mark of child.marks.slice(keep)) {
      out += mark.type.name === "link" ? `<a href="${quoted(mark.attrs.href)}" rel="${REL}">` : `<${tagOf(mark)}>`;
      open.push(mark);
    }
    out += child.isText ? escape(child.text) : "<br>";
  });
  close(0);
  return out;
}

const tagOf = (mark) => (mark.type.name === "link" ? "a" : mark.type.name);
