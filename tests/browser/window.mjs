// What the browser gives and Node does not, so far as the sitting asks for it: a tab's storage, and events.

const kept = new Map();

export const storage = {
  getItem: (name) => (kept.has(name) ? kept.get(name) : null),
  setItem: (name, text) => void kept.set(name, String(text)),
  removeItem: (name) => void kept.delete(name),
};

globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
globalThis.window = Object.assign(new EventTarget(), {
  sessionStorage: storage,
  setInterval: (...more) => setInterval(...more).unref(),
});
