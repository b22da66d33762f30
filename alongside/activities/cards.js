// Cards to lay into piles.

import { button, h } from "../page/dom.js";
import { register } from "../page/kinds.js";

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

register("sort_cards", sortCards);
