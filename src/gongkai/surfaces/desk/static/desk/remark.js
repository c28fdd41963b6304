// Words selected in the text become the place of the comment; without this, the block is chosen.
"use strict";

const form = document.querySelector("[data-remark]");
const sheet = document.querySelector(".sheet .doc__body");
const LONGEST = 200;

function block(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element && sheet.contains(element) ? element.closest("[id^=p]") : null;
}

function take() {
  const chosen = document.getSelection();
  if (!chosen || chosen.isCollapsed || !chosen.anchorNode) return;
  const range = chosen.getRangeAt(0);
  const found = block(range.startContainer);
  if (!found) return;
  if (block(range.endContainer) !== found) range.setEndAfter(found.lastChild); // one block at a time
  form.elements.block.value = found.id.slice(1);
  const words = range.toString().replace(/\s+/g, " ").trim();
  form.elements.quote.value = words.length > LONGEST ? "" : words;
}

if (form && sheet) {
  document.querySelector("[data-selecting]").hidden = false;
  document.addEventListener("selectionchange", take);
}
