// What time it is, whatever the display's own clock says: the server's time, carried on by a clock
// that nobody can set.
const FAST = 5000; // an answer that took longer tells the time too vaguely
const KEY = "gongkai-screen.time";

let offset = 0; // the server's time less this machine's
let known = 0; // no time before this one is believed: it has been already
let base = null; // the server's time at a reading of the steady clock

try {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  offset = Number(kept.offset) || 0;
  known = Number(kept.known) || 0;
} catch {
  // nothing kept, or not ours: the machine's own clock must do until the server answers
}

export function now() {
  const told = base ? base.at + (performance.now() - base.steady) : Date.now() + offset;
  known = Math.max(known, told);
  return known;
}

// Hears the server's time from an answer's Date, which has whole seconds: half of one is added.
export function hear(answer, asked) {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  const took = performance.now() - asked;
  if (Number.isNaN(told) || took > FAST) return;
  const at = told + 500 + took / 2;
  if (base && Math.abs(base.at + (performance.now() - base.steady) - at) < 1500) {
    offset = now() - Date.now();
    return;
  }
  known = Math.min(known, at + 1000); // a server that was put right is believed
  base = { at, steady: performance.now() };
  offset = at - Date.now();
}

// Thousandths of a second by which this machine's clock is slow.
export const wrong = () => Math.round(offset);

export function remember() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ offset: Math.round(offset), known: Math.round(now()) }));
  } catch {
    // the storage is full: the next start goes by the machine's clock
  }
}

// The civil time in a zone: hours and minutes, day of the week (0 is Monday), minute of the day.
const formats = new Map();
export function civil(at, zone) {
  if (!formats.has(zone)) {
    formats.set(
      zone,
      new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }),
    );
  }
  const told = Object.fromEntries(formats.get(zone).formatToParts(at).map((each) => [each.type, each.value]));
  const [year, month, day] = [told.year, told.month, told.day].map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  const minute = Number(told.hour) * 60 + Number(told.minute);
  return { year, month, day, weekday, minute, time: `${Number(told.hour)}:${told.minute}` };
}

// 2026-11-26T10:00:00Z, the one form of instants between display and office.
export const stamp = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;
