// Building elements. Text always goes in as text: nothing in this folder ever parses HTML.

/**
 * What all copies of this text on one page share: JupyterLab loads it once for each activity.
 * @type {Record<symbol, any>}
 */
export const shared = /** @type {any} */ (globalThis);

const IDS = Symbol.for("alongside.ids");

/**
 * A fresh id for labels.
 * @param {string} what
 */
export function freshId(what) {
  const home = shared[IDS] || (shared[IDS] = { next: 0 });
  home.next += 1;
  return "alongside-" + what + "-" + home.next;
}

/**
 * An element with attributes (a text is its class), listeners (functions under "onclick" and the like) and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any> | string | null} [attributes]
 * @param {...any} children elements and texts, or lists of them; what is null, undefined or false is left out
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(typeof attributes === "string" ? { class: attributes } : attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

/**
 * @param {string} words
 * @param {(event: any) => void} press
 * @param {Record<string, any>} [attributes]
 */
export function button(words, press, attributes) {
  return h("button", { type: "button", onclick: press, ...attributes }, words);
}

/**
 * A field with its name above it.
 * @param {string} words
 * @param {HTMLElement} field
 */
export const labelled = (words, field) => h("label", "al-field", h("span", {}, words), field);

/**
 * A box to tick, in a line of its own with its words.
 * @param {string} words
 * @param {HTMLElement} box
 */
export const ticked = (words, box) => h("label", "al-tick", box, h("span", {}, words));

/**
 * A folded list below an activity, for whoever wants it.
 * @param {string} title
 * @param {string[]} texts
 */
export const folded = (title, texts) =>
  h("details", {}, h("summary", {}, title), h("ul", {}, texts.map((text) => h("li", {}, text))));

/**
 * JupyterLab's shortcuts would take keys meant for us: "d d" deleted the cell, Enter made no line. It may save.
 * @param {HTMLElement} element
 */
export function keepKeys(element) {
  /** @param {KeyboardEvent} event */
  const saves = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
  for (const name of /** @type {const} */ (["keydown", "keypress", "keyup"])) {
    element.addEventListener(name, (event) => saves(event) || event.stopPropagation());
  }
}

/** What every box that a learner writes in carries: no memory, no spell check or prediction that could send text out. */
export const PRIVATE = {
  class: "al-words",
  autocomplete: "off",
  spellcheck: "false",
  writingsuggestions: "false",
  autocapitalize: "sentences",
  "data-gramm": "false",
  "data-gramm_editor": "false",
  "data-enable-grammarly": "false",
  "data-lpignore": "true",
  "data-1p-ignore": "true",
};

/**
 * A text area that grows with its text, so that nobody scrolls inside a small box on a phone.
 * @param {Record<string, any>} [attributes]
 * @returns {any} a text area with setText(text: string)
 */
export function growingBox(attributes) {
  const box = /** @type {any} */ (h("textarea", { rows: 3, dir: "auto", ...PRIVATE, ...attributes }));
  let width = 0;
  const fit = () => {
    width = 0;
    box.style.height = "auto";
    // An empty box has the height of its rows; to measure it would lay out the page once for each box.
    if (!box.value || !box.scrollHeight) return;
    box.style.height = box.scrollHeight + 3 + "px";
    width = box.clientWidth;
  };
  box.addEventListener("input", fit);
  // A phone is turned, a page is enlarged, or a box is shown that was hidden while it was filled. No ResizeObserver: what is
  // far from the window is laid out late, in the middle of its round, and Safari's engine then tells of an error.
  const look = () => box.clientWidth === width || fit();
  new IntersectionObserver(look, { rootMargin: "50%" }).observe(box);
  window.addEventListener("resize", look);
  box.setText = (/** @type {string} */ text) => {
    box.value = text;
    fit();
  };
  return box;
}

/**
 * A line that says what happened. It is read out whenever words come into it, so the same ones are put in only once:
 * who writes twelve letters need not hear twelve times that they are kept. It is a status by its role also while it is
 * empty: what appears together with its words is not announced everywhere. (Orca then says "status bar" at an empty line,
 * to somebody who reads line by line.) What is told `later` waits until nobody has written for a second: a screen reader
 * that is at a sentence leaves off at the next key.
 * @returns {{line: HTMLElement, tell: (words: string, later?: boolean) => void}}
 */
export function statusLine() {
  const line = h("p", { class: "al-status", role: "status" });
  let timer = 0;
  /**
   * @param {string} words
   * @param {boolean} [later]
   */
  const tell = (words, later) => {
    clearTimeout(timer);
    if (later) timer = setTimeout(tell, 1000, words);
    else if (line.textContent !== words) line.textContent = words;
  };
  return { line, tell };
}

/**
 * Opens a dialog, and takes the focus to its heading. A moment later than the dialog, since Orca doesn't say what has the
 * focus when it comes; until then it is in an empty place before, where no key does anything.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} heading
 */
export function openDialog(dialog, heading) {
  const first = h("span", { tabindex: "-1" });
  dialog.prepend(first);
  document.body.append(dialog);
  dialog.showModal();
  first.focus();
  setTimeout(() => document.activeElement === first && heading.focus(), 300);
}

/**
 * Texts of a person's own, as paragraphs: no translator is handed them.
 * @param {string[]} texts
 */
export const ownWords = (texts) => texts.map((text) => h("p", { class: "al-line", dir: "auto", translate: "no" }, text));
