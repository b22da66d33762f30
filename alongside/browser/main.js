// The two ways in: a page of ours mounts what it finds; JupyterLab mounts one activity at a time.

import { button, h, keepKeys } from "./dom.js";
import { exitButton, watchShift } from "./exit.js";
import { mountActivity } from "./frame.js";
import { askIfStillYou } from "./gate.js";
import { promise } from "./promise.js";
import { ask, choose, rate, sortCards } from "./prompts.js";
import { scenario } from "./scenario.js";
import { sitting } from "./sitting.js";
import { openWords, plan } from "./words.js";

const KINDS = new Map(Object.entries({ ask, rate, choose, sort_cards: sortCards, scenario, promise, plan }));

function bar(exitTo) {
  watchShift(exitTo);
  return [
    exitButton(),
    button("My words", openWords, { class: "alongside-open-words" }),
  ];
}

/** Mounts the bar and every activity of a page, also those that arrive while the page is still loading. */
function mountPage() {
  document.documentElement.classList.add("alongside-getting-ready");
  const mount = () => {
    for (const host of document.querySelectorAll("[data-alongside-bar]:empty")) {
      host.append(...bar(host.dataset.exit));
    }
    for (const section of document.querySelectorAll(".alongside-activity:not([data-state])")) {
      section.dataset.state = "open";
      const { activity, key, props } = section.dataset;
      if (KINDS.has(activity)) mountActivity(section, KINDS.get(activity), key, JSON.parse(props), "page");
    }
  };
  const watcher = new MutationObserver(mount);
  watcher.observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    watcher.disconnect();
    mount();
    document.documentElement.classList.replace("alongside-getting-ready", "alongside-ready");
    if (sitting.asking) askIfStillYou();
  });
  sitting.listen((what) => {
    if (what === "all" && sitting.asking) askIfStillYou();
  });
}

/** anywidget's way in. Only reads the model: nothing that a learner writes ever goes back to it. */
function render({ model, el }) {
  const section = h("section", {
    class: "alongside-activity",
    "data-activity": model.get("activity"),
    "data-key": model.get("key"),
  });
  keepKeys(section);
  el.append(section);
  if (model.get("activity") === "begin") {
    section.append(
      h("div", { class: "alongside-row" }, bar("")),
      h(
        "p",
        {},
        "What you write below stays in this browser tab. It never goes into this notebook, to the program, or to a server. When the tab closes, it is forgotten.",
      ),
    );
    if (sitting.asking) askIfStillYou();
    return () => {};
  }
  return mountActivity(section, KINDS.get(model.get("activity")), model.get("key"), model.get("props"), "lab");
}
