// The plan: "my words" with the words open for editing.

import { button, freshId, growingBox, h } from "../page/dom.js";
import { readerOf, register } from "../page/kinds.js";
import { promiseBoxes } from "./promise.js";
import { isOf, textOf } from "../page/answers.js";
import { keeping, read } from "../page/my-words.js";
import { keptWord, lines } from "../page/reading.js";
import { sitting } from "../page/sitting.js";
import { say, withLabel } from "../page/words.js";

/** Everything that was kept, to edit, print and save. */
/** @type {import("../page/kinds.js").Kind} */
const plan = {
  skip: false,
  watches: true,
  private: true,
  build({ body, kept, tell, self }) {
    const list = h("div", "al-kept");
    const said = freshId("empty");
    const empty = h("div", { role: "group", tabindex: "-1", "aria-labelledby": said }, h("p", { id: said }, say("activities.plan_empty")));
    body.append(empty, list, keeping(tell));
    /** What stands on the page, by its key. Only what changed is drawn anew, so that nobody waits at a key. */
    const cards = new Map();

    const settle = (key, word) => {
      if (word === null) return sitting.drop(key, self);
      kept(sitting.keep(key, word, self));
      Object.assign(cards.get(key), { word, drawn: drawnAs(key, word) });
    };

    /** An answer that names others, such as a check-in its promises, is read in their words. */
    const drawnAs = (key, word) => {
      const { moved } = readerOf(word.answer.kind) || {};
      return JSON.stringify([word, moved && lines(key, word)]);
    };

    /** What asks for another control: an answer in another form. */
    const shapeOf = ({ prompt, answer }) => [prompt, answer.kind, answer.v, typeof answer.answer].join();

    /** The control in which a card's word is read or changed, and what draws the word in it. */
    const editor = (key, card, label) => {
      const { prompt, answer } = card.word;
      const change = (kind) => (parts) => settle(key, keptWord(kind, {}, prompt, parts, card.word));
      const box = (textIn, changed) => {
        const words = growingBox({ "aria-labelledby": label });
        words.addEventListener("input", () => changed(words.value.trim() === "" ? null : words.value));
        return [words, (word) => words.setText(textIn(word.answer))];
      };
      if (isOf("ask", card.word)) return box(({ text }) => textOf(text), (text) => change("ask")(text && { text }));
      if (answer.kind === "old" && typeof answer.answer === "string") {
        return box(({ answer: text }) => text, (text) => settle(key, text && { ...card.word, answer: { ...answer, answer: text } }));
      }
      if (isOf("promise", card.word)) {
        const boxes = promiseBoxes(change("promise"), tell, prompt);
        return [boxes.element, (word) => boxes.show(word.answer)];
      }
      const place = h("div", {});
      const hint = h("p", "al-hint", say("activities.plan_go_back"));
      return [place, (word) => place.replaceChildren(...read(key, word), hint)];
    };

    /** What was taken out, by its key: the place where it stood, from which a hand that slipped brings it back. */
    const gone = new Map();

    /** The focus goes on to what stands in the place of what was taken out, and presses nothing by chance there. */
    const takeOut = (key, prompt, element) => {
      const all = [...list.children].filter((one) => one.tagName !== "DIV");
      const at = all.indexOf(element);
      const back = button(withLabel(say("activities.plan_put_back"), prompt), ({ detail }) => {
        if (detail > 1) return;
        sitting.unskip(key);
        tell(say("page.answer_is_back"));
        if (cards.has(key)) cards.get(key).element.focus();
      });
      const place = h("div", {}, back);
      // A hand that shakes presses twice: for a moment nothing else comes to lie under it.
      place.style.minHeight = element.offsetHeight + "px";
      setTimeout(() => (place.style.minHeight = ""), 1000);
      element.before(place);
      gone.set(key, place);
      sitting.drop(key, null, true);
      tell(say("activities.plan_taken_out"));
      const after = /** @type {HTMLElement} */ (all[at + 1] || all[at - 1] || empty);
      after.focus({ preventScroll: at + 1 < all.length });
    };

    /** What was forgotten, or written anew, can't be put back. */
    const drawPlaces = () => {
      for (const [key, place] of gone) {
        if (sitting.isAway(key) && !sitting.read(key)) continue;
        place.remove();
        gone.delete(key);
      }
    };

    const cardOf = (key, word) => {
      const label = freshId("kept");
      const card = { word, shape: shapeOf(word), drawn: "" };
      const [control, fill] = editor(key, card, label);
      const out = say("activities.plan_take_out");
      const element = h(
        "fieldset",
        { class: "al-card", tabindex: "-1" },
        h("legend", { id: label }, word.prompt),
        control,
        button(out, () => takeOut(key, word.prompt, element), { "aria-label": withLabel(out, word.prompt) }),
      );
      return Object.assign(card, { element, fill });
    };

    return () => {
      drawPlaces();
      const words = new Map(sitting.all());
      empty.hidden = words.size > 0;
      for (const [key, { element, shape }] of cards) {
        if (words.has(key) && shapeOf(words.get(key)) === shape) continue;
        element.remove();
        cards.delete(key);
      }
      let at = list.firstChild;
      for (const [key, word] of words) {
        while (at && at.nodeName === "DIV") at = at.nextSibling; // a place of what was taken out
        const card = cards.get(key) || cardOf(key, word);
        cards.set(key, card);
        if (card.element === at) at = at.nextSibling;
        else list.insertBefore(card.element, at);
        const drawn = drawnAs(key, word);
        if (card.drawn === drawn) continue;
        Object.assign(card, { word, drawn });
        card.fill(word); // a box can measure its text only once it stands on the page
      }
    };
  },
};

register("plan", plan);
