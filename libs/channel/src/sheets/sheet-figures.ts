import { Injectable } from '@nestjs/common';
import { textOf, type Reader } from '@app/database';
import { daysOfMonth, lineKey, sheetLines, type CreditKind, type LineParts, type Sheet, type SheetLine } from './sheet';
import { SheetsRepository } from './sheets.repository';

/** A distributor's month, and the last sheet before it that both sides closed: what came after is counted again. */
export interface OpenMonth {
  readonly distributorId: number;
  readonly month: string;
  readonly base: Sheet | null;
}

/** The lines of sheets: agreed ones as they were written down, open ones from what stores handed over and what was credited since. */
@Injectable()
export class SheetFiguresReader {
  constructor(private readonly sheets: SheetsRepository) {}

  /** By distributor. Inside a transaction pass it as `reader`. */
  async lines(
    reader: Reader,
    distributorIds: readonly number[],
    month: string,
  ): Promise<ReadonlyMap<number, readonly SheetLine[]>> {
    const sheets = await this.sheets.ofMonth(reader, distributorIds, month);
    const closed = sheets.filter(({ closedAt }) => closedAt !== null);
    const closedLines = await this.sheets.lines(
      reader,
      closed.map(({ id }) => id),
    );
    const result = new Map<number, readonly SheetLine[]>(
      closed.map(({ id, distributorId }) => [distributorId, closedLines.filter(({ sheetId }) => sheetId === id)]),
    );
    const open = distributorIds.filter((id) => !result.has(id));
    const bases = new Map(
      (await this.sheets.closedBefore(reader, open, month)).map((base) => [base.distributorId, base]),
    );
    for (const distributorId of open) {
      const base = bases.get(distributorId) ?? null;
      result.set(distributorId, sheetLines(await this.parts(reader, { distributorId, month, base })));
    }
    return result;
  }

  async of(reader: Reader, distributorId: number, month: string): Promise<readonly SheetLine[]> {
    return (await this.lines(reader, [distributorId], month)).get(distributorId) ?? [];
  }

  /** The first month before this one in which something moved and that is not closed, or null. */
  async firstOpenBefore(reader: Reader, distributorId: number, month: string): Promise<string | null> {
    const [base] = await this.sheets.closedBefore(reader, [distributorId], month);
    const since = base ? daysOfMonth(base.month).to : FIRST_DAY;
    const { from } = daysOfMonth(month);
    const [moved] = await reader.query<{ day: string | null }>(
      'SELECT CAST(MIN(day) AS CHAR) AS day FROM store_redemption_days WHERE distributor_id = ? AND day >= ? AND day < ?',
      [distributorId, since, from],
    );
    const [credited] = await reader.query<{ month: Buffer | null }>(
      `SELECT MIN(s.month) AS month FROM redemption_sheets s
         JOIN redemption_credits c ON c.sheet_id = s.id AND c.voided_at IS NULL
        WHERE s.distributor_id = ? AND s.month >= ? AND s.month < ?`,
      [distributorId, since.slice(0, 7), month],
    );
    const months = [moved?.day?.slice(0, 7), credited?.month ? textOf(credited.month) : undefined];
    return months.filter((one) => one !== undefined).sort()[0] ?? null;
  }

  private async parts(reader: Reader, { distributorId, month, base }: OpenMonth): Promise<LineParts> {
    const { from, to } = daysOfMonth(month);
    const since = base ? daysOfMonth(base.month).to : FIRST_DAY;
    const owed = base ? await this.sheets.lines(reader, [base.id]) : [];
    const moved = await reader.query<{
      storeId: number;
      productId: number;
      before: string;
      units: string;
      fen: string;
    }>(
      `SELECT store_id AS storeId, product_id AS productId, SUM(IF(day < ?, units, 0)) AS \`before\`,
              SUM(IF(day < ?, 0, units)) AS units, SUM(IF(day < ?, 0, co_pay_fen)) AS fen
         FROM store_redemption_days WHERE distributor_id = ? AND day >= ? AND day < ? GROUP BY store_id, product_id`,
      [from, from, from, distributorId, since, to],
    );
    const credits = await reader.query<{
      storeId: number;
      productId: number;
      kind: Buffer;
      now: number;
      units: string;
      fen: string;
    }>(
      `SELECT c.store_id AS storeId, c.product_id AS productId, c.kind, s.month = ? AS now, SUM(c.units) AS units,
              SUM(c.amount_fen) AS fen
         FROM redemption_credits c JOIN redemption_sheets s ON s.id = c.sheet_id
        WHERE s.distributor_id = ? AND s.month >= ? AND s.month <= ? AND c.voided_at IS NULL
        GROUP BY c.store_id, c.product_id, c.kind, now`,
      [month, distributorId, since.slice(0, 7), month],
    );
    return {
      opening: new Map(owed.filter(({ owedUnits }) => owedUnits > 0).map((line) => [lineKey(line), line.owedUnits])),
      moved: moved.map(({ before, units, fen, ...line }) => ({
        ...line,
        ...{ before: Number(before), units: Number(units), coPayFen: Number(fen) },
      })),
      credits: credits.map(({ kind, now, units, fen, ...line }) => ({
        ...line,
        ...{ kind: textOf(kind) as CreditKind, now: Number(now) === 1, units: Number(units), amountFen: Number(fen) },
      })),
    };
  }
}

/** Before anything was ever handed over. */
const FIRST_DAY = '2000-01-01';
