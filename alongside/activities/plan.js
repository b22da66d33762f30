// The plan: "my words" with the words open for editing.

import { button, freshId, growingBox, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { promiseBoxes } from "./promise.js";
import { isPromise } from "../page/say.js";
import { sitting } from "../page/sitting.js";
import { keeping, read } from "../page/my-words.js";

/** Everything that was kept, to edit, print and save. */
export const plan = {
  skip: false,
  watches: true,
  private: true,
  build({ body, say, self }) {
    const list = h("div", { class: "alongside-kept" });
    const empty = h("p", {}, "Nothing is kept here yet, and that is fine. What you write in any lesson of this tab appears here. You can also bring a file back, below.");
    body.append(empty, list, keeping(say));

    const change = (key, prompt) => (answer) => {
      if (typeof answer === "string" && answer.trim() === "") sitting.drop(key, self);
      else say(sitting.keep(key, prompt, answer, self) ? "Kept in this tab." : "This tab is full, so the newest words last only as long as this page. Save your words as a file now.");
    };
    const editor = (key, prompt, answer, label) => {
      if (typeof answer === "string") {
        const box = growingBox({ "aria-labelledby": label, class: "alongside-words" });
        box.addEventListener("input", () => change(key, prompt)(box.value));
        return [box, () => box.setText(answer)];
      }
      if (isPromise(answer)) {
        const boxes = promiseBoxes(change(key, prompt), say);
        return [boxes.element, () => boxes.show(answer)];
      }
      return [h("div", {}, read(answer), h("p", { class: "alongside-hint" }, "To change this one, go back to its lesson.")), () => {}];
    };
    const entry = ([key, { prompt, answer }]) => {
      const label = freshId("kept");
      const [control, fill] = editor(key, prompt, answer, label);
      const element = h(
        "fieldset",
        { class: "alongside-card" },
        h("legend", { id: label }, prompt),
        control,
        button("Take this out", () => {
          sitting.drop(key);
          say("Taken out.");
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
