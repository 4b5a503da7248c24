import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected, shanghaiDay } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { headquartersOnly } from '../rights';
import { StoresRepository } from '../stores/stores.repository';
import { OpenSheet, sheetObject, type SheetName } from './open-sheet';
import { lineKey } from './sheet';
import { SheetActsRepository, type CreditWish } from './sheet-acts.repository';
import { SheetFiguresReader } from './sheet-figures';
import { SheetsRepository } from './sheets.repository';

/** Headquarters settles what it owes a store: in goods, in money, or not at all. */
@Injectable()
export class CreditSheet {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly opening: OpenSheet,
    private readonly sheets: SheetsRepository,
    private readonly acts: SheetActsRepository,
    private readonly figures: SheetFiguresReader,
    private readonly stores: StoresRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns the credit's id; the same `requestId` again the same one. Throws Rejected 409 `sheet_closed`, `too_many` (more units than are
   * owed), 422 for a bad field, 404 for an unknown store.
   */
  async credit(actor: Operator, name: SheetName, wish: CreditWish): Promise<number> {
    headquartersOnly(actor);
    assertCredit(wish);
    return this.unitOfWork.run(async (tx) => {
      const before = await this.acts.creditOf(tx, wish.requestId);
      if (before) return before.id;
      const sheet = await this.opening.take(tx, actor, name);
      // While the sheet was waited for, the same request may have been recorded.
      const meanwhile = await this.acts.creditOf(tx, wish.requestId);
      if (meanwhile) return meanwhile.id;
      await this.assertOwed(tx, name, wish);
      const id = await this.acts.insertCredit(tx, sheet.id, wish, actor.id);
      if (id === null) throw new Rejected('repeated', '这一笔刚刚已经记下了', 409);
      await this.sheets.changed(tx, sheet.id);
      const act = { actorId: actor.id, act: 'channel.credit-redemptions', object: sheetObject(name) };
      await this.audit.append(tx, { ...act, after: { creditId: id, ...wish } });
      return id;
    });
  }

  /** Throws Rejected 404 `no_credit`, 409 `sheet_closed`. */
  async void(actor: Operator, name: SheetName, creditId: number, reason: string): Promise<void> {
    headquartersOnly(actor);
    await this.unitOfWork.run(async (tx) => {
      const sheet = await this.opening.take(tx, actor, name);
      if (!(await this.acts.voidCredit(tx, sheet.id, creditId, actor.id))) {
        throw new Rejected('no_credit', '没有这笔结算，或者已经作废', 404);
      }
      await this.sheets.changed(tx, sheet.id);
      const act = { actorId: actor.id, act: 'channel.void-redemption-credit', object: sheetObject(name) };
      await this.audit.append(tx, { ...act, after: { creditId }, reason });
    });
  }

  /** Both by the end of the month and by now: a credit of a later month may have settled the same units. */
  private async assertOwed(tx: Tx, { distributorId, month }: SheetName, wish: CreditWish): Promise<void> {
    const store = await this.stores.find(tx, wish.storeId);
    if (store?.distributorId !== distributorId) throw new Rejected('no_store', '没有这家门店', 404);
    const today = shanghaiDay(new Date()).slice(0, 7);
    for (const at of month < today ? [month, today] : [month]) {
      const lines = await this.figures.of(tx, distributorId, at);
      const owed = lines.find((line) => lineKey(line) === lineKey(wish))?.owedUnits ?? 0;
      if (wish.units > owed)
        throw new Rejected('too_many', `这家店这款产品只欠 ${Math.max(owed, 0)} 件`, 409, { owed });
    }
  }
}

function assertCredit({ kind, units, amountFen, noteNo, note }: CreditWish): void {
  const money = kind === 'money';
  if (!Number.isSafeInteger(units) || units < 1) throw new Rejected('bad_units', '件数须是正整数', 422);
  if (!Number.isSafeInteger(amountFen) || (money ? amountFen < 1 : amountFen !== 0)) {
    throw new Rejected('bad_amount', money ? '请填写付了多少钱' : '只有付款结算才填金额', 422);
  }
  if (noteNo.trim() === '') throw new Rejected('bad_note_no', '请填写单号', 422);
  if (kind === 'refused' && !note?.trim()) throw new Rejected('no_reason', '不予认可须写明原因', 422);
}
