// Every sentence of a page, by key. join.py puts the ones that a page can say behind its script, from words/en.yml;
// no sentence stands in a script. A key is always written out whole, so that it can be found there; in a page's text it
// is the sentence's place in the list.

let language = "en";
/** @typedef {Record<string, any>} Values */
/** @type {Record<string, string | Record<string, string>>} */
let sentences = {};

/**
 * Called once, with the page's language and its sentences by key: a text, or {one: text, other: text}.
 * @param {string} tongue
 * @param {Record<string, string | Record<string, string>>} all
 */
export function speak(tongue, all) {
  language = tongue;
  sentences = all;
}

/**
 * A sentence, in the form that `values.count` asks for where it has forms.
 * @param {string} key
 * @param {Values} values
 */
function sentence(key, values) {
  const forms = sentences[key];
  if (typeof forms === "string") return forms;
  const form = forms[new Intl.PluralRules(language).select(values.count)];
  return form === undefined ? forms.other : form;
}

/**
 * The sentence of a key as a text, with its {fields} filled in.
 * @param {string} key
 * @param {Values} [values]
 */
export const say = (key, values = {}) => sentence(key, values).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/**
 * The sentence of a key as a list of texts and elements: a {field} may be a button or a word in bold.
 * @param {string} key
 * @param {Values} values
 * @returns {any[]}
 */
export const sayWith = (key, values) =>
  sentence(key, values)
    .split(/\{(\w+)\}/)
    .map((part, at) => (at % 2 === 1 ? values[part] : part))
    .filter((part) => part !== "");

/**
 * A label with what belongs to it: a text, or several.
 * @param {any} label
 * @param {any} texts
 */
export const withLabel = (label, texts) =>
  say("activities.line", { label, text: [texts].flat().join(say("activities.between_texts")) });

/** The page's language, as HTML's lang has it. */
export const tongue = () => language;
