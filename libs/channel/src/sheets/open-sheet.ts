import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { scopeOf, type Operator } from '@app/staff';
import { DistributorsRepository } from '../distributors.repository';
import { maySee } from '../rights';
import { daysOfMonth, type Sheet, type SheetSide } from './sheet';
import { SheetsRepository } from './sheets.repository';

/** Which sheet an act is about. */
export interface SheetName {
  readonly distributorId: number;
  /** `YYYY-MM`, Asia/Shanghai. */
  readonly month: string;
}

/** Brings an open sheet into a transaction; all acts on the sheets of one distributor follow each other. */
@Injectable()
export class OpenSheet {
  constructor(
    private readonly distributors: DistributorsRepository,
    private readonly sheets: SheetsRepository,
  ) {}

  /** Throws Rejected 404 for another's or unknown one, 409 `sheet_closed`, 422 `bad_month`. */
  async take(tx: Tx, actor: Operator, { distributorId, month }: SheetName): Promise<Sheet> {
    daysOfMonth(month);
    const distributor = maySee(scopeOf(actor), distributorId) ? await this.distributors.lock(tx, distributorId) : null;
    if (!distributor) throw new Rejected('no_distributor', '没有这个经销商', 404);
    const sheet = await this.sheets.lock(tx, distributorId, month);
    if (sheet.closedAt !== null || (await this.sheets.isClosedAfter(tx, distributorId, month))) {
      throw new Rejected('sheet_closed', '这个月的对账单双方已确认，不能再改', 409);
    }
    return sheet;
  }
}

export function sideOf({ distributorId }: Pick<Operator, 'distributorId'>): SheetSide {
  return distributorId === null ? 'hq' : 'distributor';
}

export function sheetObject({ distributorId, month }: SheetName): string {
  return `redemption-sheet:${distributorId}:${month}`;
}
