// When each part of a session begins and ends: as planned, and as it goes. Everything is worked out from times that were
// kept, and nothing is counted by ticks, so that a reload or a laptop's sleep loses no minute. Times are in milliseconds.

export const MINUTE = 60000;

/**
 * @typedef {object} Row
 * @property {number} minutes
 * @property {number | null} at the time before which it does not begin, if it is tied to the clock
 */

/** The longest session that the planner makes. */
const A_SESSION = 240 * MINUTE;

/**
 * The day's time "10:30" on the day before `now`, on its day and on the one after; none where it is no time. By the calendar,
 * since the day on which clocks are changed has no 24 hours.
 * @param {any} text
 * @param {number} now
 */
function moments(text, now) {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(typeof text === "string" ? text : "");
  if (!found) return [];
  return [-1, 0, 1].map((days) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    return day.setHours(Number(found[1]), Number(found[2]), 0, 0);
  });
}

/**
 * The day's time "10:30" as the nearest moment to `now`; null where it is none.
 * @param {any} text
 * @param {number} now
 * @returns {number | null}
 */
export const moment = (text, now) =>
  moments(text, now).reduce((/** @type {number | null} */ best, one) => (best !== null && Math.abs(best - now) <= Math.abs(one - now) ? best : one), null);

/**
 * The same for a session that is to begin: the next such moment, or the last one while its session may still go on. Who opens
 * tomorrow's plan tonight is not late.
 * @param {any} text
 * @param {number} now
 * @returns {number | null}
 */
export function beginning(text, now) {
  const found = moments(text, now).find((one) => now - one < A_SESSION);
  return found === undefined ? null : found;
}

/**
 * When a row begins that is tied to the clock, in a session that began at `begun`; null where that is no time of this session: who tries
 * it out in the evening does not wait for the next day's noon.
 * @param {any} text
 * @param {number} begun
 * @returns {number | null}
 */
export function tiedTo(text, begun) {
  const found = moment(text, begun);
  return found === null || Math.abs(found - begun) > A_SESSION ? null : found;
}

/**
 * When the session ends that is in its row `place` until `until`.
 * @param {Row[]} rows
 * @param {number} place
 * @param {number} until
 */
export const endAfter = (rows, place, until) =>
  rows.slice(place + 1).reduce((time, row) => Math.max(time, row.at === null ? time : row.at) + row.minutes * MINUTE, until);

/**
 * From when until when each row was meant to be, for a session that begins at `begun`.
 * @param {Row[]} rows
 * @param {number} begun
 */
export function planned(rows, begun) {
  let time = begun;
  return rows.map(({ minutes, at }) => {
    const from = Math.max(time, at === null ? time : at);
    time = from + minutes * MINUTE;
    return { from, to: time };
  });
}

/**
 * How a session stands.
 * @param {Row[]} rows as they are now, with what was left out at 0 minutes
 * @param {object} state
 * @param {number} state.place the row that it is in
 * @param {number} state.entered when that began
 * @param {number} state.extra what was added to it, by a press or by a pause
 * @param {number} state.end when it was meant to end
 * @param {number} now
 * @returns {{until: number, end: number, late: number}} until when this row lasts, when all ends, and the whole minutes that
 * this is late
 */
export function standing(rows, { place, entered, extra, end: meant }, now) {
  const until = entered + rows[place].minutes * MINUTE + extra;
  const end = endAfter(rows, place, Math.max(until, now));
  return { until, end, late: Math.max(0, Math.floor((end - meant) / MINUTE)) };
}

/**
 * What could be left out next: the first of `cuts` that is still to come; and when all would end without it.
 * @template {{row: number, saves: number}} Cut
 * @param {Row[]} rows
 * @param {Cut[]} cuts in their order, without those that are left out already
 * @param {number} place
 * @param {number} until until when the row lasts that it is in
 * @returns {{cut: Cut, end: number} | null}
 */
export function offer(rows, cuts, place, until) {
  const cut = cuts.find(({ row, saves }) => row > place && saves > 0 && rows[row].minutes > 0);
  return cut ? { cut, end: endAfter(shortened(rows, [cut]), place, until) } : null;
}

/**
 * The rows with fewer minutes.
 * @param {Row[]} rows
 * @param {{row: number, saves: number}[]} cuts
 */
export const shortened = (rows, cuts) =>
  rows.map((row, place) => {
    const saved = cuts.reduce((sum, cut) => sum + (cut.row === place ? cut.saves : 0), 0);
    return saved ? { ...row, minutes: Math.max(0, row.minutes - saved) } : row;
  });
