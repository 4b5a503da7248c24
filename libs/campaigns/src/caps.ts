import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import type { Cap, CapWindow, RuleTrust } from './document/campaign-content';
import type { CapFacts, CompiledCap } from './decision';
import { shanghaiWeekday } from './document/period';
import { trustedPlace } from './scan-fields';

const HOUR = 3_600_000;

/**
 * Prepares a cap. Its counter key says who or what is counted and in which window: `m|d2026-11-22` the member that day, `r340000|t`
 * Anhui in all. A place, store or member that is not known is counted in a row of its own, so doubt never pays twice. A place is
 * believed as far as the least trusting rule of the campaign believes it: what pays there counts there.
 */
export function compileCap(cap: Cap, leastTrust?: RuleTrust): CompiledCap {
  const subject = subjectOf(cap, leastTrust);
  let last = { counted: '', window: '', key: '' };
  return {
    cap,
    counterKey: (facts) => {
      const counted = subject(facts);
      if (counted === null) return null;
      const window = windowKeys(facts.at)[cap.window];
      // Most scans count where the one before did, and are spared the making of a new text.
      if (last.counted !== counted || last.window !== window) {
        last = { counted, window, key: `${counted}|${window}` };
      }
      return last.key;
    },
  };
}

/** Keys of members and codes are kept with their own rows; all others in the shared counters of the campaign. */
export function isSharedCounter(key: string): boolean {
  return key[0] !== 'm' && key[0] !== 'k';
}

function subjectOf(cap: Cap, leastTrust?: RuleTrust): (facts: CapFacts) => string | null {
  switch (cap.per) {
    case 'member':
      return () => 'm';
    case 'code':
      return () => 'k';
    case 'campaign':
      return () => 'c';
    case 'store':
      return ({ shippedTo }) => `s${shippedTo.store ?? 0}`;
    case 'region':
      return regionSubject(cap, leastTrust);
  }
}

function regionSubject(
  { adcode, level = 'province' }: Cap,
  leastTrust?: RuleTrust,
): (facts: CapFacts) => string | null {
  if (adcode !== undefined) {
    const unit = adcode % 10_000 === 0 ? 10_000 : 100;
    return ({ region }) => {
      const place = trustedPlace(region, leastTrust);
      return place !== null && Math.floor(place / unit) === adcode / unit ? `r${adcode}` : null;
    };
  }
  const unit = level === 'province' ? 10_000 : 100;
  return ({ region }) => `r${Math.floor((trustedPlace(region, leastTrust) ?? 0) / unit) * unit}`;
}

interface Windows extends Readonly<Record<CapWindow, string>> {
  /** Hours since 1970. */
  readonly slot: number;
}
let lately: Windows | null = null;

/**
 * The Shanghai hour, day, week (its Monday) and month of an instant, and all time, as they stand in counter keys. Remembers the hour it
 * was asked about last: scans come in the order of time, and a decision must not pay for calendars.
 */
export function windowKeys(at: Date): Readonly<Record<CapWindow, string>> {
  const slot = Math.floor(at.getTime() / HOUR);
  if (lately?.slot === slot) return lately;
  const day = shanghaiDay(at);
  const hour = String((slot + 8) % 24).padStart(2, '0');
  lately = {
    slot,
    hour: `h${day}T${hour}`,
    day: `d${day}`,
    week: `w${addDays(day, 1 - shanghaiWeekday(at))}`,
    month: `m${day.slice(0, 7)}`,
    total: 't',
  };
  return lately;
}

/** When the window of an instant is over; null for `total`. */
export function windowEnd(window: CapWindow, at: Date): Date | null {
  const day = shanghaiDay(at);
  switch (window) {
    case 'hour':
      return new Date((Math.floor(at.getTime() / HOUR) + 1) * HOUR);
    case 'day':
      return shanghaiDayStart(addDays(day, 1));
    case 'week':
      return shanghaiDayStart(addDays(day, 8 - shanghaiWeekday(at)));
    case 'month':
      return shanghaiDayStart(`${addDays(`${day.slice(0, 7)}-01`, 31).slice(0, 7)}-01`);
    case 'total':
      return null;
  }
}
