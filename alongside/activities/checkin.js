// Weeks later: each promise, and how it stands. Answer: {kind: "checkin", v: 2, rows: [{promise, state, text}, ...],
// remembered: {what, state, text}}. A promise is named by the key that it is kept under, so that its words can change;
// one that is only remembered has a place of its own.

import { isOf, isRecord, recordsOf, textOf, without } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { sitting } from "../page/sitting.js";
import { say, withLabel } from "../page/words.js";

const checkinStates = () => [
  ["kept", say("activities.checkin_kept")],
  ["changed", say("activities.checkin_changed")],
  ["told", say("activities.checkin_told")],
  ["not-yet", say("activities.checkin_not_yet")],
];

/** The promises that were made, [[key, words], ...]. "Not this time" is none. */
const promisesMade = () =>
  sitting
    .all()
    .filter(([, word]) => isOf("promise", word) && textOf(word.answer.what).trim() !== "")
    .filter(([, word]) => word.answer.answer !== "not-this-time")
    .map(([key, { answer }]) => [key, answer.what.trim()]);

registerWords("checkin", {
  parts: ["rows", "remembered"],
  texts: () => ({ promises: promisesMade() }),
  words({ rows, remembered }, text) {
    const stands = ({ state, text: words }) => {
      const known = checkinStates().find(([id]) => id === state);
      const said = known ? known[1] : textOf(state) && text("states", state);
      return [
        ...(said ? [withLabel(say("activities.checkin_stands"), said)] : []),
        ...(textOf(words) ? [withLabel(say("activities.checkin_says"), words)] : []),
      ];
    };
    const line = (label, row) => (stands(row).length > 0 ? withLabel(label, stands(row)) : label);
    return [
      ...recordsOf(rows).map((row) => line(text("promises", textOf(row.promise)), row)),
      ...(isRecord(remembered) ? [line(textOf(remembered.what).trim() || say("activities.checkin_unnamed"), remembered)] : []),
    ];
  },
  moved(answer, places) {
    const movedRow = (row) => (isRecord(row) && places.has(row.promise) ? { ...row, promise: places.get(row.promise) } : row);
    return Array.isArray(answer.rows) ? { ...answer, rows: answer.rows.map(movedRow) } : answer;
  },
});

// --- on the page ---

import { freshId, growingBox, h, labelled } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { wordsOfId } from "../page/reading.js";
import { FORMER, entriesOf, inWords, isGrouped } from "../page/version-1.js";

/** @type {import("../page/kinds.js").Kind} */
const checkin = {
  upgrade(old, { idOf }, texts) {
    if (!isGrouped(old)) return undefined;
    const parts = { rows: [] };
    for (const [what, kept] of entriesOf(old)) {
      const state = isRecord(kept) ? kept[FORMER.stands] : "";
      const stands = {
        state: state ? textOf(FORMER.states[state]) || idOf("states", state) : "",
        text: inWords(isRecord(kept) ? kept[FORMER.says] || "" : kept),
      };
      const promise = texts.promises.find(([, words]) => words === what);
      if (promise) parts.rows.push({ promise: promise[0], ...stands });
      else if (!parts.remembered) parts.remembered = { what: what === FORMER.remembered ? "" : what, ...stands };
      else parts.rows.push({ promise: idOf("promises", what), ...stands });
    }
    return parts;
  },
  private: true,
  watches: true, // a promise may be written, or brought back in a file, while the page is open
  build({ body, props, key, keep, beside }) {
    const none = h("p", {}, say("activities.checkin_none"));
    const list = h("div", {});
    const what = growingBox({ rows: 1, oninput: changed });
    const own = card(say("activities.checkin_remembered"), what);
    body.append(none, list, own.element);
    let others = []; // rows that have no card of their own
    let shown = []; // [[promise's key, its words, its card], ...], as they are drawn now

    function card(legend, box) {
      const group = freshId("checkin");
      const states = checkinStates();
      const radios = states.map(([id]) =>
        h("input", { type: "radio", name: group, value: id, autocomplete: "off", onchange: changed }),
      );
      const words = growingBox({ rows: 1, oninput: changed });
      let kept = {};
      return {
        element: h(
          "fieldset",
          "al-card",
          h("legend", { dir: "auto", translate: box ? null : "no" }, legend),
          box ? labelled(say("activities.checkin_promise"), box) : null,
          h("div", "al-options al-chips", radios.map((radio, at) => h("label", {}, radio, h("span", {}, states[at][1])))),
          labelled(say("activities.checkin_says"), words),
        ),
        /** {state, text}, or null where nothing is said. */
        stands() {
          const chosen = radios.find((radio) => radio.checked);
          const state = chosen ? chosen.value : textOf(kept.state);
          return state || words.value.trim() !== "" ? { ...kept, state, text: words.value } : null;
        },
        fill(row) {
          kept = row ? without(row, ["promise", "what"]) : {};
          for (const radio of radios) radio.checked = radio.value === kept.state;
          words.setText(textOf(kept.text));
        },
      };
    }

    function changed() {
      const drawn = shown
        .map(([promise, , one]) => ({ promise, stands: one.stands() }))
        .filter(({ stands }) => stands !== null)
        .map(({ promise, stands }) => ({ promise, ...stands }));
      const rows = [...drawn, ...others];
      const stands = own.stands();
      const remembered = stands || what.value.trim() !== "" ? { what: what.value, ...stands } : null;
      if (rows.length === 0 && !remembered) return keep(null);
      keep(remembered ? { rows, remembered } : { rows });
    }

    return (kept) => {
      const rows = kept ? recordsOf(kept.rows) : [];
      const made = promisesMade();
      // A promise that is no longer kept here keeps its card while something is said about it.
      const gone = rows
        .map(({ promise }) => textOf(promise))
        .filter((key, at, keys) => key !== "" && keys.indexOf(key) === at && !made.some(([one]) => one === key))
        .map((promise) => [promise, wordsOfId("checkin", props, sitting.read(key), "promises", promise)]);
      const now = [...made, ...gone];
      if (JSON.stringify(now) !== JSON.stringify(shown.map(([key, words]) => [key, words]))) {
        shown = now.map(([key, words]) => [key, words, card(words, null)]);
        list.replaceChildren(...shown.map(([, , { element }]) => element));
      }
      none.hidden = now.length > 0;
      const mine = shown.map(([key]) => rows.find(({ promise }) => promise === key));
      shown.forEach(([, , one], at) => one.fill(mine[at]));
      others = rows.filter((row) => !mine.includes(row));
      const remembered = kept && isRecord(kept.remembered) ? kept.remembered : undefined;
      what.setText(remembered ? textOf(remembered.what) : "");
      own.fill(remembered);
      beside({ rows: others });
    };
  },
};

register("checkin", checkin);
