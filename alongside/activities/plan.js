// The plan: "my words" with the words open for editing.

import { button, freshId, growingBox, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { promiseBoxes } from "./promise.js";
import { isOf, textOf } from "../page/answers.js";
import { keeping, read } from "../page/my-words.js";
import { keptWord } from "../page/reading.js";
import { sitting } from "../page/sitting.js";
import { say } from "../page/words.js";

/** Everything that was kept, to edit, print and save. */
/** @type {import("../page/kinds.js").Kind} */
const plan = {
  skip: false,
  watches: true,
  private: true,
  build({ body, tell, self }) {
    const list = h("div", { class: "al-kept" });
    const empty = h("p", {}, say("activities.plan_empty"));
    body.append(empty, list, keeping(tell));

    const settle = (key, word) => {
      if (word === null) sitting.drop(key, self);
      else tell(sitting.keep(key, word, self) ? say("page.kept") : say("page.full"));
    };
    const box = (text, label, change) => {
      const words = growingBox({ "aria-labelledby": label, class: "al-words" });
      words.addEventListener("input", () => change(words.value.trim() === "" ? null : words.value));
      return [words, () => words.setText(text)];
    };
    const editor = (key, word, label) => {
      const { prompt, answer } = word;
      const change = (kind) => (parts) => settle(key, keptWord(kind, {}, prompt, parts, word));
      if (isOf("ask", word)) {
        return box(textOf(answer.text), label, (text) => change("ask")(text === null ? null : { text }));
      }
      if (answer.kind === "old" && typeof answer.answer === "string") {
        return box(answer.answer, label, (text) =>
          settle(key, text === null ? null : { ...word, answer: { ...answer, answer: text } }),
        );
      }
      if (isOf("promise", word)) {
        const boxes = promiseBoxes(change("promise"), tell);
        return [boxes.element, () => boxes.show(answer)];
      }
      return [h("div", {}, read(key, word), h("p", { class: "al-hint" }, say("activities.plan_go_back"))), () => {}];
    };
    const entry = ([key, word]) => {
      const label = freshId("kept");
      const [control, fill] = editor(key, word, label);
      const element = h(
        "fieldset",
        { class: "al-card" },
        h("legend", { id: label }, word.prompt),
        control,
        button(say("activities.plan_take_out"), () => {
          sitting.drop(key);
          tell(say("activities.plan_taken_out"));
        }),
      );
      return [element, fill];
    };

    return () => {
      const kept = sitting.all();
      empty.hidden = kept.length > 0;
      const entries = kept.map(entry);
      list.replaceChildren(...entries.map(([element]) => element));
      for (const [, fill] of entries) fill(); // a box can measure its text only once it stands on the page
    };
  },
};

register("plan", plan);
