// Cards into named piles, one card at a time, by buttons. Answer: {kind: "sort_cards", v: 2, placed: [[card, pile], ...]}.

import { pairsOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say, withLabel } from "../page/words.js";

registerWords("sort_cards", {
  parts: ["placed"],
  texts: ({ cards, piles }) => ({ cards, piles }),
  words({ placed }, text) {
    const pairs = pairsOf(placed);
    return [...new Set(pairs.map(([, pile]) => pile))].map((pile) => {
      const cards = pairs.filter(([, one]) => one === pile).map(([card]) => text("cards", card));
      return withLabel(text("piles", pile), cards);
    });
  },
});

// --- on the page ---

import { button, freshId, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { entriesOf, isGrouped } from "../page/version-1.js";

/** @type {import("../page/kinds.js").Kind} */
const sortCards = {
  upgrade(old, { idOf }) {
    if (!isGrouped(old)) return undefined;
    const placed = ([pile, cards]) => [cards].flat().map((card) => [idOf("cards", card), idOf("piles", pile)]);
    return { placed: entriesOf(old).flatMap(placed) };
  },
  build({ body, props, keep, beside, tell }) {
    let placed = new Map(); // card's id -> pile's id
    let waiting = []; // cards without a pile, the one on top first
    let others = []; // what was placed when the question had other cards or piles
    const wordsOf = ([, words]) => words;
    const named = freshId("card");
    const card = h("p", "al-top-card");
    const count = h("p", "al-hint");
    const later = button(say("activities.sort_later"), () => {
      waiting = [...waiting.slice(1), waiting[0]];
      draw();
      tell(say("activities.sort_next", { card: wordsOf(waiting[0]) }));
    });

    const inPile = ([pile]) => props.cards.filter(([id]) => placed.get(id) === pile);

    /** Keeps what lies in the piles, pile by pile, as it is read. */
    const settle = (words) => {
      const pairs = props.piles.flatMap((pile) => inPile(pile).map(([id]) => [id, pile[0]]));
      others = others.filter(([id]) => !placed.has(id));
      const all = [...pairs, ...others];
      keep(all.length === 0 ? null : { placed: all }, words);
      beside({ placed: others });
    };

    const put = (pile) => {
      const moved = waiting[0];
      placed.set(moved[0], pile[0]);
      waiting = waiting.slice(1);
      draw();
      const said = { card: wordsOf(moved), pile: wordsOf(pile) };
      if (waiting.length > 0) return settle(say("activities.sort_placed", { ...said, next: wordsOf(waiting[0]) }));
      settle(say("activities.sort_placed_last", said));
      // A pile stays where it is, so the finger or the focus can too; after the last card it is none to press.
      /** @type {HTMLElement} */ (hand.querySelector("li > button")).focus();
    };

    const takeUp = (one) => {
      placed.delete(one[0]);
      waiting = [one, ...waiting];
      draw();
      settle(say("activities.sort_back", { card: wordsOf(one) }));
      hand.focus();
    };

    /** A pile is what one presses, with its name, how many cards lie in it, and the cards, each to be taken up again. */
    const piles = props.piles.map((pile) => {
      const label = freshId("pile");
      // A hand that presses twice meant one card: nobody has read the next one.
      const [press, still] = [button("", ({ detail }) => detail > 1 || put(pile), { class: "al-pile" }), h("p", "al-pile")];
      const many = h("span", { "aria-hidden": "true" });
      const name = [h("span", { id: label }, wordsOf(pile)), many];
      const list = h("ul");
      const element = h("div", { role: "group", "aria-labelledby": label }, press, still, list);
      const lay = (one) => h("li", {}, button(wordsOf(one), ({ detail }) => detail > 1 || takeUp(one), { title: say("activities.sort_take_back") }));
      const drawPile = () => {
        const cards = inPile(pile);
        const sorted = waiting.length === 0;
        press.hidden = sorted;
        still.hidden = !sorted;
        (sorted ? still : press).append(...name);
        many.textContent = String(cards.length);
        list.replaceChildren(...cards.map(lay));
      };
      return { element, drawPile };
    });

    // By its name a person who only hears learns which card it is, also on coming in by Tab. By one alone: Orca says the
    // texts of several in any order.
    const hand = h(
      "div",
      { role: "group", tabindex: "-1", "aria-labelledby": named },
      h("div", { id: named }, count, card),
      later,
      h("div", "al-sorted", piles.map(({ element }) => element)),
    );

    const draw = () => {
      const { length } = waiting;
      card.hidden = length === 0;
      card.textContent = length > 0 ? wordsOf(waiting[0]) : "";
      count.textContent =
        length > 0
          ? say("activities.sort_count", { number: placed.size + 1, total: props.cards.length })
          : say("activities.sort_done");
      later.hidden = length < 2;
      card.classList.toggle("al-waits", length > 1);
      for (const { drawPile } of piles) drawPile();
    };

    body.append(hand);
    return (kept) => {
      const has = (list, id) => list.some(([one]) => one === id);
      const pairs = kept ? pairsOf(kept.placed) : [];
      const known = pairs.filter(([id, pile]) => has(props.cards, id) && has(props.piles, pile));
      placed = new Map(known);
      others = pairs.filter((pair) => !known.includes(pair));
      waiting = props.cards.filter(([id]) => !placed.has(id));
      draw();
      beside({ placed: others });
    };
  },
};

register("sort_cards", sortCards);
