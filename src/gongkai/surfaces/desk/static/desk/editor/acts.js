// What the toolbar and the keys do to the text.
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "../../vendored/prosemirror/prosemirror-commands.js";
import { redo, undo } from "../../vendored/prosemirror/prosemirror-history.js";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "../../vendored/prosemirror/prosemirror-schema-list.js";
import { NodeSelection, Plugin, TextSelection } from "../../vendored/prosemirror/prosemirror-state.js";
import {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, mergeCells,
  splitCell, toggleHeader, toggleHeaderCell,
} from "../../vendored/prosemirror/prosemirror-tables.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

export function around(state, ...names) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (names.includes(node.type.name)) return { node, pos: $from.before(depth), depth };
  }
  const picked = state.selection instanceof NodeSelection && state.selection.node;
  return picked && names.includes(picked.type.name) ? { node: picked, pos: state.selection.from, depth: 0 } : null;
}

const listed = (type) => (state, dispatch) => {
  const inside = around(state, "bullets", "numbers");
  if (!inside) return wrapInList(type)(state, dispatch);
  if (inside.node.type === type) return liftListItem(nodes.item)(state, dispatch);
  if (dispatch) dispatch(state.tr.setNodeMarkup(inside.pos, type));
  return true;
};

const quoted = (state, dispatch) => (around(state, "quote") ? lift(state, dispatch) : wrapIn(nodes.quote)(state, dispatch));

// A row of heading cells is the head of its table as well.
const headed = (state, dispatch) => toggleHeader("row")(state, dispatch && ((tr) => {
  const found = around(state, "table");
  const table = tr.doc.nodeAt(found.pos);
  let pos = found.pos + 1, head = true;
  table.forEach((row) => {
    let all = row.childCount > 0;
    row.forEach((each) => { all = all && each.type === nodes.th; });
    head = head && all;
    const part = head ? "thead" : row.attrs.part === "thead" ? "tbody" : row.attrs.part;
    if (part !== row.attrs.part) tr.setNodeMarkup(pos, null, { part });
    pos += row.nodeSize;
  });
  dispatch(tr);
}));

const block = (type, attrs) => (state, dispatch) => setBlockType(type, attrs)(state, dispatch);

export const ACTS = {
  undo, redo,
  paragraph: block(nodes.paragraph),
  h2: block(nodes.heading, { level: 2 }),
  h3: block(nodes.heading, { level: 3 }),
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  bullets: listed(nodes.bullets),
  numbers: listed(nodes.numbers),
  quote: quoted,
  "row-before": addRowBefore, "row-after": addRowAfter, "row-delete": deleteRow,
  "column-before": addColumnBefore, "column-after": addColumnAfter, "column-delete": deleteColumn,
  "head-row": headed, "head-column": toggleHeader("column"), "head-cell": toggleHeaderCell,
  merge: mergeCells, split: splitCell,
  "table-delete": deleteTable,
};

export function active(state, name) {
  const { $from, from, to, empty } = state.selection;
  if (name === "strong" || name === "em") {
    const mark = marks[name];
    return empty ? Boolean(mark.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, mark);
  }
  if (name === "h2" || name === "h3") return $from.parent.type === nodes.heading && $from.parent.attrs.level === Number(name[1]);
  if (name === "paragraph") return $from.parent.type === nodes.paragraph;
  return ["bullets", "numbers", "quote"].includes(name) && Boolean(around(state, name));
}

export const inTable = isInTable;

// -- what dialogs bring ---------------------------------------------------------------------------------

export function insertTable(rows, columns) {
  return (state, dispatch) => {
    const line = (type) => Array.from({ length: columns }, () => type.createAndFill());
    const body = Array.from({ length: rows }, (_none, row) =>
      row ? nodes.row.create(null, line(nodes.td)) : nodes.row.create({ part: "thead" }, line(nodes.th)));
    return insert(nodes.table.create(null, body))(state, dispatch);
  };
}

export const insertFigure = (src, alt, caption) => insert(nodes.figure.create({ src, alt }, caption ? schema.text(caption) : null));

// Behind the outermost block at hand, or in its place while it is empty.
function insert(node) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const top = $from.depth ? $from.node(1) : null;
    const blank = top && top.type === nodes.paragraph && !top.content.size;
    const pos = $from.depth ? (blank ? $from.before(1) : $from.after(1)) : state.selection.to;
    if (dispatch) {
      const tr = blank ? state.tr.replaceWith(pos, $from.after(1), node) : state.tr.insert(pos, node);
      dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(pos + 1))).scrollIntoView());
    }
    return true;
  };
}

export function setLink(href, words) {
  return (state, dispatch) => {
    const { from, to, empty } = linked(state) || state.selection;
    const tr = state.tr;
    if (!href) tr.removeMark(from, to, marks.link);
    else if (empty) tr.insert(from, schema.text(words || href, [marks.link.create({ href })]));
    else tr.addMark(from, to, marks.link.create({ href }));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

// Where the link at the cursor begins and ends.
export function linked(state) {
  const { $from, empty } = state.selection;
  const mark = marks.link.isInSet($from.marks()) || ($from.nodeAfter && marks.link.isInSet($from.nodeAfter.marks));
  if (!empty || !mark) return null;
  let found = null, start = $from.start();
  $from.parent.forEach((child, offset) => {
    const from = start + offset, to = from + child.nodeSize;
    if (!mark.isInSet(child.marks)) { if (to <= $from.pos) found = null; return; }
    if (found && found.to === from) found.to = to;
    else if (!found || found.to < $from.pos) found = { from, to, empty: false, href: mark.attrs.href };
  });
  return found;
}

export function setAttrs(pos, attrs) {
  return (state, dispatch) => {
    dispatch(state.tr.setNodeMarkup(pos, null, { ...state.doc.nodeAt(pos).attrs, ...attrs }));
    return true;
  };
}

// A text ends in a line to go on in, whatever was put last; an empty one is never saved.
export const goingOn = new Plugin({
  appendTransaction(_all, _before, state) {
    const end = state.doc.lastChild.type === nodes.paragraph;
    return end ? null : state.tr.insert(state.doc.content.size, nodes.paragraph.create());
  },
});

// -- keys -----------------------------------------------------------------------------------------------

const outOfFigure = (state, dispatch) => {
  const inside = around(state, "figure");
  if (!inside) return false;
  if (dispatch) {
    const after = inside.pos + inside.node.nodeSize;
    const tr = state.tr.insert(after, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  }
  return true;
};

const broken = chainCommands(exitCode, (state, dispatch) => {
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.br.create()).scrollIntoView());
  return true;
});

export const KEYS = {
  ...baseKeymap,
  "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo,
  "Mod-b": ACTS.strong, "Mod-i": ACTS.em,
  "Mod-Alt-0": ACTS.paragraph, "Mod-Alt-2": ACTS.h2, "Mod-Alt-3": ACTS.h3,
  "Mod-Shift-7": ACTS.numbers, "Mod-Shift-8": ACTS.bullets,
  "Mod-]": sinkListItem(nodes.item), "Mod-[": liftListItem(nodes.item),
  Enter: chainCommands(outOfFigure, splitListItem(nodes.item), baseKeymap.Enter),
  "Shift-Enter": broken,
  Tab: goToNextCell(1), "Shift-Tab": goToNextCell(-1), // at the last cell Tab leaves the text, as everywhere
};
