// "Is this still you?" One dialog for the whole page, whatever stands on it.

import { button, h, keepKeys, shared } from "./dom.js";
import { exitButton } from "./exit.js";
import { sitting } from "./sitting.js";

const GATE = Symbol.for("alongside.gate");

export function askIfStillYou() {
  if (!sitting.asking || shared[GATE]) return;
  /** @param {boolean} yes */
  const done = (yes) => () => {
    sitting.settle(yes);
    dialog.close();
  };
  const dialog = h(
    "dialog",
    { class: "alongside-dialog alongside-gate", "aria-labelledby": "alongside-gate-title" },
    h("h2", { id: "alongside-gate-title", tabindex: "-1", autofocus: true }, "Is this still you?"),
    exitButton(),
    h(
      "p",
      {},
      "Somebody wrote on these pages before, in this tab. If that was you, you can go on. If not, please forget it for them.",
    ),
    h(
      "div",
      { class: "alongside-row" },
      button("Yes, go on with my words", done(true)),
      button("No, forget everything here", done(false)),
    ),
  );
  keepKeys(dialog);
  shared[GATE] = dialog;
  dialog.addEventListener("close", () => {
    shared[GATE] = null;
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}
