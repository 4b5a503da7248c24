import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { StoresRepository } from '../stores/stores.repository';
import { OpenSheet, sheetObject, sideOf, type SheetName } from './open-sheet';
import type { Sheet } from './sheet';
import { SheetActsRepository, type DisputeWish } from './sheet-acts.repository';
import { SheetsRepository } from './sheets.repository';

/** One side doubts a line of a sheet, the other answers, and who doubted says when that is settled. */
@Injectable()
export class DisputeSheet {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly opening: OpenSheet,
    private readonly sheets: SheetsRepository,
    private readonly acts: SheetActsRepository,
    private readonly stores: StoresRepository,
    private readonly audit: AuditLog,
  ) {}

  /** Returns the dispute's id. Throws Rejected 404 for an unknown store, 409 `sheet_closed`. */
  raise(actor: Operator, name: SheetName, wish: DisputeWish): Promise<number> {
    return this.act(actor, name, 'raise', async (tx, sheet) => {
      const store = await this.stores.find(tx, wish.storeId);
      if (store?.distributorId !== name.distributorId) throw new Rejected('no_store', '没有这家门店', 404);
      return this.acts.insertDispute(tx, sheet.id, wish, sideOf(actor), actor.id);
    });
  }

  /** Throws Rejected 404 `no_dispute` for one's own, an unknown or a settled one. */
  async answer(actor: Operator, name: SheetName, id: number, words: string): Promise<void> {
    await this.act(actor, name, 'answer', async (tx, sheet) =>
      found(id, await this.acts.answerDispute(tx, sheet.id, id, sideOf(actor), words, actor.id)),
    );
  }

  /** Throws Rejected 404 `no_dispute` unless this side raised it and it is open. */
  async settle(actor: Operator, name: SheetName, id: number): Promise<void> {
    await this.act(actor, name, 'settle', async (tx, sheet) =>
      found(id, await this.acts.closeDispute(tx, sheet.id, id, sideOf(actor), actor.id)),
    );
  }

  private act(
    actor: Operator,
    name: SheetName,
    verb: 'raise' | 'answer' | 'settle',
    work: (tx: Tx, sheet: Sheet) => Promise<number>,
  ): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const sheet = await this.opening.take(tx, actor, name);
      const disputeId = await work(tx, sheet);
      await this.sheets.changed(tx, sheet.id);
      const act = { actorId: actor.id, act: `channel.${verb}-dispute`, object: sheetObject(name) };
      await this.audit.append(tx, { ...act, after: { disputeId } });
      return disputeId;
    });
  }
}

function found(id: number, is: boolean): number {
  if (!is) throw new Rejected('no_dispute', '没有这条待处理的异议', 404);
  return id;
}
