// JupyterLab's way in: it mounts one activity at a time, each with a copy of this text.

import { h, keepKeys, shared } from "./dom.js";
import { exitParts, watchShift } from "./exit.js";
import { mountActivity } from "./frame.js";
import { askIfStillYou } from "./gate.js";
import { bar } from "./my-words.js";
import { sitting } from "./sitting.js";
import { say } from "./words.js";

const AT_HAND = Symbol.for("alongside.at-hand");

/** No page to leave to, where leaving would raise a dialog: JupyterLab lives on behind the blank page. What it draws is taken away, and it may not ask "Leave site?". */
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

/** Quick exit at the window's edge, as long as an activity is there: the first cell scrolls away. */
function keepExitAtHand() {
  watchShift(stayBlank);
  const place = shared[AT_HAND] || (shared[AT_HAND] = { activities: 0, element: null });
  place.activities += 1;
  if (!place.element) {
    place.element = h("div", { class: "alongside-activity al-ours al-at-hand" }, exitParts());
    keepKeys(place.element);
    document.body.append(place.element);
  }
  return () => {
    place.activities -= 1;
    if (place.activities > 0) return;
    place.element.remove();
    place.element = null;
  };
}

/**
 * anywidget's way in. Only reads the model: nothing that a learner writes ever goes back to it.
 * @param {{ model: { get: (name: string) => any }, el: HTMLElement }} given
 */
function render({ model, el }) {
  const section = h("section", {
    class: "alongside-activity al-ours",
    "data-activity": model.get("activity"),
    "data-key": model.get("key"),
  });
  keepKeys(section);
  el.append(section);
  const letGo = keepExitAtHand();
  if (model.get("activity") === "begin") {
    const [exit, , words] = bar(stayBlank); // the count stands at the window's edge
    section.append(h("div", { class: "al-row" }, exit, words), h("p", {}, say("page.begin")));
    const ask = () => sitting.asking && askIfStillYou();
    ask();
    const deaf = sitting.listen((/** @type {string} */ what) => what === "all" && ask());
    return () => {
      deaf();
      letGo();
    };
  }
  const takeDown = mountActivity(section, model.get("activity"), model.get("key"), model.get("props"), "lab");
  return () => {
    takeDown();
    letGo();
  };
}
