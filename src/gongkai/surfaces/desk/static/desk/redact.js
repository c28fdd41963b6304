// Draws a box over a page and hands it to the form beside; without this, its numbers are typed.
"use strict";

const WHOLE = 10000;
const SMALLEST = 30; // ten-thousandths: less is a slip of the finger
const paper = document.querySelector("[data-draw]");
const form = document.getElementById("place");
let begun = null;
let rect = null;

function place(event) {
  const edge = paper.querySelector("img").getBoundingClientRect();
  const part = (at, from, size) => Math.round(Math.min(Math.max((at - from) / size, 0), 1) * WHOLE);
  return [part(event.clientX, edge.left, edge.width), part(event.clientY, edge.top, edge.height)];
}

function box(event) {
  const [x, y] = place(event);
  const [left, top] = [Math.min(x, begun[0]), Math.min(y, begun[1])];
  return { left, top, width: Math.abs(x - begun[0]), height: Math.abs(y - begun[1]) };
}

function forget() {
  if (rect) rect.remove();
  begun = rect = null;
}

function start(event) {
  if (event.button !== 0 || event.pointerType === "touch") return; // a finger scrolls
  event.preventDefault();
  paper.setPointerCapture(event.pointerId);
  begun = place(event);
  rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rect.classList.add("new");
  paper.querySelector("svg").append(rect);
}

function move(event) {
  if (!begun) return;
  const { left, top, width, height } = box(event);
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
    rect.setAttribute(name, value);
  }
}

function end(event) {
  if (!begun) return;
  const drawn = box(event);
  if (drawn.width < SMALLEST || drawn.height < SMALLEST) return forget();
  begun = null;
  for (const [name, value] of Object.entries(drawn)) form.elements[name].value = (value / 100).toFixed(2);
  form.requestSubmit();
}

if (paper && form) {
  paper.addEventListener("pointerdown", start);
  paper.addEventListener("pointermove", move);
  paper.addEventListener("pointerup", end);
  paper.addEventListener("pointercancel", forget);
  document.addEventListener("keydown", (event) => event.key === "Escape" && forget());
}
if (document.querySelector("[data-working]")) setTimeout(() => location.reload(), 3000);
