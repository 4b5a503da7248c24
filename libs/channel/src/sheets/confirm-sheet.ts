import { Injectable } from '@nestjs/common';
import { databaseNow, UnitOfWork, type Tx } from '@app/database';
import { Defect, Rejected, shanghaiDayStart } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { OpenSheet, sheetObject, sideOf, type SheetName } from './open-sheet';
import { contentHashOf, daysOfMonth, type Sheet } from './sheet';
import { SheetActsRepository } from './sheet-acts.repository';
import { SheetFiguresReader } from './sheet-figures';
import { SheetsRepository } from './sheets.repository';

/** A redemption that began before midnight has long been committed by then. */
const GRACE_MS = 10 * 60_000;

/** A side agrees to a month's sheet as it stands; when both have, it is written down for good. */
@Injectable()
export class ConfirmSheet {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly opening: OpenSheet,
    private readonly sheets: SheetsRepository,
    private readonly acts: SheetActsRepository,
    private readonly figures: SheetFiguresReader,
    private readonly audit: AuditLog,
  ) {}

  /**
   * `revision` is the one that the person saw. True when this closed the sheet. Throws Rejected 409: `sheet_closed`, `month_running`,
   * `sheet_changed`, `disputed`, `earlier_open`.
   */
  run(actor: Operator, name: SheetName, revision: number): Promise<boolean> {
    const side = sideOf(actor);
    return this.unitOfWork.run(async (tx) => {
      const sheet = await this.opening.take(tx, actor, name);
      await this.assertReady(tx, name, sheet);
      if (!(await this.sheets.agree(tx, sheet.id, revision, side, actor.id))) {
        throw new Rejected('sheet_changed', '对账单刚刚有变化，请看过新的再确认', 409);
      }
      const other = side === 'hq' ? sheet.distributorAt : sheet.hqAt;
      const contentHash = other === null ? null : await this.close(tx, name, sheet);
      const act = { actorId: actor.id, act: 'channel.confirm-redemption-sheet', object: sheetObject(name) };
      await this.audit.append(tx, { ...act, after: { side, revision, contentHash } });
      return contentHash !== null;
    });
  }

  private async assertReady(tx: Tx, { distributorId, month }: SheetName, sheet: Sheet): Promise<void> {
    const end = shanghaiDayStart(daysOfMonth(month).to).getTime() + GRACE_MS;
    if ((await databaseNow(tx)).getTime() < end) {
      throw new Rejected('month_running', '这个月还没结束，下个月 1 日起才能确认', 409);
    }
    if ((await this.acts.openDisputes(tx, sheet.id)) > 0) {
      throw new Rejected('disputed', '还有没了结的异议，了结后再确认', 409);
    }
    const earlier = await this.figures.firstOpenBefore(tx, distributorId, month);
    if (earlier !== null) {
      throw new Rejected('earlier_open', `请先对完 ${earlier} 的账`, 409, { month: earlier });
    }
  }

  private async close(tx: Tx, { distributorId, month }: SheetName, { id }: Sheet): Promise<string> {
    const lines = await this.figures.of(tx, distributorId, month);
    const contentHash = contentHashOf(month, distributorId, lines);
    if (!(await this.sheets.close(tx, id, lines, contentHash)))
      throw new Defect('a sheet that only one side agreed to');
    return contentHash;
  }
}
