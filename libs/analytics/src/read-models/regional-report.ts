import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { fenFromColumn, sumFen, type Fen } from '@app/kernel';
import type { Scope } from '../scope';
import { countPeople, type PeopleCount } from './people-count';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';

export type RegionalLevel = 'province' | 'city';

export interface RegionalQuestion extends DayRange {
  readonly level: RegionalLevel;
  /** Only scans that this campaign decided; people are not counted then. */
  readonly campaignId?: number;
  readonly productId?: number;
}

export interface RegionalFigures {
  readonly scans: number;
  /** Codes scanned for the first time. */
  readonly firstScans: number;
  readonly wins: number;
  readonly awardedFen: Fen;
  /** Members who opened their first bottle. */
  readonly newMembers: number;
  /** null when the question names a campaign or a product. */
  readonly people: PeopleCount | null;
}

/** `adcode` null = unknown place, a row of its own. At city level a province's adcode stands for scans known to the province only. */
export interface RegionalRow extends RegionalFigures {
  readonly adcode: number | null;
}

export interface RegionalReport {
  /** Where the scan was made; the other basis is where the goods were shipped to. */
  readonly basis: '扫码地';
  readonly from: string;
  readonly to: string;
  readonly level: RegionalLevel;
  /** Most scans first; the unknown place last. */
  readonly rows: readonly RegionalRow[];
  /** Sums of the rows; people in two regions are one person here. */
  readonly total: RegionalFigures;
}

interface Raw {
  region: string | number;
  scans: string;
  first_scans: string;
  wins: string;
  awarded_fen: string;
  new_members: string;
}

/** Scans, wins and people per province or city. */
@Injectable()
export class RegionalReportModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected for an impossible range of days. */
  async read(scope: Scope, question: RegionalQuestion): Promise<RegionalReport> {
    checkRange(question);
    const { from, to, level } = question;
    const rows = await this.rows(scope, question);
    const filtered = question.campaignId !== undefined || question.productId !== undefined;
    const people = filtered ? null : await countPeople(this.database, scope, question, level);
    return {
      basis: '扫码地',
      from,
      to,
      level,
      rows: rows.map((row) => ({ ...row, people: people?.of(row.adcode ?? 0) ?? null })).sort(mostScansFirst),
      total: { ...totalOf(rows), people: people?.total ?? null },
    };
  }

  private async rows(scope: Scope, { from, to, level, campaignId, productId }: RegionalQuestion): Promise<RegionRow[]> {
    const clause = await scopeClause(this.database, scope, 'rollup_days');
    const region = level === 'province' ? 'city - MOD(city, 10000)' : 'city';
    const filters = [
      ...(campaignId === undefined ? [] : [{ sql: 'campaign_id = ?', value: campaignId }]),
      ...(productId === undefined ? [] : [{ sql: 'product_id = ?', value: productId }]),
    ];
    const rows = await this.database.query<Raw>(
      `SELECT ${region} AS region, SUM(scans) AS scans, SUM(first_scans) AS first_scans, SUM(wins) AS wins,
              SUM(awarded_fen) AS awarded_fen, SUM(new_members) AS new_members
         FROM rollup_days
        WHERE ${[clause.sql, 'day >= ?', 'day < ?', ...filters.map((filter) => filter.sql)].join(' AND ')}
        GROUP BY region`,
      [...clause.params, from, to, ...filters.map((filter) => filter.value)],
    );
    return rows.map((raw) => ({
      adcode: Number(raw.region) === 0 ? null : Number(raw.region),
      scans: Number(raw.scans),
      firstScans: Number(raw.first_scans),
      wins: Number(raw.wins),
      awardedFen: fenFromColumn(raw.awarded_fen),
      newMembers: Number(raw.new_members),
    }));
  }
}

type RegionRow = Omit<RegionalRow, 'people'>;

function totalOf(rows: readonly RegionRow[]): Omit<RegionalFigures, 'people'> {
  const sum = (pick: (row: RegionRow) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return {
    scans: sum((row) => row.scans),
    firstScans: sum((row) => row.firstScans),
    wins: sum((row) => row.wins),
    awardedFen: sumFen(rows.map((row) => row.awardedFen)),
    newMembers: sum((row) => row.newMembers),
  };
}

function mostScansFirst(a: RegionalRow, b: RegionalRow): number {
  if ((a.adcode === null) !== (b.adcode === null)) return a.adcode === null ? 1 : -1;
  return b.scans - a.scans || (a.adcode ?? 0) - (b.adcode ?? 0);
}
