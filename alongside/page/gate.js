// "Is this still you?" One dialog for the whole page, whatever stands on it.

import { button, h, keepKeys, openDialog, shared } from "./dom.js";
import { exitParts } from "./exit.js";
import { removeCopy } from "./kept-copy.js";
import { sitting } from "./sitting.js";
import { say } from "./words.js";

const GATE = Symbol.for("alongside.gate");

export function askIfStillYou() {
  if (!sitting.asking || shared[GATE]) return;
  /** @param {boolean} yes */
  const done = (yes) => () => {
    sitting.settle(yes);
    if (!yes) removeCopy();
    dialog.close();
  };
  const heading = h("h2", { id: "alongside-gate-title", tabindex: "-1" }, say("page.gate_title"));
  const dialog = h(
    "dialog",
    { class: "al-dialog al-ours al-gate", "aria-labelledby": "alongside-gate-title" },
    heading,
    exitParts(),
    h("p", {}, say("page.gate_why")),
    h(
      "div",
      { class: "al-row" },
      button(say("page.gate_yes"), done(true)),
      button(say("page.gate_no"), done(false)),
    ),
  );
  keepKeys(dialog);
  shared[GATE] = dialog;
  dialog.addEventListener("close", () => {
    shared[GATE] = null;
    dialog.remove();
  });
  openDialog(dialog, heading);
}
