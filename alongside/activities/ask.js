// Free text. Answer: {kind: "ask", v: 2, text}.

import { textOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";

registerWords("ask", { parts: ["text"], texts: () => ({}), words: ({ text }) => (textOf(text) ? text.split("\n") : []) });

// --- on the page ---

import { folded, growingBox } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { say } from "../page/words.js";

/** @type {import("../page/kinds.js").Kind} */
const ask = {
  upgrade: (old) => (typeof old === "string" ? { text: old } : undefined),
  private: true,
  build({ body, props, keep, questionId }) {
    const box = growingBox({ "aria-labelledby": questionId });
    box.addEventListener("input", () => keep(box.value.trim() === "" ? null : { text: box.value }));
    body.append(box);
    if (props.ideas) body.append(folded(say("activities.ask_ideas"), props.ideas));
    return (kept) => box.setText(kept ? textOf(kept.text) : "");
  },
};

register("ask", ask);
