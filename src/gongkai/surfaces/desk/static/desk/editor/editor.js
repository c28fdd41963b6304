// The editor of a draft: takes the place of the plain field when the browser can, and gives it back
// nothing that the office would not keep. Every word that people see stands in the page already.
import { history } from "../../vendored/prosemirror/prosemirror-history.js";
import { gapCursor } from "../../vendored/prosemirror/prosemirror-gapcursor.js";
import { keymap } from "../../vendored/prosemirror/prosemirror-keymap.js";
import { EditorState, NodeSelection } from "../../vendored/prosemirror/prosemirror-state.js";
import { tableEditing } from "../../vendored/prosemirror/prosemirror-tables.js";
import { EditorView } from "../../vendored/prosemirror/prosemirror-view.js";
import { ACTS, KEYS, active, around, goingOn, inTable, insertFigure, insertTable, linked, setAttrs, setLink } from "./acts.js";
import { keep } from "./keeping.js";
import { cleaned } from "./paste.js";
import { inert, load, pictureOf, reachable, save, schema } from "./schema.js";

const root = document.querySelector("[data-editor]");
if (root) mount(root);

function mount(root) {
  const form = root.closest("form");
  const field = form.elements.html;
  const plain = document.querySelector("[data-plain]");
  const says = root.querySelector("[data-says]");
  const bar = root.querySelector("[role=toolbar]");
  const say = (words) => { says.textContent = words; };
  const changed = new Set();
  // Who began to type before this program had come goes on in the plain field.
  if ([...plain.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue)) return;

  const view = new EditorView(root.querySelector("[data-text]"), {
    state: fresh(field.value),
    attributes: {
      role: "textbox", "aria-multiline": "true", "aria-label": root.dataset.label, "aria-describedby": root.dataset.describedby,
      class: "doc__body", lang: "zh-CN",
    },
    nodeViews: { kept: keptView, figure: figureView, table: tableView },
    transformPastedHTML(html) {
      const { html: clean, pictures } = cleaned(html);
      if (pictures) say(root.dataset.left);
      return clean;
    },
    handlePaste: (_view, event) => takeFiles(event.clipboardData, event),
    handleDrop: (_view, event) => takeFiles(event.dataTransfer, event),
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged) { field.value = save(view.state.doc); changed.forEach((tell) => tell()); }
      draw();
    },
  });

  function fresh(html) {
    const doc = load(html), last = doc.lastChild.type.name;
    return EditorState.create({
      doc: last === "paragraph" ? doc : doc.copy(doc.content.addToEnd(schema.node("paragraph"))),
      plugins: [
        keymap({ ...KEYS, "Mod-k": () => open("link"), "Alt-F10": () => { first().focus(); return true; } }),
        history(), gapCursor(), tableEditing(), goingOn,
      ],
    });
  }

  // -- toolbar: one stop of the Tab key, arrows within ----------------------------------------------

  const buttons = [...bar.querySelectorAll("button")];
  const shown = () => buttons.filter((each) => !each.closest("[hidden]"));
  const first = () => shown().find((each) => each.tabIndex === 0) || shown()[0];

  function draw() {
    const table = inTable(view.state);
    for (const group of bar.querySelectorAll("[data-when=table]")) group.hidden = !table;
    for (const button of buttons) {
      const act = button.dataset.act;
      if (ACTS[act]) {
        button.setAttribute("aria-disabled", String(!ACTS[act](view.state)));
        if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(active(view.state, act)));
      }
    }
    if (!shown().some((each) => each.tabIndex === 0)) stop(shown()[0]);
  }

  function stop(button) {
    for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
  }

  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    stop(button);
    const { act, dialog } = button.dataset;
    if (dialog) { open(dialog); return; }
    if (ACTS[act](view.state, view.dispatch, view)) view.focus();
  });
  bar.addEventListener("keydown", (event) => {
    const all = shown(), at = all.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") { view.focus(); event.preventDefault(); }
    if (next === undefined || at < 0) return;
    const goal = all[(next + all.length) % all.length];
    stop(goal); goal.focus(); event.preventDefault();
  });

  // -- dialogs ----------------------------------------------------------------------------------------

  const dialogs = {
    link(inputs) {
      const link = linked(view.state);
      const { from, to } = view.state.selection;
      inputs.href.value = link ? link.href : "";
      inputs.words.value = link ? "" : view.state.doc.textBetween(from, to, " ");
      inputs.words.closest(".field").hidden = Boolean(link) || from !== to;
      return () => {
        const href = inputs.href.value.trim();
        if (href && !reachable(href)) return root.dataset.unreachable;
        return setLink(href, inputs.words.value.trim())(view.state, view.dispatch) ? "" : " ";
      };
    },
    table(inputs) {
      return () => (insertTable(count(inputs.rows), count(inputs.columns))(view.state, view.dispatch) ? "" : " ");
    },
    caption(inputs) {
      const found = around(view.state, "table");
      inputs.caption.value = found ? inert(found.node.attrs.caption).textContent : "";
      return () => {
        const box = document.createElement("i");
        box.textContent = inputs.caption.value.trim();
        return found && setAttrs(found.pos, { caption: box.innerHTML })(view.state, view.dispatch) ? "" : " ";
      };
    },
    picture(inputs, file) {
      const found = around(view.state, "figure");
      inputs.alt.value = found && !file ? found.node.attrs.alt : "";
      inputs.file.value = "";
      inputs.file.closest(".field").hidden = Boolean(file) || Boolean(found);
      return async () => {
        const alt = inputs.alt.value.trim();
        if (!alt) return root.dataset.noalt;
        if (found && !file) return setAttrs(found.pos, { alt })(view.state, view.dispatch) ? "" : " ";
        const chosen = file || inputs.file.files[0];
        if (!chosen) return root.dataset.nofile;
        const answer = await sent(chosen, alt);
        if (answer.src) insertFigure(answer.src, alt)(view.state, view.dispatch);
        return answer.src ? "" : answer.says;
      };
    },
  };
  const count = (input) => Math.min(Math.max(Number(input.value) || 2, 1), Number(input.max));

  function open(name, given) {
    const dialog = document.querySelector(`dialog[data-dialog=${name}]`);
    if (name === "picture" && !root.dataset.upload) { say(root.dataset.first); return true; }
    const inputs = dialog.querySelector("form").elements, wrong = dialog.querySelector("[data-wrong]");
    const done = dialogs[name](inputs, given);
    wrong.textContent = "";
    // "close" comes a task later: what is typed in between would go to the button that opened the dialog.
    const leave = () => { dialog.close(); view.focus(); };
    dialog.querySelector("form").onsubmit = async (event) => {
      event.preventDefault();
      if (event.submitter && event.submitter.value === "cancel") { leave(); return; }
      const trouble = await done();
      wrong.textContent = trouble;
      if (!trouble) leave();
    };
    dialog.onclose = () => view.focus(); // by Escape
    dialog.showModal();
    return true;
  }

  async function sent(file, alt) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("alt", alt);
    data.append("picture", file);
    try {
      const answer = await fetch(root.dataset.upload, { method: "POST", body: data, headers: { Accept: "application/json" } });
      return await answer.json();
    } catch {
      return { says: root.dataset.failed };
    }
  }

  function takeFiles(data, event) {
    const file = data && [...data.files].find((each) => /^image\/(png|jpeg)$/.test(each.type));
    if (!file || (data.getData("text/html") && data.types.includes("text/plain"))) return false;
    event.preventDefault();
    return open("picture", file);
  }

  // -- how some blocks look ---------------------------------------------------------------------------

  function keptView(node) {
    const dom = document.createElement("div");
    dom.className = "editor__kept";
    dom.title = root.dataset.kept;
    dom.append(...inert(node.attrs.html).childNodes);
    return { dom };
  }

  function figureView(node, _view, getPos) {
    const dom = document.createElement("figure"), img = document.createElement("img"), contentDOM = document.createElement("figcaption");
    contentDOM.dataset.placeholder = root.dataset.caption;
    const show = (now) => {
      const [, , name] = pictureOf(now.attrs.src);
      img.src = root.dataset.pictures + name;
      img.alt = now.attrs.alt;
      if (now.attrs.alt.trim()) delete dom.dataset.silent; else dom.dataset.silent = root.dataset.silent;
      contentDOM.classList.toggle("untold", !now.content.size);
    };
    show(node);
    img.onmousedown = (event) => { // a click on a picture means the picture
      event.preventDefault();
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, getPos())));
      view.focus();
    };
    dom.append(img, contentDOM);
    return { dom, contentDOM, update: (now) => now.type === node.type && (show(now), true), ignoreMutation: (one) => !contentDOM.contains(one.target) && one.type !== "selection", stopEvent: (event) => event.target === img && event.type === "mousedown", selectNode: () => dom.classList.add("picked"), deselectNode: () => dom.classList.remove("picked") };
  }

  function tableView(node) {
    const dom = document.createElement("div"), table = document.createElement("table"), caption = document.createElement("caption"), contentDOM = document.createElement("tbody");
    dom.className = "editor__table";
    caption.contentEditable = "false";
    const show = (now) => { caption.textContent = inert(now.attrs.caption).textContent; caption.hidden = !now.attrs.caption; };
    show(node);
    table.append(caption, contentDOM);
    dom.append(table);
    return { dom, contentDOM, update: (now) => now.type === node.type && (show(now), true), ignoreMutation: (one) => !contentDOM.contains(one.target) && one.type !== "selection" };
  }

  // -- beginning ----------------------------------------------------------------------------------------

  field.disabled = false;
  for (const control of plain.querySelectorAll("textarea")) control.disabled = true;
  plain.hidden = true;
  root.hidden = false;
  stop(buttons[0]);
  draw();

  keep(form, {
    words: root.dataset,
    say: root.querySelector("[data-state]"),
    offer: root.querySelector("[data-offer]"),
    changed: (tell) => changed.add(tell),
    body: () => field.value,
    put(html) { field.value = html; view.updateState(fresh(html)); draw(); },
  });
  root.editor = view; // for whoever looks from the console, and the tests
}
