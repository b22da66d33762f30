// The questions with one answer: ask, rate and choose.

import { button, folded, freshId, growingBox, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { rateWords } from "../page/say.js";
import { sitting } from "../page/sitting.js";

/** Free text. Answer: a string. */
export const ask = {
  private: true,
  build({ body, props, keep, questionId }) {
    const box = growingBox({ "aria-labelledby": questionId, class: "alongside-words" });
    box.addEventListener("input", () => keep(box.value.trim() === "" ? "" : box.value));
    body.append(box);
    if (props.ideas) body.append(folded("Some ways to put it", props.ideas));
    return (answer) => box.setText(typeof answer === "string" ? answer : "");
  },
};

/** Five steps between two words. Answer: {step: 1 to 5, low, high}. */
export const rate = {
  watches: true, // the first answer, shown beside the closing question, may change
  build({ body, props, keep }) {
    const group = freshId("rate");
    const steps = [1, 2, 3, 4, 5].map((step) =>
      h("input", {
        type: "radio",
        name: group,
        value: step,
        autocomplete: "off",
        "aria-label": step === 1 ? "1, " + props.low : step === 5 ? "5, " + props.high : String(step),
        onchange: () => keep({ step, low: props.low, high: props.high }),
      }),
    );
    const first = h("p", { class: "alongside-beside", hidden: true });
    body.append(
      first,
      h(
        "div",
        { class: "alongside-scale" },
        steps.map((input, at) => h("label", {}, input, h("span", { "aria-hidden": "true" }, String(at + 1)))),
      ),
      h(
        "p",
        { class: "alongside-ends", "aria-hidden": "true" },
        h("span", {}, "1: " + props.low),
        h("span", {}, "5: " + props.high),
      ),
    );
    return (answer) => {
      for (const input of steps) input.checked = Boolean(answer) && Number(input.value) === answer.step;
      if (!props.beside) return;
      const before = sitting.read(props.beside);
      const known = Boolean(before) && before.answer !== null && typeof before.answer.step === "number";
      first.hidden = !known;
      first.textContent = known ? "When you arrived you said " + rateWords(before.answer) + "." : "";
    };
  },
};

/** One option, or several with many. Answer: the option's words, or a list of them. */
export const choose = {
  build({ body, props, keep }) {
    const group = freshId("choose");
    const inputs = props.options.map((option) =>
      h("input", { type: props.many ? "checkbox" : "radio", name: group, value: option, autocomplete: "off" }),
    );
    const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
    for (const input of inputs) {
      input.addEventListener("change", () => keep(props.many ? chosen() : input.value));
    }
    if (props.many) body.append(h("p", { class: "alongside-hint" }, "You can choose more than one."));
    body.append(
      h("div", { class: "alongside-options" }, inputs.map((input, at) => h("label", {}, input, h("span", {}, props.options[at])))),
    );
    return (answer) => {
      const kept = Array.isArray(answer) ? answer : [answer];
      for (const input of inputs) input.checked = kept.includes(input.value);
    };
  },
};

register("ask", ask);
register("rate", rate);
register("choose", choose);
