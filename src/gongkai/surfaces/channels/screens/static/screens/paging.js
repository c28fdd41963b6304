// An item cut into pages that fit the panel, each with the seconds that it takes to be read.
import { characters, cut, make, runs, say, write } from "./drawing.js";

const A_SECOND = 4.5; // characters that are read in it, from a few metres
const LOOK = 4; // seconds until somebody has found where to begin
const SHORTEST = 8;
const PICTURE = 8;
const STOPS = "。！？；，、：”）";

// The pages of `blocks` as they fit into `box`, an empty element that stands in the page. `turned` is
// called after the first: it may make room.
export function paged(blocks, box, turned) {
  const waiting = pieces(blocks);
  const pages = [];
  let page = [];
  const fits = () => box.scrollHeight <= box.clientHeight + 1;
  const turn = () => {
    const kept = page.at(-1)?.keep && page.length > 1 ? page.pop() : null;
    if (page.length) pages.push(page);
    if (pages.length === 1) turned();
    page = kept ? [kept] : [];
    box.replaceChildren(...page.map((each) => each.draw()));
  };
  box.replaceChildren();
  while (waiting.length) {
    const piece = waiting.shift();
    const drawn = piece.draw();
    box.append(drawn);
    if (fits()) {
      page.push(piece);
      continue;
    }
    drawn.remove();
    const halves = piece.split?.((part) => {
      const tried = part.draw();
      box.append(tried);
      const good = fits();
      tried.remove();
      return good;
    });
    if (halves) {
      page.push(halves[0]);
      waiting.unshift(...halves.slice(1));
      turn();
    } else if (page.length && !(page.length === 1 && page[0].keep)) {
      waiting.unshift(piece);
      turn();
    } else if (piece.smaller) {
      waiting.unshift(...piece.smaller());
    } else {
      page.push(piece); // nothing smaller can be made of it: the panel cuts it off
      box.append(drawn);
      turn();
    }
  }
  if (page.length) pages.push(page);
  box.replaceChildren();
  return pages.map((each) => ({ pieces: each, seconds: seconds(each) }));
}

export const draw = (page) => page.pieces.map((each) => each.draw());

function seconds(page) {
  const read = page.reduce((sum, each) => sum + each.weight, 0) / A_SECOND;
  const looked = page.filter((each) => each.picture).length * PICTURE;
  return Math.max(SHORTEST, Math.round(LOOK + read + looked));
}

function pieces(blocks, className = "") {
  return blocks.flatMap((block) => {
    switch (block.t) {
      case "p":
        return paragraph(runs(block.in), `text ${className}`.trim());
      case "h":
        return heading(runs(block.in), block.level);
      case "list":
        return block.items.flatMap((point, n) =>
          pieces(point, "point").map((each, m) =>
            m === 0 && each.lead ? each.lead(block.ordered ? `${n + 1}. ` : "• ") : each,
          ),
        );
      case "quote":
        return pieces(block.in, "quote");
      case "figure":
        return figure(block);
      case "table":
        return table(block);
      default:
        return [];
    }
  });
}

function paragraph(told, className) {
  const whole = characters(told);
  return {
    weight: whole,
    draw: () => write(make("p", className), told),
    lead: (mark) => paragraph([[mark, []], ...told], className),
    // The most that fits, if possible up to the end of a clause.
    split(fits) {
      let low = 0;
      let high = whole - 1;
      const first = (at) => paragraph(cut(told, at)[0], className);
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (fits(first(middle))) low = middle;
        else high = middle - 1;
      }
      if (low < 1) return null;
      const letters = [...told.map(([text]) => text).join("")];
      let at = low;
      while (at > low - 40 && at > 1 && !STOPS.includes(letters[at - 1])) at -= 1;
      if (!STOPS.includes(letters[at - 1])) at = low;
      return [first(at), paragraph(cut(told, at)[1], `${className} goes-on`)];
    },
  };
}

const heading = (told, level) => ({
  weight: characters(told),
  keep: true, // never the last of its page
  draw: () => write(make(level === 2 ? "h2" : "h3"), told),
});

