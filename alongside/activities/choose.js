// One option, or several with many. Answer: {kind: "choose", v: 2, chosen: [ids]}.

import { idsOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";

registerWords("choose", {
  parts: ["chosen"],
  texts: ({ options }) => ({ options }),
  words: ({ chosen }, text) => idsOf(chosen).map((id) => text("options", id)),
});

// --- on the page ---

import { freshId, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { say } from "../page/words.js";

/** @type {import("../page/kinds.js").Kind} */
const choose = {
  upgrade(old, { idOf }) {
    if (typeof old === "string") return { chosen: [idOf("options", old)] };
    return Array.isArray(old) && old.length > 0 ? { chosen: old.map((one) => idOf("options", one)) } : undefined;
  },
  build({ body, props, keep, beside }) {
    const group = freshId("choose");
    let others = []; // ids of options that this question no longer has
    const inputs = props.options.map(([id]) =>
      h("input", { type: props.many ? "checkbox" : "radio", name: group, value: id, autocomplete: "off", onchange: changed }),
    );

    function changed() {
      const ticked = inputs.filter((input) => input.checked).map((input) => input.value);
      const chosen = [...ticked, ...others];
      keep(chosen.length === 0 ? null : { chosen });
    }

    if (props.many) {
      body.append(h("p", { class: "al-hint", id: group + "-many" }, say("activities.choose_many")));
      inputs[0].setAttribute("aria-describedby", group + "-many");
    }
    body.append(
      h("div", "al-options", inputs.map((input, at) => h("label", {}, input, h("span", {}, props.options[at][1])))),
    );
    return (kept) => {
      const chosen = kept ? idsOf(kept.chosen) : [];
      others = chosen.filter((id) => !props.options.some(([one]) => one === id));
      const ticked = chosen.filter((id) => !others.includes(id)).slice(0, props.many ? undefined : 1);
      for (const input of inputs) input.checked = ticked.includes(input.value);
      beside({ chosen: others });
    };
  },
};

register("choose", choose);
