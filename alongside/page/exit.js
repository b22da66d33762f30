// Quick exit: blank at once, the sitting emptied, and a neutral page in this page's place in the history.

import { button, shared } from "./dom.js";
import { sitting } from "./sitting.js";
import { say } from "./words.js";

const WATCHING = Symbol.for("alongside.exit");
const WITHIN = 5000; // milliseconds for three presses of Shift

/**
 * @param {string} address the neutral page, or "" to blank in place (JupyterLab, where leaving would raise a dialog)
 */
export function quickExit(address) {
  // Blank first: a person may be standing behind the reader.
  document.documentElement.replaceChildren(document.createElement("head"), document.createElement("body"));
  document.title = say("page.exit_title");
  sitting.forget();
  if (address) window.location.replace(address);
  else stayBlank();
}

/** JupyterLab lives on behind the blank page. What it draws is taken away, and it may not ask "Leave site?". */
function stayBlank() {
  const blank = () => {
    if (document.title !== say("page.exit_title")) document.title = say("page.exit_title");
    if (document.body.hasChildNodes()) document.body.replaceChildren();
  };
  new MutationObserver(blank).observe(document, { childList: true, subtree: true });
  window.onbeforeunload = null;
  BeforeUnloadEvent.prototype.preventDefault = () => {};
  Object.defineProperty(BeforeUnloadEvent.prototype, "returnValue", { configurable: true, get: () => "", set() {} });
}

let leavingTo = "";

/** A dialog makes the page behind it unreachable, so each one brings the button along. */
export const exitButton = () =>
  button(say("page.exit"), () => quickExit(leavingTo), { class: "al-exit", title: say("page.exit_by_shift") });

/**
 * Shift three times within five seconds, with no other key between. Watches once for a window.
 * @param {string} address see quickExit
 */
export function watchShift(address) {
  leavingTo = address;
  if (shared[WATCHING]) return;
  shared[WATCHING] = true;
  /** @type {number[]} */
  let presses = [];
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Shift") presses = [];
      else if (!event.repeat) {
        const now = Date.now();
        presses = [...presses.filter((time) => now - time <= WITHIN), now];
        if (presses.length === 3) quickExit(address);
      }
    },
    true,
  );
}
