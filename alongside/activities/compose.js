// One thing to say, from named parts, and the whole read together. Answer: {kind: "compose", v: 2, parts: [[part, text], ...]}.

import { pairsOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say, withLabel } from "../page/words.js";

registerWords("compose", {
  parts: ["parts"],
  texts: ({ parts }) => ({ parts }),
  words: ({ parts }, text) => pairsOf(parts).map(([id, words]) => withLabel(text("parts", id), words)),
});

// --- on the page ---

import { folded, freshId, growingBox, h, ownWords } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { entriesOf, inWords, isGrouped } from "../page/version-1.js";

/** @type {import("../page/kinds.js").Kind} */
const compose = {
  upgrade(old, { idOf }) {
    return isGrouped(old) ? { parts: entriesOf(old).map(([part, text]) => [idOf("parts", part), inWords(text)]) } : undefined;
  },
  private: true,
  build({ body, props, keep, beside }) {
    let others = []; // parts that this question no longer has
    const hints = new Map(props.hints);
    const whole = h("div", "al-standing");
    const boxes = props.parts.map(([id, name]) => {
      const label = freshId("part");
      const help = freshId("hint");
      const box = growingBox({ rows: 2, "aria-labelledby": label, "aria-describedby": help });
      box.addEventListener("input", () => {
        draw();
        const parts = [...filled(), ...others];
        keep(parts.length === 0 ? null : { parts });
      });
      body.append(
        h(
          "div",
          "al-field",
          h("span", { id: label }, name),
          h("p", { class: "al-hint", id: help }, hints.get(id)),
          box,
        ),
      );
      return [id, box];
    });
    body.append(whole);
    if (props.avoid.length > 0) body.append(folded(say("activities.compose_avoid"), props.avoid));

    const filled = () => boxes.filter(([, box]) => box.value.trim() !== "").map(([id, box]) => [id, box.value]);

    const draw = () => {
      const said = filled();
      whole.hidden = said.length < 2;
      whole.replaceChildren(
        h("p", "al-pile", say("activities.compose_whole")),
        ...ownWords(said.map(([, words]) => words)),
      );
    };

    return (kept) => {
      const parts = kept ? pairsOf(kept.parts) : [];
      const here = boxes.map(([id]) => parts.find(([one]) => one === id));
      boxes.forEach(([, box], at) => box.setText(here[at] ? here[at][1] : ""));
      others = parts.filter((part) => !here.includes(part));
      draw();
      beside({ parts: others });
    };
  },
};

register("compose", compose);
