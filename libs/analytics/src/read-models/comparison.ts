import { Injectable } from '@nestjs/common';
import { Database, databaseNow } from '@app/database';
import { addDays, shanghaiDay } from '@app/kernel';
import type { Scope } from '../scope';
import type { DayRange } from './rollup-scope';
import { readSums, type ScanSums } from './scan-sums';
import { countedWindow } from './window-people';

export interface ComparedPeriod extends DayRange, ScanSums {
  /** Distinct members, and those of them who had opened a bottle before; null until the days were counted. */
  readonly people: number | null;
  readonly returning: number | null;
}

export interface Compared {
  readonly span: 'day' | 'week' | 'month';
  readonly now: ComparedPeriod;
  readonly before: ComparedPeriod;
}

const SPANS = [
  { span: 'day', days: 1 },
  { span: 'week', days: 7 },
  { span: 'month', days: 30 },
] as const;

/** A scope with its own past: days that are over, so that a whole is compared with a whole. */
@Injectable()
export class ComparisonModel {
  constructor(private readonly database: Database) {}

  /** `at` is now unless a test says otherwise. */
  async read(scope: Scope, at?: Date): Promise<Compared[]> {
    const today = shanghaiDay(at ?? (await databaseNow(this.database)));
    const compared: Compared[] = [];
    for (const { span, days } of SPANS) {
      const now = { from: addDays(today, -days), to: today };
      const before = { from: addDays(now.from, -days), to: now.from };
      compared.push({ span, now: await this.period(scope, now), before: await this.period(scope, before) });
    }
    return compared;
  }

  private async period(scope: Scope, range: DayRange): Promise<ComparedPeriod> {
    const sums = await readSums(this.database, scope, range);
    const people = (await countedWindow(this.database, scope, range))?.total.people ?? null;
    const returning = people === null ? null : Math.max(0, people - sums.newMembers);
    return { ...range, ...sums, people, returning };
  }
}
