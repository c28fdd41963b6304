// What the display keeps: small things by name, contents by their addresses. Where the browser keeps
// nothing (storage full, no secure connection) both live in memory, and `full` tells the desk.
const NAME = "gongkai-screen.";
const CONTENT = "content";
const MOST_IN_MEMORY = 80;

let over = false; // everything was forgotten: what is still on its way is not kept any more
const memory = new Map();
const bodies = new Map();
export const state = { full: false };

// Whether this browser can start without a network: opened without https none keeps a worker.
export const holds = () => Boolean(globalThis.isSecureContext && navigator.serviceWorker);

export function get(name) {
  if (memory.has(name)) return memory.get(name);
  try {
    const value = JSON.parse(localStorage.getItem(NAME + name) ?? "null");
    memory.set(name, value);
    return value;
  } catch {
    return null; // broken: as if it were not there
  }
}

export function put(name, value) {
  if (over) return false;
  memory.set(name, value);
  try {
    localStorage.setItem(NAME + name, JSON.stringify(value));
    return true;
  } catch {
    state.full = true;
    return false;
  }
}

export function forget() {
  over = true;
  memory.clear();
  bodies.clear();
  for (const key of Object.keys(localStorage)) if (key.startsWith(NAME)) localStorage.removeItem(key);
  globalThis.caches?.delete(CONTENT);
}

// The JSON value at an address that never changes what it says; throws where there is none.
export async function content(address) {
  if (bodies.has(address)) return bodies.get(address);
  const store = await opened();
  let answer = await store?.match(address);
  if (!answer) {
    answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    await save(store, address, answer.clone());
  }
  let value;
  try {
    value = await answer.json();
  } catch (broken) {
    await store?.delete(address); // half written: the next time it is fetched anew
    throw broken;
  }
  bodies.set(address, value);
  if (bodies.size > MOST_IN_MEMORY) bodies.delete(bodies.keys().next().value);
  return value;
}

// Have a picture ready; one that cannot be had is shown as its words.
export async function picture(address) {
  const store = await opened();
  if (await store?.match(address)) return true;
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.ok) await save(store, address, answer);
    return answer.ok;
  } catch {
    return false;
  }
}

// Let go of everything but these addresses.
export async function only(addresses) {
  const wanted = new Set(addresses);
  for (const address of bodies.keys()) if (!wanted.has(address)) bodies.delete(address);
  const store = await opened();
  for (const each of (await store?.keys()) ?? [])
    if (!wanted.has(new URL(each.url).pathname)) await store.delete(each);
}

export async function used() {
  try {
    return (await navigator.storage.estimate()).usage ?? 0;
  } catch {
    return 0;
  }
}

async function opened() {
  try {
    return await globalThis.caches?.open(CONTENT);
  } catch {
    state.full = true;
    return undefined;
  }
}

async function save(store, address, answer) {
  if (over) return;
  try {
    await store?.put(address, answer);
    if (store) state.full = false;
  } catch {
    state.full = true;
  }
}
