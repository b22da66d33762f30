// Weeks later: each promise of this sitting, and how it stands. Answer: {promise: {"How it stands", "What I want to say"}}.

import { freshId, growingBox, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { isPromise, isRecord } from "../page/say.js";
import { sitting } from "../page/sitting.js";

const STATES = ["Kept", "Changed", "Told people", "Not yet"];
const STANDS = "How it stands";
const SAYS = "What I want to say about it";

/** The promises that were made: their words, each once. "Not this time" is none. */
function promises() {
  const made = sitting.all().filter(([, { answer }]) => isPromise(answer) && typeof answer.what === "string");
  const words = made.map(([, { answer }]) => answer.what.trim()).filter((what) => what !== "" && !(what in Object.prototype));
  return [...new Set(words)];
}

export const checkin = {
  private: true,
  watches: true, // a promise may be written, or brought back in a file, while the page is open
  build({ body, keep }) {
    const none = h(
      "p",
      {},
      "No promise is kept in this tab, and that is fine. If you saved a file, bring it back under My words, at the top of the page. Or write down one that you remember.",
    );
    const list = h("div", {});
    const remembered = growingBox({ rows: 1, class: "alongside-words", oninput: changed });
    const own = card("One that you remember", remembered);
    body.append(none, list, own.element);
    let shown = null; // the promises that are drawn now
    let cards = [];

    function card(legend, box) {
      const group = freshId("checkin");
      const radios = STATES.map((state) =>
        h("input", { type: "radio", name: group, value: state, autocomplete: "off", onchange: changed }),
      );
      const words = growingBox({ rows: 1, class: "alongside-words", oninput: changed });
      return {
        radios,
        words,
        element: h(
          "fieldset",
          { class: "alongside-card" },
          h("legend", { dir: "auto" }, legend),
          box ? h("label", { class: "alongside-field" }, h("span", {}, "The promise"), box) : null,
          h("div", { class: "alongside-options" }, radios.map((radio, at) => h("label", {}, radio, h("span", {}, STATES[at])))),
          h("label", { class: "alongside-field" }, h("span", {}, SAYS), words),
        ),
      };
    }

    const stands = ({ radios, words }) => {
      const chosen = radios.find((radio) => radio.checked);
      return { ...(chosen && { [STANDS]: chosen.value }), ...(words.value.trim() !== "" && { [SAYS]: words.value }) };
    };

    function answer() {
      const named = [...shown.map((what, at) => [what, cards[at]]), [remembered.value.trim() || "One that I remember", own]];
      return Object.fromEntries(
        named.map(([what, one]) => [what, stands(one)]).filter(([, one]) => Object.keys(one).length > 0),
      );
    }

    function changed() {
      const now = answer();
      keep(Object.keys(now).length === 0 ? "" : now);
    }

    function fill({ radios, words }, kept) {
      const parts = isRecord(kept) ? kept : {};
      for (const radio of radios) radio.checked = radio.value === parts[STANDS];
      words.setText(typeof parts[SAYS] === "string" ? parts[SAYS] : "");
    }

    return (kept) => {
      const rows = isRecord(kept) ? kept : {};
      const now = promises();
      if (JSON.stringify(now) !== JSON.stringify(shown)) {
        shown = now;
        cards = now.map((what) => card(what, null));
        list.replaceChildren(...cards.map(({ element }) => element));
      }
      none.hidden = now.length > 0;
      now.forEach((what, at) => fill(cards[at], rows[what]));
      const other = Object.keys(rows).find((what) => !now.includes(what)) || "";
      remembered.setText(other === "One that I remember" ? "" : other);
      fill(own, rows[other]);
    };
  },
};

register("checkin", checkin);
