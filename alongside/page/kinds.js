// Every kind of activity by its name. A page brings along only the files of the kinds that stand on it.

/** @type {Map<string, any>} */
const KINDS = new Map();

/**
 * A file of a kind says its name at its end: register("ask", ask).
 * @param {string} name
 * @param {object} kind as frame.js describes it
 */
export const register = (name, kind) => KINDS.set(name, kind);

/** @param {string} name */
export const kindOf = (name) => KINDS.get(name);
