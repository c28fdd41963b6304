// What Word and WPS put on the clipboard, as plain blocks: their lists become lists, their looks go.
import { inert } from "./schema.js";

const DRAWN = /<!--[\s\S]*?-->|<!\[[^>]*>|<(style|script|xml|title|head)\b[\s\S]*?<\/\1\s*>|<(meta|link|o:p|\/o:p)\b[^>]*>/gi;
const BLOCKS = "p,h1,h2,h3,h4,h5,h6,li,ul,ol,table,tr,td,th,thead,tbody,tfoot,caption,blockquote,figure,div,section,article";
const NUMBERED = /^[\s(（]*([0-9]+|[a-z]{1,3}|[ivx]+|[一二三四五六七八九十]+)[.、)）．]/i;
const KEPT = { A: ["href"], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan"], IMG: ["src", "alt"] };

// Styles are renamed before anything reads them: the content policy must not even be asked.
const unstyled = (html) => html.replace(DRAWN, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));

// The clean HTML, and how many pictures had to stay behind.
export function cleaned(html) {
  const body = inert(unstyled(html));
  if (body.querySelector("[data-pm-slice]")) return { html, pictures: 0 };
  let pictures = 0;
  for (const img of body.querySelectorAll("img,v\\:imagedata")) {
    if (!/^\/files\//.test(img.getAttribute("src") || "")) { pictures += 1; img.remove(); }
  }
  for (const marker of body.querySelectorAll('[data-style*="mso-list:Ignore" i]')) markerOf(marker);
  lists(body);
  bold(body);
  for (const inner of body.querySelectorAll("div,section,article")) {
    if (!inner.querySelector(BLOCKS)) swap(inner, "p"); else inner.replaceWith(...inner.childNodes);
  }
  for (const cell of body.querySelectorAll("td,th,li")) {
    const only = cell.children.length === 1 && cell.firstElementChild.localName === "p" ? cell.firstElementChild : null;
    if (only && cell.textContent.trim() === only.textContent.trim()) only.replaceWith(...only.childNodes);
  }
  for (const block of body.querySelectorAll("p,h1,h2,h3,h4,h5,h6")) trim(block);
  for (const element of body.querySelectorAll("*")) {
    const keep = KEPT[element.nodeName] || [];
    for (const { name } of [...element.attributes]) if (!keep.includes(name)) element.removeAttribute(name);
  }
  return { html: body.innerHTML, pictures };
}

// The number or the point in front is Word's; the list draws its own.
function markerOf(marker) {
  const point = marker.closest("p,h1,h2,h3,h4,h5,h6,li");
  if (point) point.dataset.marker = marker.textContent.trim();
  marker.remove();
}

function lists(body) {
  let open = []; // the lists that are open, outermost first
  for (const point of [...body.querySelectorAll('p[data-style*="mso-list" i]')]) {
    const level = Number((/level(\d+)/i.exec(point.dataset.style) || [0, 1])[1]);
    const before = point.previousElementSibling;
    if (!open.length || before !== open[0]) open = [];
    open.length = Math.min(open.length, level);
    while (open.length < level) {
      const list = body.ownerDocument.createElement(NUMBERED.test(point.dataset.marker || "") ? "ol" : "ul");
      const parent = open[open.length - 1];
      if (!parent) point.before(list);
      else (parent.lastElementChild || parent.appendChild(body.ownerDocument.createElement("li"))).append(list);
      open.push(list);
    }
    const item = body.ownerDocument.createElement("li");
    item.append(...point.childNodes);
    open[level - 1].append(item);
    point.remove();
  }
}

function bold(body) {
  for (const run of body.querySelectorAll("span[data-style]")) {
    const style = run.dataset.style;
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style) && !run.closest("h1,h2,h3,h4,h5,h6,strong,b")) swap(run, "strong");
    else if (/vertical-align:\s*super/i.test(style)) swap(run, "sup");
    else if (/vertical-align:\s*sub/i.test(style)) swap(run, "sub");
  }
}

function swap(element, tag) {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

// The blanks that people indent with: the style sheet indents.
function trim(block) {
  const texts = block.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    text.data = text.data.replace(/^[\s\u3000\u00a0]+/, "");
    if (text.data) break;
  }
  if (!block.textContent.trim() && !block.querySelector("img")) block.remove();
}
