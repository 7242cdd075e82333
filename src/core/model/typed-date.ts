/**
 * Typed dates, read in the rep's zone. A contradiction or an ambiguity is asked about, because a task on the wrong day
 * is worse than a question. `typed-words.ts` replaces words that have one meaning for this rep, chrono-node reads the
 * rest, and `typed-checks.ts` compares the answer with the words.
 */
import type { Instant } from './keys.ts';
import { type RepTime, zoned } from './time.ts';
import { type ChronoResult, doubtOf, readByChrono } from './typed-checks.ts';
import { NOT_UNDERSTOOD, type Reading, type TypedDate } from './typed-reading.ts';
import { REWRITES } from './typed-words.ts';

const LONGEST = 200;
/** Every rule removes its own words, so more rewrites are never needed. */
const MOST_REWRITES = 8;
/** Each way to read a word doubles them; no text that a person means has more. */
const MOST_READINGS = 8;
const YEARS_AHEAD = 2;

/** `2026-12-01 15:00`, "tomorrow at 3pm", "next Tuesday". Refuses past dates, and texts with other words in them. */
export function parseTypedDate(text: string, time: RepTime): TypedDate {
  if (text.length > LONGEST) return NOT_UNDERSTOOD;
  return read(text.replace(/\s+/g, ' ').trim(), time, { depth: 0, left: { readings: MOST_READINGS } });
}

interface Patience {
  depth: number;
  /** Shared by all readings of a text. */
  left: { readings: number };
}

function read(text: string, time: RepTime, { depth, left }: Patience): TypedDate {
  if (depth > MOST_REWRITES || left.readings === 0) return NOT_UNDERSTOOD;
  const again = (other: string) => read(other, time, { depth: depth + 1, left });
  for (const rewrite of REWRITES) {
    const rewritten = rewrite(text, time, again);
    if (!rewritten) continue;
    if ('refused' in rewritten) return rewritten;
    const results = rewritten.texts.map(again);
    const { contradicts } = rewritten;
    return contradicts
      ? { refused: 'contradicts', ...contradicts, readings: readingsOf(results, time) }
      : choose(results, time);
  }
  left.readings -= 1;
  const found = readByChrono(text, time);
  if (!found) return NOT_UNDERSTOOD;
  return judge(text, found, time, again);
}

function judge(text: string, found: ChronoResult, time: RepTime, again: (text: string) => TypedDate): TypedDate {
  const { at, timed } = found;
  if (at <= time.now) return { refused: 'past' };
  const farthest = zoned(time.now, time.zone).add({ years: YEARS_AHEAD }).epochMilliseconds;
  if (at > farthest) return { refused: 'far_away', readings: [readingOf(at, time)] };
  const doubt = doubtOf(text, found, time);
  switch (doubt?.what) {
    case 'not all read':
      return NOT_UNDERSTOOD;
    case 'contradiction':
      return { refused: 'contradicts', said: doubt.said, against: doubt.against, readings: [readingOf(at, time)] };
    case 'skipped':
      return { refused: 'no_such_time', readings: [readingOf(at, time)] };
    case 'zone':
      return inAnotherZone({ at, timed }, again(doubt.without), time);
  }
  return { at, timed };
}

/** The letters of another zone: that zone's clock, or the rep's? Asked even if one of the two is in the past. */
function inAnotherZone(there: TypedDate, here: TypedDate, time: RepTime): TypedDate {
  const chosen = choose([there, here], time);
  return 'at' in chosen ? { refused: 'two_readings', readings: readingsOf([there, here], time) } : chosen;
}

/** An impossible reading (past, or a contradiction) leaves the other readings. */
function choose(results: readonly TypedDate[], time: RepTime): TypedDate {
  if (results.some((result) => 'refused' in result && result.refused === 'not_understood')) return NOT_UNDERSTOOD;
  const readings = readingsOf(results, time);
  if (readings.length > 1) return { refused: 'two_readings', readings };
  const [only] = readings;
  return results.find((result) => 'at' in result && result.at === only?.at) ?? results[0] ?? NOT_UNDERSTOOD;
}

function readingsOf(results: readonly TypedDate[], time: RepTime): Reading[] {
  const all = results.flatMap((result) => {
    if ('at' in result) return [readingOf(result.at, time)];
    return result.refused === 'two_readings' ? result.readings : [];
  });
  return all.filter(({ at }, index) => all.findIndex((other) => other.at === at) === index);
}

/** Written in full. If the clock shows that time twice, the second one gets its offset. */
function readingOf(at: Instant, { zone }: RepTime): Reading {
  const there = zoned(at, zone);
  const plain = there.toPlainDateTime();
  const text = `${plain.toPlainDate()} ${plain.toPlainTime().toString({ smallestUnit: 'minute' })}`;
  const first = plain.toZonedDateTime(zone).epochMilliseconds;
  return { at, type: first === at ? text : `${text} GMT${there.offset}` };
}
