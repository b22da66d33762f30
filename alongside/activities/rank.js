// Options in an order of one's own, by buttons: up, down, and out. Answer: {kind: "rank", v: 2, order: [ids], out: [ids]}.

import { idsOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say, withLabel } from "../page/words.js";

registerWords("rank", {
  parts: ["order", "out"],
  texts: ({ options, not_mine }) => ({ options, labels: not_mine === undefined ? [] : [["not-mine", not_mine]] }),
  words({ order, out }, text) {
    const line = (label, ids) => withLabel(label, ids.map((id) => text("options", id)));
    const [mine, others] = [idsOf(order), idsOf(out)];
    return [
      ...(mine.length > 0 ? [line(say("activities.rank_mine"), mine)] : []),
      ...(others.length > 0 ? [line(text("labels", "not-mine"), others)] : []),
    ];
  },
});

// --- on the page ---

import { button, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { FORMER, entriesOf, isGrouped } from "../page/version-1.js";

/** @type {import("../page/kinds.js").Kind} */
const rank = {
  upgrade(old, { idOf }) {
    if (!isGrouped(old)) return undefined;
    const parts = { order: [], out: [] };
    for (const [name, options] of entriesOf(old)) {
      const part = name === FORMER.mine ? parts.order : parts.out;
      part.push(...[options].flat().map((option) => idOf("options", option)));
    }
    return parts;
  },
  build({ body, props, keep, beside }) {
    let mine = props.options; // [id, words]
    let out = [];
    let others = { order: [], out: [] }; // ids that this question no longer has
    const labelled = (label, [, words]) => ({ "aria-label": withLabel(label, words) });
    const list = h("ol", "al-ranked");
    const aside = h("div", "al-out");
    const asItIs = button(say("activities.rank_keep"), () => settle(say("activities.rank_kept")));
    body.append(list, aside, h("div", "al-row", asItIs));

    const settle = (words) => {
      draw();
      const ids = (options) => options.map(([id]) => id);
      keep({ order: [...ids(mine), ...others.order], out: [...ids(out), ...others.out] }, words);
    };

    /** Redraw, and leave the focus where the hand is: on the same button, or its neighbor when that one has gone. */
    const moved = (option, pressed, words) => {
      settle(words);
      const row = [...body.querySelectorAll("[data-option]")].find((one) => one.dataset.option === option[0]);
      const buttons = [...row.querySelectorAll("button")];
      (buttons.find((one) => one.textContent === pressed && !one.disabled) || buttons.find((one) => !one.disabled)).focus();
    };

    const shift = (option, by, pressed) => {
      const at = mine.indexOf(option);
      const rest = mine.filter((one) => one !== option);
      mine = [...rest.slice(0, at + by), option, ...rest.slice(at + by)];
      moved(option, pressed, say("activities.rank_moved", { option: option[1], place: at + by + 1, total: mine.length }));
    };

    const row = (option, at) => {
      const [up, down] = [say("activities.rank_up"), say("activities.rank_down")];
      const leave = ({ detail }) => {
        if (detail > 1) return; // a hand that presses twice meant this one: the next has come to lie under it
        mine = mine.filter((one) => one !== option);
        out = [...out, option];
        const told = say("activities.rank_left", { option: option[1], not_mine: props.not_mine });
        moved(option, say("activities.rank_take_back"), told);
      };
      return h(
        "li",
        { "data-option": option[0] },
        h("span", {}, option[1]),
        h(
          "span",
          "al-row",
          button(up, () => shift(option, -1, up), { ...labelled(up, option), disabled: at === 0 }),
          button(down, () => shift(option, 1, down), { ...labelled(down, option), disabled: at === mine.length - 1 }),
          button(props.not_mine, leave, labelled(props.not_mine, option)),
        ),
      );
    };

    const rowAside = (option) => {
      const takeBack = say("activities.rank_take_back");
      const press = () => {
        out = out.filter((one) => one !== option);
        mine = [...mine, option];
        moved(option, say("activities.rank_up"), say("activities.rank_back", { option: option[1] }));
      };
      return h(
        "li",
        { "data-option": option[0] },
        h("span", {}, option[1]),
        button(takeBack, press, labelled(takeBack, option)),
      );
    };

    const draw = () => {
      list.replaceChildren(...mine.map(row));
      aside.hidden = out.length === 0;
      aside.replaceChildren(h("p", "al-pile", props.not_mine), h("ul", {}, out.map(rowAside)));
    };

    return (kept) => {
      const [order, aside] = kept ? [idsOf(kept.order), idsOf(kept.out)] : [[], []];
      const optionOf = (id) => props.options.find(([one]) => one === id);
      const known = (ids) => ids.map(optionOf).filter((option) => option !== undefined);
      const unknown = (ids) => ids.filter((id) => optionOf(id) === undefined);
      others = { order: unknown(order), out: unknown(aside) };
      out = known(aside);
      mine = [...new Set([...known(order), ...props.options])].filter((option) => !out.includes(option));
      draw();
      beside(others);
    };
  },
};

register("rank", rank);
