// What is filled in part by part: compose (one thing to say) and board (a table, drawn as one card for each row).

import { PRIVATE, folded, freshId, growingBox, h } from "../page/dom.js";
import { register } from "../page/kinds.js";
import { isRecord } from "../page/say.js";

const textOf = (value) => (typeof value === "string" ? value : "");
const orNothing = (answer) => (Object.keys(answer).length === 0 ? "" : answer);

/** Named parts, and the whole read together. Answer: {part: words}. */
export const compose = {
  private: true,
  build({ body, props, keep }) {
    const whole = h("div", { class: "alongside-standing" });
    const boxes = props.parts.map(([name, hint]) => {
      const label = freshId("part");
      const help = freshId("hint");
      const box = growingBox({ rows: 2, class: "alongside-words", "aria-labelledby": label, "aria-describedby": help });
      box.addEventListener("input", () => {
        draw();
        keep(orNothing(answer()));
      });
      body.append(
        h("div", { class: "alongside-field" }, h("span", { id: label }, name), h("p", { class: "alongside-hint", id: help }, hint), box),
      );
      return [name, box];
    });
    body.append(whole);
    if (props.avoid.length > 0) body.append(folded("What tends to go wrong", props.avoid));

    const answer = () =>
      Object.fromEntries(boxes.filter(([, box]) => box.value.trim() !== "").map(([name, box]) => [name, box.value]));

    function draw() {
      const said = Object.values(answer());
      whole.hidden = said.length < 2;
      whole.replaceChildren(
        h("p", { class: "alongside-pile" }, "All together"),
        ...said.map((words) => h("p", { class: "alongside-line", dir: "auto" }, words)),
      );
    }

    return (kept) => {
      for (const [name, box] of boxes) box.setText(isRecord(kept) ? textOf(kept[name]) : "");
      draw();
    };
  },
};

const UNNAMED = "Another one";

/** One card for each row, with its columns in it. Answer: {row: {column: what was chosen or written}}. */
export const board = {
  private: true,
  build({ body, props, keep }) {
    const cell = ([name, options]) => {
      const field =
        options.length > 0
          ? h(
              "select",
              { class: "alongside-words", autocomplete: "off", onchange: changed },
              h("option", { value: "" }, "Leave it open"),
              options.map((option) => h("option", { value: option }, option)),
            )
          : growingBox({ rows: 1, class: "alongside-words", oninput: changed });
      const put = (words) => (field.setText ? field.setText(words) : (field.value = options.includes(words) ? words : ""));
      return { name, field, put, label: h("label", { class: "alongside-field" }, h("span", {}, name), field) };
    };
    const card = (legend, own) => {
      const cells = props.columns.map(cell);
      body.append(
        h(
          "fieldset",
          { class: "alongside-card" },
          h("legend", {}, legend),
          own ? h("label", { class: "alongside-field" }, h("span", {}, "What it is"), own) : null,
          cells.map(({ label }) => label),
        ),
      );
      return cells;
    };
    const given = props.rows.map((name) => ({ name: () => name, cells: card(name, null) }));
    const owned = Array.from({ length: props.own_rows }, () => {
      const box = h("input", { type: "text", dir: "auto", ...PRIVATE, class: "alongside-words", oninput: changed });
      return { box, name: () => box.value, cells: card("One of your own", box) };
    });

    function answer() {
      const rows = new Map();
      for (const row of [...given, ...owned]) {
        const filled = row.cells.filter(({ field }) => field.value.trim() !== "").map(({ name, field }) => [name, field.value]);
        const named = row.name().trim() !== "";
        if (filled.length === 0 && !(row.box && named)) continue;
        let name = named ? row.name() : UNNAMED;
        while (rows.has(name) || name in Object.prototype) name += " *";
        rows.set(name, Object.fromEntries(filled));
      }
      return Object.fromEntries(rows);
    }

    function changed() {
      keep(orNothing(answer()));
    }

    const fill = (row, kept) => {
      for (const { name, put } of row.cells) put(isRecord(kept) ? textOf(kept[name]) : "");
    };
    return (kept) => {
      const rows = isRecord(kept) ? kept : {};
      for (const row of given) fill(row, rows[row.name()]);
      const others = Object.keys(rows).filter((name) => !props.rows.includes(name));
      owned.forEach((row, at) => {
        const name = others[at] || "";
        row.box.value = name === UNNAMED ? "" : name;
        fill(row, rows[name]);
      });
    };
  },
};

register("compose", compose);
register("board", board);
