// Five steps between two words. Answer: {kind: "rate", v: 2, step: 1 to 5}.

import { isOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say, withLabel } from "../page/words.js";

const rateWords = {
  parts: ["step"],
  texts: ({ low, high }) => (low === undefined ? {} : { ends: [["low", low], ["high", high]] }),
  words({ step }, text) {
    if (typeof step !== "number") return [];
    const low = text("ends", "low");
    const high = text("ends", "high");
    // Where nobody knows the words of the ends, text() gives back what it was asked for.
    const known = low !== "low" && high !== "high";
    if (step === 1 && low !== "low") return [say("activities.rate_at_end", { step, word: low })];
    if (step === 5 && high !== "high") return [say("activities.rate_at_end", { step, word: high })];
    return [known ? say("activities.rate_between", { step, low, high }) : say("activities.rate_alone", { step })];
  },
};

registerWords("rate", rateWords);

// --- on the page ---

import { freshId, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { lines } from "../page/reading.js";
import { sitting } from "../page/sitting.js";

/** @type {import("../page/kinds.js").Kind} */
const rate = {
  watches: true, // the first answer, shown beside the closing question, may change
  build({ body, props, keep }) {
    const group = freshId("rate");
    const ends = { 1: props.low, 5: props.high };
    const steps = [1, 2, 3, 4, 5].map((step) =>
      h("input", {
        type: "radio",
        name: group,
        value: step,
        autocomplete: "off",
        "aria-label": ends[step] ? say("activities.rate_step", { step, word: ends[step] }) : String(step),
        onchange: () => keep({ step }),
      }),
    );
    const first = h("p", { class: "al-beside", id: group + "-first", hidden: true, translate: "no" });
    body.append(
      first,
      h(
        "div",
        "al-scale",
        steps.map((input, at) => h("label", {}, input, h("span", { "aria-hidden": "true" }, String(at + 1)))),
      ),
      h(
        "p",
        { class: "al-ends", "aria-hidden": "true" },
        h("span", {}, withLabel(1, props.low)),
        h("span", {}, withLabel(5, props.high)),
      ),
    );
    return (kept) => {
      for (const input of steps) input.checked = Boolean(kept) && Number(input.value) === kept.step;
      if (!props.beside) return;
      const before = sitting.read(props.beside);
      const known = isOf("rate", before) && typeof before.answer.step === "number";
      first.hidden = !known;
      first.textContent = known ? say("activities.rate_before", { answer: lines(props.beside, before)[0] }) : "";
      // Who comes in by Tab arrives at one step, and hears it there.
      const stop = steps.find((input) => input.checked) || steps[0];
      stop.setAttribute("aria-describedby", known ? first.id : "");
    };
  },
};

register("rate", rate);
