import { Injectable } from '@nestjs/common';
import { textOf, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { bookJournal, journal, movement } from '../journal';
import type { WriteOffContent } from './write-off-content';

/** With the last sheet of a grant what nobody spent of it leaves the budget. */
@Injectable()
export class ReturnUnspent {
  /**
   * Returns the fen that left. Rejected `not_last` (409) when something of the grant is on no closed sheet, `still_reserved` (409) when
   * prizes that were won hold the money.
   */
  async run(tx: Tx, sheetId: number, { grant, netFen }: WriteOffContent): Promise<number> {
    const [row] = await tx.query<{ used_fen: string; returned_fen: string; amount_fen: string }>(
      'SELECT used_fen, returned_fen, amount_fen FROM budget_grants WHERE id = ? FOR UPDATE',
      [grant.id],
    );
    if (!row) throw new Defect(`grant ${grant.id} is gone`);
    const [used, returned, amount] = [Number(row.used_fen), Number(row.returned_fen), Number(row.amount_fen)];
    if ((await this.writtenOff(tx, grant.id)) + netFen !== used || (await this.othersOpen(tx, grant.id, sheetId))) {
      throw new Rejected('not_last', '这笔申请还有未核销的期间或未完成的核销单，不能作为最后一张', 409);
    }
    const left = amount - used - returned;
    if (left === 0) return 0;
    const legs = movement(grant.budgetId, 'available', 'granted', left);
    await bookJournal(tx, journal({ key: `return:${grant.id}:${sheetId}`, kind: 'return', legs }));
    await tx.execute('UPDATE budget_grants SET returned_fen = returned_fen + ? WHERE id = ?', [left, grant.id]);
    const { affectedRows } = await tx.execute(
      'UPDATE budgets SET available_fen = available_fen - ?, granted_fen = granted_fen - ? WHERE id = ? AND available_fen >= ?',
      [left, left, grant.budgetId, left],
    );
    if (affectedRows !== 1) {
      throw new Rejected('still_reserved', '未用金额还为已中奖未领取的奖励冻结着，兑奖截止退回后再核销', 409);
    }
    return left;
  }

  private async writtenOff(tx: Tx, grantId: number): Promise<number> {
    const rows = await tx.query<{ content: string }>(
      `SELECT r.content FROM write_off_sheets s JOIN write_off_closures c ON c.sheet_id = s.id
         JOIN write_off_revisions r ON r.sheet_id = s.id AND r.revision = c.revision WHERE s.grant_id = ?`,
      [grantId],
    );
    return rows.reduce((sum, row) => sum + (JSON.parse(row.content) as WriteOffContent).netFen, 0);
  }

  private async othersOpen(tx: Tx, grantId: number, sheetId: number): Promise<boolean> {
    const rows = await tx.query<{ status: Buffer }>(
      'SELECT status FROM write_off_sheets WHERE grant_id = ? AND id <> ?',
      [grantId, sheetId],
    );
    return rows.some(({ status }) => ['draft', 'signed'].includes(textOf(status)));
  }
}
