// What a sheet for the wall needs: letters as large as one sheet allows, days that make sense, and an eye for names.

/** Letters in points, from the largest; a wall is read from two steps away. */
const LETTERS = [34, 30, 26, 22, 19, 17, 15, 13];
/** A sheet of Letter or A4 without its margins, in points, with something to spare: printers differ. */
const SHEET = { width: 490, height: 640 };
const FARTHEST = 400; // days

/**
 * The size of letters, in points, in which these lines fit one sheet; 0 where none does.
 * @param {string[]} texts each begins on a line of its own
 */
export function letterSize(texts) {
  /** @param {number} size */
  const height = (size) => {
    const letters = Math.floor(SHEET.width / (size * 0.56));
    const lines = texts.flatMap((text) => text.split("\n")).map((line) => Math.max(1, Math.ceil(line.length / letters)));
    return lines.reduce((sum, one) => sum + one * size * 1.3 + size * 0.25, 0);
  };
  return LETTERS.find((size) => height(size) <= SHEET.height) || 0;
}

/**
 * What is odd about a day: "none" (no day, or one that no calendar has), "past", "far", or "".
 * @param {string} day YYYY-MM-DD
 * @param {string} today YYYY-MM-DD
 */
export function oddDay(day, today) {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return "none";
  const days = (Date.parse(day) - Date.parse(today)) / 86400000;
  if (Number.isNaN(days)) return "none";
  return days < 0 ? "past" : days > FARTHEST ? "far" : "";
}

/**
 * Whether somebody's name may stand in a place or role: a word with a capital letter that begins no sentence, or that is all
 * there is. Days, months and the words of `known` are none. It errs, so it is asked gently, and refuses nothing.
 * @param {string} text
 * @param {string[]} known in small letters
 * @param {string} language
 */
export function mayBeName(text, known, language) {
  const words = /** @type {string[]} */ (text.match(/[\p{L}’'-]+|[.!?:]/gu) || []);
  const calendar = [...Array(12).keys()].flatMap((at) =>
    [{ month: /** @type {const} */ ("long") }, { weekday: /** @type {const} */ ("long") }].map((how) =>
      new Intl.DateTimeFormat(language, { ...how, timeZone: "UTC" }).format(Date.UTC(2024, at, 1 + at)).toLowerCase(),
    ),
  );
  return words.some((word, at) => {
    const plain = word.toLowerCase();
    if (!/^\p{Lu}\p{Ll}+/u.test(word) || known.includes(plain) || calendar.includes(plain)) return false;
    return words.length === 1 || (at > 0 && !/[.!?:]/.test(words[at - 1]));
  });
}
