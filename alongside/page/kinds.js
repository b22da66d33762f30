// Every kind of activity by its name. A page brings along only the files of the kinds that stand on it.

const KINDS = new Map();

/** A file of a kind says its name at its end: register("ask", ask). */
export const register = (name, kind) => KINDS.set(name, kind);

export const kindOf = (name) => KINDS.get(name);
