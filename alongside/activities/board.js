// A table to fill, drawn as one card for each row. Answer: {kind: "board", v: 2, rows: [{row, cells}, ...],
// own: [{at, name, cells}, ...]}; a cell is {column, option} or {column, text}. A row of one's own keeps its place,
// and is never one of the question's rows, whatever its name.

import { recordsOf, textOf } from "../page/answers.js";
import { registerWords } from "../page/kinds.js";
import { say, withLabel } from "../page/words.js";

registerWords("board", {
  parts: ["rows", "own"],
  texts: ({ rows, columns, options }) => ({
    rows,
    columns,
    ...Object.fromEntries(Object.entries(options || {}).map(([column, list]) => ["options-" + column, list])),
  }),
  words({ rows, own }, text) {
    const cellWords = ({ column, option, text: words }) =>
      withLabel(text("columns", textOf(column)), textOf(option) ? text("options-" + column, option) : textOf(words));
    const line = (label, cells) => {
      const filled = recordsOf(cells).map(cellWords);
      return filled.length === 0 ? label : withLabel(label, filled);
    };
    return [
      ...recordsOf(rows).map(({ row, cells }) => line(text("rows", textOf(row)), cells)),
      ...recordsOf(own).map(({ name, cells }) => line(textOf(name).trim() || say("activities.board_unnamed"), cells)),
    ];
  },
});

// --- on the page ---

import { PRIVATE, growingBox, h, labelled } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { FORMER, entriesOf, inWords, isGrouped, plainName } from "../page/version-1.js";

/** @type {import("../page/kinds.js").Kind} */
const board = {
  upgrade(old, { idOf }, texts, props) {
    if (!isGrouped(old)) return undefined;
    const cellsOf = (kept) =>
      entriesOf(kept).map(([name, value]) => {
        const column = idOf("columns", name);
        const chosen = (props.options[column] || []).length > 0;
        return chosen ? { column, option: idOf("options-" + column, value) } : { column, text: inWords(value) };
      });
    const parts = { rows: [], own: [] };
    for (const [name, kept] of entriesOf(old)) {
      const row = texts.rows.find(([, text]) => text === name);
      const typed = plainName(name, old);
      if (row) parts.rows.push({ row: row[0], cells: cellsOf(kept) });
      else parts.own.push({ at: parts.own.length, name: typed === FORMER.unnamed ? "" : typed, cells: cellsOf(kept) });
    }
    return parts;
  },
  private: true,
  build({ body, props, keep, beside }) {
    let others = { rows: [], own: [] }; // rows that this question doesn't have

    const chooser = (column, options) => {
      const field = h(
        "select",
        { class: "al-words", autocomplete: "off", onchange: changed },
        h("option", { value: "" }, say("activities.board_open")),
        options.map(([id, words]) => h("option", { value: id }, words)),
      );
      const has = (id) => options.some(([one]) => one === id);
      return {
        field,
        cell: () => (field.value === "" ? null : { column, option: field.value }),
        put: (cell) => (field.value = cell && has(cell.option) ? cell.option : ""),
        holds: (cell) => has(cell.option),
      };
    };
    const writer = (column) => {
      const field = growingBox({ rows: 1, oninput: changed });
      return {
        field,
        cell: () => (field.value.trim() === "" ? null : { column, text: field.value }),
        put: (cell) => field.setText(cell ? textOf(cell.text) : ""),
        holds: (cell) => typeof cell.text === "string",
      };
    };

    /** One row's card: its fields, and what was kept in cells that it can't draw. */
    function card(legend, own) {
      const fields = props.columns.map(([column, name]) => {
        const made = props.options[column].length > 0 ? chooser(column, props.options[column]) : writer(column);
        return { column, name, ...made };
      });
      let left = [];
      body.append(
        h(
          "fieldset",
          "al-card al-cells",
          h("legend", {}, legend),
          own ? labelled(say("activities.board_name"), own) : null,
          fields.map(({ name, field }) => labelled(name, field)),
        ),
      );
      return {
        cells() {
          return [...fields.map(({ cell }) => cell()).filter((cell) => cell !== null), ...left];
        },
        fill(kept) {
          const cells = kept ? recordsOf(kept.cells) : [];
          const mine = fields.map(({ column, holds }) => cells.find((cell) => cell.column === column && holds(cell)));
          fields.forEach(({ put }, at) => put(mine[at]));
          return (left = cells.filter((cell) => !mine.includes(cell)));
        },
      };
    }

    const given = props.rows.map(([id, name]) => ({ id, ...card(name, null) }));
    const owned = Array.from({ length: props.own_rows }, (unused, at) => {
      const box = h("input", { type: "text", dir: "auto", ...PRIVATE, oninput: changed });
      return { at, box, ...card(say("activities.board_own"), box) };
    });

    function changed() {
      const rows = given.map(({ id, cells }) => ({ row: id, cells: cells() })).filter(({ cells }) => cells.length > 0);
      const own = owned
        .map(({ at, box, cells }) => ({ at, name: box.value, cells: cells() }))
        .filter(({ name, cells }) => name.trim() !== "" || cells.length > 0);
      const parts = { rows: [...rows, ...others.rows], own: [...own, ...others.own] };
      keep(parts.rows.length + parts.own.length === 0 ? null : parts);
    }

    return (kept) => {
      const [rows, own] = kept ? [recordsOf(kept.rows), recordsOf(kept.own)] : [[], []];
      const mine = given.map(({ id }) => rows.find(({ row }) => row === id));
      const places = owned.map(({ at }) => own.find((row) => row.at === at));
      others = { rows: rows.filter((row) => !mine.includes(row)), own: own.filter((row) => !places.includes(row)) };
      const left = { rows: [...others.rows], own: [...others.own] };
      given.forEach(({ id, fill }, at) => {
        const cells = fill(mine[at]);
        if (cells.length > 0) left.rows.push({ row: id, cells });
      });
      owned.forEach(({ box, fill }, at) => {
        const name = places[at] ? textOf(places[at].name) : "";
        const cells = fill(places[at]);
        box.value = name;
        if (cells.length > 0) left.own.push({ name, cells });
      });
      beside(left);
    };
  },
};

register("board", board);