function figure({ picture, alt, caption }) {
  const told = runs(caption);
  if (!picture) {
    const name = told.map(([text]) => text).join("") || alt || "—";
    return [paragraph([[say("picture", name), []]], "text aside")];
  }
  return [
    {
      weight: characters(told),
      picture: true,
      draw() {
        const drawn = make("img");
        drawn.src = `/screen/c/${picture}`;
        drawn.alt = alt;
        return make("figure", "", drawn, told.length ? write(make("figcaption"), told) : "");
      },
    },
  ];
}

const DENSE = 8; // rows from which on the letters are the smallest that can be read
const WIDEST = 12;
const NARROWEST = 3;

function table(block) {
  const caption = runs(block.caption);
  if (block.part) {
    const { from, to, of } = block.part;
    caption.push([` ${say("columns", from, to, of)}`, []]);
  }
  return rows(block, caption, block.heads, block.rows, columns(block));
}

// How wide each column wants to be, in percent, and which hold figures alone.
function columns(block) {
  const wide = Array(block.columns).fill(NARROWEST);
  const figures = Array(block.columns).fill(block.rows > block.heads);
  for (const cell of block.cells) {
    if (cell.w > 1) continue;
    const letters = characters(runs(cell.in));
    wide[cell.x] = Math.max(wide[cell.x], Math.min(WIDEST, letters));
    if (cell.y >= block.heads && letters && !cell.number) figures[cell.x] = false;
  }
  const whole = wide.reduce((sum, each) => sum + each, 0);
  return wide.map((each, x) => ({ width: `${(100 * each) / whole}%`, figures: figures[x] }));
}

// The body rows from `start` to `stop` of a table, under its head.
function rows(block, caption, start, stop, shape) {
  const shown = block.cells.filter((each) => each.y < block.heads || inside(each, start, stop));
  const counted = (cell) => cell.number || (cell.head && cell.w === 1 && shape[cell.x].figures);
  const weight = shown.reduce((sum, each) => sum + characters(runs(each.in)), 0);
  return {
    weight,
    draw() {
      const dense = block.rows - block.heads > DENSE ? "dense" : "";
      const drawn = make("table", dense, caption.length ? write(make("caption"), caption) : "");
      const wide = make("colgroup");
      for (const { width } of shape) {
        const column = make("col");
        column.style.width = width;
        wide.append(column);
      }
      drawn.append(wide);
      const lines = [...range(0, block.heads), ...range(start, stop)];
      for (const y of lines) {
        const row = make("tr");
        for (const cell of shown) {
          const first = cell.y < block.heads ? cell.y : Math.max(cell.y, start);
          if (first !== y) continue;
          const made = write(make(cell.head ? "th" : "td", counted(cell) ? "n" : ""), runs(cell.in));
          made.colSpan = cell.w;
          made.rowSpan = Math.min(cell.y + cell.h, y < block.heads ? block.heads : stop) - y;
          row.append(made);
        }
        drawn.append(row);
      }
      return drawn;
    },
    split(fits) {
      let low = start;
      let high = stop - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (fits(rows(block, caption, start, middle, shape))) low = middle;
        else high = middle - 1;
      }
      if (low <= start) return null;
      return [rows(block, caption, start, low, shape), rows(block, caption, low, stop, shape)];
    },
    // A row that is taller than the panel is read out: the head of each column, then what it says.
    // What spans several rows is read with the first, the first column with the first of its parts.
    smaller() {
      if (stop - start > 1)
        return [rows(block, caption, start, start + 1, shape), rows(block, caption, start + 1, stop, shape)];
      const heads = new Map(
        block.cells.filter((each) => each.y < block.heads).map((each) => [each.x, runs(each.in)]),
      );
      const begun = (block.part?.from ?? 0) > 2;
      return block.cells
        .filter((each) => (start < stop ? each.y >= start && each.y < stop : true))
        .filter((each) => !(begun && each.x === 0))
        .map((each) => {
          const head = heads.get(each.x) ?? [];
          return paragraph([...head, ...(head.length ? [["：", []]] : []), ...runs(each.in)], "text");
        });
    },
  };
}

const inside = (cell, start, stop) => cell.y < stop && cell.y + cell.h > start;
const range = (start, stop) => Array.from({ length: Math.max(0, stop - start) }, (_, n) => start + n);
