// The questions with one answer: ask, rate, choose and sort_cards.

import { button, freshId, growingBox, h } from "./dom.js";
import { rateWords } from "./say.js";
import { sitting } from "./sitting.js";

/** Free text. Answer: a string. */
export const ask = {
  private: true,
  build({ body, keep, questionId }) {
    const box = growingBox({ "aria-labelledby": questionId, class: "alongside-words" });
    box.addEventListener("input", () => keep(box.value.trim() === "" ? "" : box.value));
    body.append(box);
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

/** Cards into named piles, one card at a time, by buttons. Answer: {pile: [cards]}. */
export const sortCards = {
  build({ body, props, keep, drop, say }) {
    let placed = new Map(); // card -> pile
    let waiting = []; // cards without a pile, the one on top first
    const card = h("p", { class: "alongside-top-card", tabindex: "-1" });
    const count = h("p", { class: "alongside-hint" });
    const buttons = props.piles.map((pile) => button(pile, () => put(pile)));
    const later = button("Leave this card for later", () => {
      waiting = [...waiting.slice(1), waiting[0]];
      draw();
      say("Next card: " + waiting[0] + ".");
    });
    const top = h("div", { class: "alongside-hand" }, count, card, h("div", { class: "alongside-choices" }, buttons), later);
    const piles = h("div", { class: "alongside-sorted" });

    const answer = () => {
      const sorted = {};
      for (const pile of props.piles) {
        const cards = props.cards.filter((one) => placed.get(one) === pile);
        if (cards.length > 0) sorted[pile] = cards;
      }
      return sorted;
    };

    function put(pile) {
      const moved = waiting[0];
      placed.set(moved, pile);
      waiting = waiting.slice(1);
      draw();
      keep(answer());
      const next = waiting.length > 0 ? "Next card: " + waiting[0] + "." : "All cards are sorted. You can still take one back.";
      say("“" + moved + "” is in “" + pile + "”. " + next);
      // The buttons stay where they are, so the finger or the focus can too; after the last card they go.
      if (waiting.length === 0) piles.querySelector("button").focus();
    }

    function takeBack(one) {
      placed.delete(one);
      waiting = [one, ...waiting];
      draw();
      if (placed.size === 0) drop();
      else keep(answer());
      say("“" + one + "” is back in your hand.");
      card.focus();
    }

    function draw() {
      top.hidden = waiting.length === 0;
      card.textContent = waiting[0] || "";
      count.textContent = "Card " + (placed.size + 1) + " of " + props.cards.length + ". Where does it belong?";
      later.hidden = waiting.length < 2;
      piles.replaceChildren(
        ...props.piles.map((pile) => {
          const cards = props.cards.filter((one) => placed.get(one) === pile);
          return h(
            "div",
            {},
            h("p", { class: "alongside-pile" }, pile),
            cards.length === 0
              ? h("p", { class: "alongside-hint" }, "No card yet.")
              : h("ul", {}, cards.map((one) => h("li", {}, button(one, () => takeBack(one), { title: "Take this card back" })))),
          );
        }),
      );
    }

    body.append(top, piles);
    return (kept) => {
      placed = new Map();
      for (const [pile, cards] of Object.entries(kept !== null && typeof kept === "object" ? kept : {})) {
        if (!props.piles.includes(pile) || !Array.isArray(cards)) continue;
        for (const one of cards) if (props.cards.includes(one)) placed.set(one, pile);
      }
      waiting = props.cards.filter((one) => !placed.has(one));
      draw();
    };
  },
};
