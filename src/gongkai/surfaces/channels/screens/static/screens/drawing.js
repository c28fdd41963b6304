// Small parts of a page. All words go in as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";

export const words = JSON.parse(document.body.dataset.words);

export function say(name, ...values) {
  return values.reduce((told, value) => told.replace("%s", value), words[name]);
}

export function make(tag, className = "", ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside.filter((each) => each !== null && each !== undefined && each !== ""));
  return made;
}

export function code({ side, path }, label) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("class", "qr");
  drawn.setAttribute("viewBox", `-2 -2 ${side + 4} ${side + 4}`);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", label);
  drawn.setAttribute("shape-rendering", "crispEdges");
  const strokes = document.createElementNS(SVG, "path");
  strokes.setAttribute("d", path);
  strokes.setAttribute("stroke", "#000");
  drawn.append(strokes);
  return drawn;
}

export function button(label, act, className = "") {
  const made = make("button", `press ${className}`.trim(), label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

const MARKS = new Set(["strong", "em", "sup", "sub"]);

// Marked words as runs of one style each: [["text", ["strong"]], …].
export function runs(nodes, marks = []) {
  return nodes.flatMap((node) => {
    if (typeof node === "string") return [[node, marks]];
    if (node.t === "br") return [["\n", marks]];
    return runs(node.in ?? [], MARKS.has(node.t) ? [...marks, node.t] : marks);
  });
}

export function write(into, told) {
  for (const [text, marks] of told) {
    let place = into;
    for (const mark of marks) {
      const made = document.createElement(mark);
      place.append(made);
      place = made;
    }
    place.append(text);
  }
  return into;
}

export const characters = (told) => told.reduce((sum, [text]) => sum + [...text].length, 0);

// The runs cut in two after so many characters, never inside one of two halves (𠮷).
export function cut(told, at) {
  const first = [];
  const rest = [];
  let left = at;
  for (const [text, marks] of told) {
    const letters = [...text];
    if (left >= letters.length) first.push([text, marks]);
    else if (left <= 0) rest.push([text, marks]);
    else {
      first.push([letters.slice(0, left).join(""), marks]);
      rest.push([letters.slice(left).join(""), marks]);
    }
    left -= letters.length;
  }
  return [first, rest];
}
