// A plan in an address: what the planner writes behind the "#" of the big screen, which goes over no network. It holds ids,
// minutes and times of day, and no words of anybody.

import { isRecord, listOf } from "./answers.js";

/**
 * @typedef {{id: string, minutes: number, at: string, slips: boolean}} PlanRow
 * @typedef {{start: string, people: number, rows: PlanRow[], cuts: {id: string, saves: number}[]}} Plan
 */

const ROW = /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)?$/;
const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/;
const MOST = 200; // rows
const LONGEST = 240; // minutes of one

/**
 * A whole number in a range.
 * @param {any} value
 * @param {number} least
 * @param {number} most
 * @returns {value is number}
 */
const isNumber = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

/** @param {any} value */
const time = (value) => (typeof value === "string" && TIME.test(value) ? value : "");

/**
 * The plan in a fragment (without "#"), or null where it holds none that can be used.
 * @param {string} fragment
 * @returns {Plan | null}
 */
export function readPlan(fragment) {
  let plan = null;
  try {
    const bytes = atob(fragment.replace(/-/g, "+").replace(/_/g, "/"));
    plan = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))));
  } catch (broken) {
    return null;
  }
  if (!isRecord(plan) || plan.alongside_plan !== 1) return null;
  const rows = listOf(plan.rows);
  const cuts = listOf(plan.cuts);
  const good =
    rows.length > 0 &&
    rows.length <= MOST &&
    cuts.length <= MOST &&
    [...rows, ...cuts].every((one) => isRecord(one) && typeof one.id === "string" && ROW.test(one.id)) &&
    rows.every((row) => isNumber(row.minutes, 0, LONGEST)) &&
    cuts.every((cut) => isNumber(cut.saves, 0, LONGEST));
  if (!good) return null;
  return {
    start: time(plan.start),
    people: isNumber(plan.people, 2, 99) ? plan.people : 0,
    rows: rows.map(({ id, minutes, at, slips }) => ({ id, minutes, at: time(at), slips: slips === true })),
    cuts: cuts.map(({ id, saves }) => ({ id, saves })),
  };
}
