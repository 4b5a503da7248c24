/** What an alarm is made of: one scan of a code that was not active. */
export interface AlarmScan {
  readonly layer: number;
  readonly serial: number;
  /** 0 = unknown. */
  readonly city: number;
  readonly at: Date;
}

/** A stretch of codes that are not on sale. */
export interface IdleRange {
  readonly layer: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

export interface RangeAlarm extends IdleRange {
  readonly scans: number;
  readonly codes: number;
  /** Known cities, most scans first. */
  readonly cities: readonly number[];
  /** Scanned codes lie in `[scannedFrom, scannedTo)`, widened to thousands: no single code's serial is told. */
  readonly scannedFrom: number;
  readonly scannedTo: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** One bottle may be carried home from the factory; three cities are a delivery. */
export const ALARM_CITIES = 3;
const GRAIN = 1000;

/** Pure: stretches of idle codes that were scanned in at least three known cities, most scans first. */
export function rangeAlarms(idle: readonly IdleRange[], scans: readonly AlarmScan[]): RangeAlarm[] {
  return idle
    .flatMap((range) => {
      const here = scans.filter(
        ({ layer, serial }) => layer === range.layer && serial >= range.from && serial < range.to,
      );
      const cities = byFrequency(here.map(({ city }) => city).filter((city) => city > 0));
      return cities.length < ALARM_CITIES ? [] : [alarmOf(range, here, cities)];
    })
    .sort((a, b) => b.scans - a.scans);
}

function alarmOf(range: IdleRange, scans: readonly AlarmScan[], cities: readonly number[]): RangeAlarm {
  const serials = scans.map(({ serial }) => serial);
  const times = scans.map(({ at }) => at.getTime());
  const lowest = serials.reduce((least, serial) => Math.min(least, serial));
  const highest = serials.reduce((most, serial) => Math.max(most, serial));
  return {
    ...range,
    scans: scans.length,
    codes: new Set(serials).size,
    cities,
    scannedFrom: Math.max(range.from, lowest - (lowest % GRAIN)),
    scannedTo: Math.min(range.to, highest - (highest % GRAIN) + GRAIN),
    firstAt: new Date(Math.min(...times)),
    lastAt: new Date(Math.max(...times)),
  };
}

function byFrequency(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a - b).map(([value]) => value);
}

/** What of `[0, quantity)` no segment of another state covers. `segments` ascend and do not overlap within a layer. */
export function idleRanges(
  layer: number,
  quantity: number,
  segments: readonly { readonly from: number; readonly to: number; readonly state: string }[],
): IdleRange[] {
  const idle: IdleRange[] = [];
  let from = 0;
  for (const segment of [...segments.filter(({ state }) => state !== 'inactive'), { from: quantity, to: quantity }]) {
    if (segment.from > from) idle.push({ layer, from, to: segment.from });
    from = Math.max(from, segment.to);
  }
  return idle;
}
