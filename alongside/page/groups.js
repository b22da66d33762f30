// Groups for exactly so many people: nobody is left over, and nobody is alone in a group.

/** How many sit together, by the names that a step has for it. @type {Record<string, number>} */
const SIZES = { pairs: 2, threes: 3, fours: 4 };

/**
 * The sizes of the groups, the smaller ones first: groups(9, "fours") gives [3, 3, 3]. Where people don't sit in groups,
 * or are too few for two, none.
 * @param {number} people
 * @param {string} grouping "pairs", "threes" or "fours"
 * @returns {number[]}
 */
export function groups(people, grouping) {
  const size = SIZES[grouping];
  if (!size || people < 4) return [];
  // As near to the size as it goes: rather one more in a pair or a three than one less, and of fours rather threes.
  const number = size === 4 ? Math.ceil(people / 4) : Math.max(1, Math.floor(people / size));
  if (number === 1) return people === 5 ? [2, 3] : [];
  const least = Math.floor(people / number);
  const larger = people - least * number;
  return [...Array(number - larger).fill(least), ...Array(larger).fill(least + 1)];
}

/** Of how many people a circle is at most, and how many there are where there are two hosts. */
const CIRCLE = 12;
const TWO_CIRCLES = 16;

/** How many people sit in each circle: one, or two of them from thirteen people on. A hall of more than sixteen is one. */
export const circles = (/** @type {number} */ people) =>
  people > CIRCLE && people <= TWO_CIRCLES ? [Math.ceil(people / 2), Math.floor(people / 2)] : [people];
