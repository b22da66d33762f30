// Quick exit: blank at once, the sitting emptied, and a neutral page in this page's place in the history.

import { button, h, shared } from "./dom.js";
import { sitting } from "./sitting.js";
import { say } from "./words.js";

const WATCHING = Symbol.for("alongside.exit");
const WITHIN = 5000; // milliseconds for three presses of Shift
// Milliseconds after a hand did something, in which the page may move, and its caret, because of that; and before the first
// press is told: what Shift is used for may still be under way.
const SETTLED = 300;
const FLUNG = 100; // milliseconds between two turns of a wheel, at most, while a page that was flung runs out

const now = () => Date.now();

/** @type {() => void} */
let leave = () => {};

function quickExit() {
  // Blank first: a person may be standing behind the reader.
  document.documentElement.replaceChildren(h("head"), h("body"));
  document.title = say("page.exit_title");
  sitting.forget();
  leave();
}

/**
 * To the neutral page, in this page's place.
 * @param {string} address
 */
export function leaveTo(address) {
  try {
    // A frame is no place to leave to: what stands around it would still tell.
    if (window.top && window.top !== window) window.top.location.replace(address);
  } catch (forbidden) {
    // the page around may not be led away; then the frame leaves alone
  }
  window.location.replace(address);
}

/**
 * The button, and beside it how often Shift is still missing. A dialog makes the page behind it unreachable, so each
 * one brings both along. No role: a screen reader would read an empty line of status wherever it comes by.
 */
export const exitParts = () => [
  button(say("page.exit"), quickExit, { class: "al-exit", title: say("page.exit_by_shift") }),
  h("span", { class: "al-count", "aria-live": "polite" }),
];

/**
 * Shift three times within five seconds, each time let go before anything else is pressed, moved or written: Shift has
 * many other uses. So a press counts when it ends (as in GOV.UK's "Exit this page"), and the first one is told, which
 * leaves time to stop. A screen reader keeps the other key for itself: of Shift and H, its way back to the heading
 * before, a page is told of Shift alone. But then the page scrolls, or its focus or caret moves. What a hand set going before
 * takes no press away: whoever flings a page and then sees somebody come leaves by three presses, too. Watches once for a
 * window.
 * @param {() => void} leaving what follows when the page is blank and the sitting empty
 */
export function watchShift(leaving) {
  leave = leaving;
  if (shared[WATCHING]) return;
  shared[WATCHING] = true;
  /** @type {number[]} */
  let presses = [];
  let alone = false; // Shift is down, and nothing else came since
  let timer = 0;
  let told = false; // that some are counted
  /** Keys, and the mouse, with the time at which they were last seen down: not every end of a press is told. */
  const held = new Map();

  /** @param {string} words */
  const write = (words) => {
    for (const one of document.querySelectorAll(".al-count")) one.textContent = words;
  };

  function count() {
    window.clearTimeout(timer);
    if (presses.length === 1 && !told) timer = window.setTimeout(tellCount, SETTLED);
    else if (presses.length > 0 || told) tellCount();
  }

  function tellCount() {
    const some = presses.length > 0;
    told = some;
    write(some ? (presses.length > 1 ? say("page.exit_once") : say("page.exit_twice")) : say("page.exit_stays"));
    timer = window.setTimeout(
      () => {
        if (!some) return write("");
        presses.shift();
        count();
      },
      WITHIN + (some ? presses[0] - now() : 0),
    );
  }

  let touched = now(); // somebody opened this page
  const other = () => {
    touched = now();
    end();
  };

  /** @type {unknown[]} */
  let where = [];
  /**
   * Whether page or caret is elsewhere than before. The events that tell of it may come late, when Shift is down already:
   * they are no more than a reason to look.
   */
  const look = () => {
    const before = where;
    const { anchorNode, anchorOffset } = /** @type {Selection} */ (document.getSelection());
    const scrolled = /** @type {Element} */ (document.querySelector("dialog[open]") || document.scrollingElement);
    where = [scrolled.scrollTop, anchorNode, anchorOffset];
    if (where.every((one, at) => one === before[at])) return;
    if (now() - touched < SETTLED) touched = now();
    else end();
  };

  let turned = 0; // when the wheel was last told to turn
  let flung = false; // it began before Shift

  const end = () => {
    alone = false;
    if (presses.length === 0) return;
    presses = [];
    count();
  };

  const idle = () => ![...held.values()].some((time) => now() - time < WITHIN);

  /** @param {KeyboardEvent} event */
  const lone = (event) =>
    !(event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.getModifierState("AltGraph")) && idle();

  /** @type {Record<string, (event: any) => void>} */
  const watched = {
    keydown(event) {
      if (event.key !== "Shift") {
        if (event.key !== "CapsLock") held.set(event.code, now()); // a Mac tells of its end when it is pressed again
        return other();
      }
      if (event.repeat) return;
      look();
      if (lone(event)) alone = true;
      else other();
      held.set(event.code, now()); // there are two of them
    },
    keyup(event) {
      if (event.key !== "Shift") {
        if (event.key === "Meta") held.clear(); // a Mac tells no other key's end while this one is held
        held.delete(event.code);
        return other();
      }
      held.delete(event.code);
      look();
      // Not by other(): whoever reads by a screen reader has let Shift go, and the page goes on moving.
      if (!alone || !lone(event)) return end();
      alone = false;
      presses = [...presses.filter((time) => now() - time <= WITHIN), now()];
      if (presses.length < 3) return count();
      window.clearTimeout(timer);
      quickExit();
    },
    blur(event) {
      if (event.target !== window) return;
      held.clear();
      other();
    },
  };
  for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
    watched[kind] = ({ buttons }) => {
      if (buttons) held.set("", now());
      else held.delete("");
      if (buttons || kind !== "pointermove") other(); // a hand on its way to the button is none
    };
  }
  watched.wheel = ({ shiftKey }) => {
    const at = now();
    if (at - turned > FLUNG) flung = !shiftKey && presses.length === 0;
    turned = at;
    if (flung) touched = at;
    else other();
  };
  for (const kind of ["click", "input"]) watched[kind] = other;
  for (const kind of ["scroll", "selectionchange"]) watched[kind] = look;
  // What Tab doesn't reach, such as the heading of a dialog, has the focus from us.
  watched.focusin = ({ target }) => target.tabIndex < 0 || end();
  for (const [kind, listener] of Object.entries(watched)) {
    window.addEventListener(kind, listener, { capture: true, passive: true });
  }
}
