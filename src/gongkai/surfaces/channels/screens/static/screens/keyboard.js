// Keys on the panel: Chinese by its sounds, letters, figures and signs. A keyboard that is plugged in
// does the same. What is written lives here and in the page alone, and goes with it.
import { button, make, say } from "./drawing.js";

const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const FACES = {
  zh: LETTERS,
  en: LETTERS.map((row) => row.toUpperCase()),
  num: ["1234567890", "-/（）《》：；、·", "，。？！“”%+"],
};
const MOST_LETTERS = 60;

export class Keyboard {
  // `engine` knows what letters mean; `changed` hears of every change; `most` characters are taken.
  constructor(engine, changed, { most = 40, lines = false, text = "" } = {}) {
    this.engine = engine;
    this.most = most;
    this.lines = lines;
    this.text = text;
    this.letters = ""; // not yet characters
    this.face = "zh";
    this.pages = [0]; // where the pages of candidates begin that were turned to
    this.paper = make("output", "kiosk__typed");
    this.paper.setAttribute("aria-label", say("typed"));
    this.row = make("div", "kiosk__choices");
    this.row.setAttribute("role", "group");
    this.row.setAttribute("aria-label", say("choices"));
    this.keys = make("div", "kiosk__keys");
    this.keys.setAttribute("role", "group");
    this.keys.setAttribute("aria-label", say("keys"));
    this.element = make("section", "kiosk__board", this.row, this.keys);
    // A touch leaves the focus where it was: Enter on a plugged-in keyboard must not press a key again.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.heard = (event) => this.plugged(event);
    document.addEventListener("keydown", this.heard);
    this.changed = () => {}; // nobody looks yet
    this.draw();
    this.changed = changed;
  }

  // What has been written, with the letters that are no characters yet.
  get query() {
    return this.text + this.letters;
  }

  // Has to be called before the page goes: it listens to keys, and what was written must not stay.
  close() {
    document.removeEventListener("keydown", this.heard);
    this.text = this.letters = "";
    this.paper.replaceChildren();
    this.row.replaceChildren();
  }

  draw() {
    const key = (told) => button(told, () => this.press(told), "press--key");
    const faces = ["zh", "en", "num"].map((name) => {
      const made = button(say(`face-${name}`), () => this.turn(name), "press--key press--act");
      made.setAttribute("aria-pressed", String(this.face === name));
      return made;
    });
    const erase = button("⌫", () => this.erase(), "press--key press--act");
    erase.setAttribute("aria-label", say("erase"));
    const space = button(say("space"), () => this.press(" "), "press--key press--act press--space");
    this.keys.replaceChildren(
      ...FACES[this.face].map((row, n) =>
        make("div", "", ...[...row].map(key), n === FACES[this.face].length - 1 ? erase : ""),
      ),
      make(
        "div",
        "",
        ...faces,
        ...(this.face === "zh" ? [key("，"), key("。")] : []),
        space,
        this.lines ? button(say("line"), () => this.press("\n"), "press--key press--act") : "",
        button(say("clear"), () => this.clear(), "press--key press--act"),
      ),
    );
    this.tell();
  }

  turn(face) {
    this.settle();
    this.face = face;
    this.draw();
  }

  press(told) {
    if (this.face === "zh" && /^[a-z]$/.test(told)) {
      if (this.letters.length < MOST_LETTERS && this.room) this.letters += told;
    } else if (told === " " && this.letters) {
      return this.choose(this.offered[0]);
    } else {
      this.settle();
      this.write(told);
    }
    this.pages = [0];
    this.tell();
  }

  // Letters go before characters: nothing that was chosen is lost by a slip.
  erase() {
    if (this.letters) this.letters = this.letters.slice(0, -1);
    else this.text = [...this.text].slice(0, -1).join("");
    this.pages = [0];
    this.tell();
  }

  clear() {
    this.text = this.letters = "";
    this.pages = [0];
    this.tell();
  }

  // Put a text that was not typed, such as a word that is offered.
  put(text) {
    this.letters = "";
    this.text = "";
    this.write(text);
    this.tell();
  }

  choose({ text, used }) {
    this.letters = this.letters.slice(used);
    this.write(text);
    this.pages = [0];
    this.tell();
  }

  // Letters that are followed by something else are what they look like: 青溪-JC.
  settle() {
    const left = this.letters;
    this.letters = "";
    this.write(left.toUpperCase());
  }

  write(told) {
    this.text = [...this.text, ...told].slice(0, this.most).join("");
  }

  get room() {
    return [...this.text].length < this.most;
  }

  get offered() {
    const found = this.letters ? this.engine.offered(this.letters) : [];
    return found.length ? found : [{ text: this.letters.toUpperCase(), used: this.letters.length }];
  }

  tell() {
    this.paper.replaceChildren(this.text, this.letters ? make("u", "", this.letters) : "", make("i", "kiosk__caret"));
    this.paper.scrollTop = this.paper.scrollHeight;
    this.lay();
    this.changed();
  }

  // As many candidates as there is room for, with a way to the others.
  lay() {
    if (!this.letters) {
      this.row.replaceChildren();
      return;
    }
    const every = this.offered;
    const begin = this.pages.at(-1);
    const before = this.arrow("‹", "choicesBefore", () => this.pages.pop(), this.pages.length > 1);
    const shown = make("div", "kiosk__candidates");
    const after = this.arrow("›", "choicesNext", () => this.pages.push(end), true);
    this.row.replaceChildren(before, shown, after);
    let end = begin;
    while (end < every.length && end - begin < 9) {
      const each = every[end];
      shown.append(button(each.text, () => this.choose(each), "press--choice"));
      if (shown.scrollWidth > shown.clientWidth && end > begin) {
        shown.lastChild.remove();
        break;
      }
      end += 1;
    }
    after.disabled = end >= every.length;
  }

  arrow(sign, name, turn, there) {
    const made = button(
      sign,
      () => {
        turn();
        this.lay();
      },
      "press--arrow",
    );
    made.setAttribute("aria-label", say(name));
    made.disabled = !there;
    return made;
  }

  // A keyboard that is plugged in. Figures choose while there are letters, as everywhere.
  plugged(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const { key } = event;
    const own = event.target.closest?.("button");
    if (own && (key === "Enter" || (key === " " && !this.letters))) return; // it presses that button
    if (key === "Backspace") this.erase();
    else if (key === "Escape") this.clear();
    else if (this.letters && (key === "PageDown" || key === "PageUp"))
      this.row.querySelector(key === "PageDown" ? ":scope > :last-child" : ":scope > :first-child").click();
    else if (this.letters && /^[1-9]$/.test(key))
      this.row.querySelectorAll(".press--choice")[Number(key) - 1]?.click();
    else if (key === "Enter" && (this.letters || this.lines)) {
      if (this.letters) this.settle();
      else this.write("\n");
      this.tell();
    } else if ([...key].length === 1) this.press(this.face === "zh" && /^[A-Z]$/.test(key) ? key.toLowerCase() : key);
    else return;
    event.preventDefault();
  }
}
