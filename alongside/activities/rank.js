// Options in an order of one's own, by buttons: up, down, and out. Answer: {"In my order": [...], [not mine]: [...]}.

import { button, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { isRecord } from "../page/say.js";

const MINE = "In my order";

export const rank = {
  build({ body, props, keep, say }) {
    let mine = props.options;
    let out = [];
    const list = h("ol", { class: "alongside-ranked" });
    const aside = h("div", { class: "alongside-out" });
    const asItIs = button("Keep this order", () => settle("Your order is kept."));
    body.append(list, aside, h("div", { class: "alongside-row" }, asItIs));

    const answer = () => ({ ...(mine.length > 0 && { [MINE]: mine }), ...(out.length > 0 && { [props.not_mine]: out }) });

    function settle(words) {
      draw();
      keep(answer());
      say(words);
    }

    /** Redraw, and leave the focus where the hand is: on the same button, or its neighbor when that one has gone. */
    function moved(option, pressed, words) {
      settle(words);
      const row = [...body.querySelectorAll("[data-option]")].find((one) => one.dataset.option === option);
      const buttons = [...row.querySelectorAll("button")];
      (buttons.find((one) => one.textContent === pressed && !one.disabled) || buttons.find((one) => !one.disabled)).focus();
    }

    function shift(option, by, pressed) {
      const at = mine.indexOf(option);
      const others = mine.filter((one) => one !== option);
      mine = [...others.slice(0, at + by), option, ...others.slice(at + by)];
      moved(option, pressed, "“" + option + "” is now " + (at + by + 1) + " of " + mine.length + ".");
    }

    function row(option, at) {
      return h(
        "li",
        { "data-option": option },
        h("span", {}, option),
        h(
          "span",
          { class: "alongside-row" },
          button("Up", () => shift(option, -1, "Up"), { "aria-label": "Up: " + option, disabled: at === 0 }),
          button("Down", () => shift(option, 1, "Down"), { "aria-label": "Down: " + option, disabled: at === mine.length - 1 }),
          button(
            props.not_mine,
            () => {
              mine = mine.filter((one) => one !== option);
              out = [...out, option];
              moved(option, "Take it back", "“" + option + "” is under “" + props.not_mine + "”.");
            },
            { "aria-label": props.not_mine + ": " + option },
          ),
        ),
      );
    }

    function draw() {
      list.replaceChildren(...mine.map(row));
      aside.hidden = out.length === 0;
      aside.replaceChildren(
        h("p", { class: "alongside-pile" }, props.not_mine),
        h(
          "ul",
          {},
          out.map((option) =>
            h(
              "li",
              { "data-option": option },
              h("span", {}, option),
              button(
                "Take it back",
                () => {
                  out = out.filter((one) => one !== option);
                  mine = [...mine, option];
                  moved(option, "Up", "“" + option + "” is back, at the end.");
                },
                { "aria-label": "Take it back: " + option },
              ),
            ),
          ),
        ),
      );
    }

    return (kept) => {
      const known = (names) => (Array.isArray(names) ? names.filter((one) => props.options.includes(one)) : []);
      const parts = isRecord(kept) ? kept : {};
      out = [...new Set(known(parts[props.not_mine]))];
      mine = [...new Set([...known(parts[MINE]), ...props.options])].filter((one) => !out.includes(one));
      draw();
    };
  },
};

register("rank", rank);
