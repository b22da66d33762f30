// Building elements. Text always goes in as text: nothing in this folder ever parses HTML.

let counter = 0;

/** A fresh id for labels; the counter is shared because JupyterLab loads this text once for each activity. */
export function freshId(what) {
  const home = globalThis[Symbol.for("alongside.ids")] || (globalThis[Symbol.for("alongside.ids")] = { next: 0 });
  counter = home.next += 1;
  return "alongside-" + what + "-" + counter;
}

/** An element with attributes, listeners (functions under "onclick" and the like) and children. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(words, press, attributes) {
  return h("button", { type: "button", onclick: press, ...attributes }, words);
}

/** A folded list below an activity, for whoever wants it. */
export const folded = (title, texts) =>
  h("details", {}, h("summary", {}, title), h("ul", {}, texts.map((text) => h("li", {}, text))));

/** JupyterLab's shortcuts would take keys meant for us: "d d" deleted the cell, Enter made no line. It may save. */
export function keepKeys(element) {
  const saves = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
  for (const name of ["keydown", "keypress", "keyup"]) {
    element.addEventListener(name, (event) => saves(event) || event.stopPropagation());
  }
}

/** What every box that a learner writes in carries: no memory, no spell check that could send text out. */
export const PRIVATE = {
  autocomplete: "off",
  spellcheck: "false",
  autocapitalize: "sentences",
  "data-gramm": "false",
  "data-gramm_editor": "false",
  "data-enable-grammarly": "false",
  "data-lpignore": "true",
  "data-1p-ignore": "true",
};

/** A text area that grows with its text, so that nobody scrolls inside a small box on a phone. */
export function growingBox(attributes) {
  const box = h("textarea", { rows: 3, dir: "auto", ...PRIVATE, ...attributes });
  const fit = () => {
    box.style.height = "auto";
    // An empty box has the height of its rows; to measure it would lay out the page once for each box.
    if (box.value && box.scrollHeight) box.style.height = box.scrollHeight + 2 + "px";
  };
  box.addEventListener("input", fit);
  box.setText = (text) => {
    box.value = text;
    fit();
  };
  return box;
}
