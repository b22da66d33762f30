// The two ways in: a page of ours mounts what it finds; JupyterLab mounts one activity at a time.

import { button, h, keepKeys } from "./dom.js";
import { exitButton, watchShift } from "./exit.js";
import { mountActivity } from "./frame.js";
import { askIfStillYou } from "./gate.js";
import { kindOf } from "./kinds.js";
import { sitting } from "./sitting.js";
import { openWords } from "./my-words.js";
import { say } from "./words.js";

/** @param {string} exitTo where Quick exit leads: see exit.js */
function bar(exitTo) {
  watchShift(exitTo);
  return [exitButton(), button(say("page.my_words"), openWords, { class: "al-open-words" })];
}

/** Mounts the next activity that waits on the page, if there is one. */
function mountNext() {
  /** @type {HTMLElement | null} */
  const section = document.querySelector(".alongside-activity:not([data-state])");
  if (!section) return false;
  section.dataset.state = "open";
  const { activity = "", key = "", props = "{}" } = section.dataset;
  if (kindOf(activity)) mountActivity(section, activity, key, JSON.parse(props), "page");
  return true;
}

/**
 * Mounts the bar and every activity of a page, also those that arrive while the page is still loading. The first is
 * there at once; each further one has a task of its own, so that a slow phone draws and answers between them.
 */
function mountPage() {
  const root = document.documentElement;
  root.classList.add("al-getting-ready");
  let waiting = false;
  const step = () => {
    waiting = false;
    if (mountNext()) goOn();
    else if (document.readyState !== "loading") root.classList.add("al-ready");
  };
  const goOn = () => {
    if (waiting) return;
    waiting = true;
    // After the next frame: what the last step made is seen before the next one begins. A hidden tab draws none.
    if (document.hidden) window.setTimeout(step);
    else window.requestAnimationFrame(() => window.setTimeout(step));
  };
  const look = () => {
    /** @type {NodeListOf<HTMLElement>} */
    const hosts = document.querySelectorAll("[data-alongside-bar]:empty");
    for (const host of hosts) host.append(...bar(host.dataset.exit || ""));
    if (!waiting && mountNext()) goOn();
  };
  const watcher = new MutationObserver(look);
  watcher.observe(root, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    watcher.disconnect();
    root.classList.remove("al-getting-ready");
    look();
    goOn();
    if (sitting.asking) askIfStillYou();
  });
  sitting.listen((/** @type {string} */ what) => {
    if (what === "all" && sitting.asking) askIfStillYou();
  });
}

/**
 * anywidget's way in. Only reads the model: nothing that a learner writes ever goes back to it.
 * @param {{ model: { get: (name: string) => any }, el: HTMLElement }} given
 */
function render({ model, el }) {
  const section = h("section", {
    class: "alongside-activity",
    "data-activity": model.get("activity"),
    "data-key": model.get("key"),
  });
  keepKeys(section);
  el.append(section);
  if (model.get("activity") === "begin") {
    section.append(h("div", { class: "al-row" }, bar("")), h("p", {}, say("page.begin")));
    if (sitting.asking) askIfStillYou();
    return () => {};
  }
  return mountActivity(section, model.get("activity"), model.get("key"), model.get("props"), "lab");
}
