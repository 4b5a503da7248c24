import { Injectable } from '@nestjs/common';
import { textOf, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { assertTwoPeople } from '@app/staff';
import { contentHash, type WriteOffContent } from './write-off-content';
import { ReturnUnspent } from './return-unspent';

export interface Signed {
  readonly sheetId: number;
  /** Hex: what the signer has read. */
  readonly contentHash: string;
  readonly by: number;
}

interface Sheet {
  readonly grantId: number;
  readonly revision: number;
  readonly status: string;
  readonly content: WriteOffContent;
  readonly hash: Buffer;
  readonly authorId: number;
}

/**
 * 核销单 and its two signatures. A revision never changes: an edit makes the next one, and what was signed before no longer counts. With
 * the second signature the sheet is closed, by a row that nobody can change or remove.
 */
@Injectable()
export class WriteOffSheets {
  constructor(private readonly unspent: ReturnUnspent) {}

  /** Returns the id of the new sheet. Rejected `overlaps` (409): each day of a grant is on one sheet. */
  async draft(tx: Tx, content: WriteOffContent, by: number): Promise<number> {
    await this.claimPeriod(tx, content, null);
    const { insertId } = await tx.execute(
      `INSERT INTO write_off_sheets (grant_id, from_day, to_day, created_at, updated_at)
       VALUES (?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [content.grant.id, content.from, content.to],
    );
    await this.addRevision(tx, insertId, 1, content, by);
    return insertId;
  }

  /** The next revision; a signature on the one before is void. Rejected: `no_such_sheet` (404), `closed`, `overlaps` (409). */
  async edit(tx: Tx, sheetId: number, content: WriteOffContent, by: number): Promise<void> {
    await this.claimPeriod(tx, content, sheetId);
    const { revision, grantId } = await this.lockOpen(tx, sheetId);
    if (grantId !== content.grant.id) throw new Rejected('other_grant', '核销单不能换费用申请，请另建一张', 409);
    await this.addRevision(tx, sheetId, revision + 1, content, by);
    await tx.execute(
      `UPDATE write_off_sheets SET from_day = ?, to_day = ?, revision = ?, status = 'draft', updated_at = UTC_TIMESTAMP(6)
        WHERE id = ?`,
      [content.from, content.to, revision + 1, sheetId],
    );
  }

  /** The author's signature. Rejected: `no_such_sheet` (404), `closed`, `changed` (409), `not_yours` (403). Signing again is `already`. */
  async sign(tx: Tx, { sheetId, contentHash: read, by }: Signed): Promise<'signed' | 'already'> {
    const sheet = await this.lockOpen(tx, sheetId);
    if (sheet.authorId !== by) throw new Rejected('not_yours', '只有这一版的编制人可以签字提交', 403);
    assertRead(sheet, read);
    if (sheet.status === 'signed') return 'already';
    await this.addSignature(tx, sheetId, sheet, 'author', by);
    await tx.execute(
      "UPDATE write_off_sheets SET status = 'signed', updated_at = UTC_TIMESTAMP(6) WHERE id = ? AND status = 'draft'",
      [sheetId],
    );
    return 'signed';
  }

  /**
   * The second signature closes the sheet; `fresh` is the same sheet made anew from the ledger. The last sheet of a grant takes what is
   * unspent out of the budget. Rejected: `no_such_sheet` (404), `closed`, `changed`, `not_signed`, `not_last`, `still_reserved` (409),
   * `same_person`, `same_hand` (403).
   */
  async approve(tx: Tx, { sheetId, contentHash: read, by }: Signed, fresh: WriteOffContent): Promise<void> {
    const sheet = await this.lockOpen(tx, sheetId);
    if (sheet.authorId === by) throw new Rejected('same_person', '编制人不能审批自己的核销单', 403);
    if (sheet.status !== 'signed') throw new Rejected('not_signed', '编制人还没有签字提交', 409);
    await assertTwoPeople(tx, sheet.authorId, by);
    assertRead(sheet, read);
    if (!contentHash(JSON.stringify(fresh)).equals(sheet.hash)) {
      throw new Defect(`write-off sheet ${sheetId} does not follow from the ledger any more`);
    }
    await this.addSignature(tx, sheetId, sheet, 'approver', by);
    const returnedFen = sheet.content.final ? await this.unspent.run(tx, sheetId, sheet.content) : 0;
    await tx.execute(
      'INSERT INTO write_off_closures (sheet_id, revision, returned_fen, at) VALUES (?, ?, ?, UTC_TIMESTAMP(6))',
      [sheetId, sheet.revision, returnedFen],
    );
    const { affectedRows } = await tx.execute(
      "UPDATE write_off_sheets SET status = 'closed', updated_at = UTC_TIMESTAMP(6) WHERE id = ? AND revision = ?",
      [sheetId, sheet.revision],
    );
    if (affectedRows !== 1) throw new Defect('a locked sheet changed');
  }

  /** A sheet that is not closed is given up: its days are free for another. */
  async void(tx: Tx, sheetId: number): Promise<void> {
    await this.lockOpen(tx, sheetId);
    await tx.execute("UPDATE write_off_sheets SET status = 'void', updated_at = UTC_TIMESTAMP(6) WHERE id = ?", [
      sheetId,
    ]);
  }

  /** The grant's row puts sheets of one grant in line. */
  private async claimPeriod(tx: Tx, { grant, from, to }: WriteOffContent, sheetId: number | null): Promise<void> {
    await tx.query('SELECT id FROM budget_grants WHERE id = ? FOR UPDATE', [grant.id]);
    const [other] = await tx.query<{ id: number }>(
      `SELECT id FROM write_off_sheets
        WHERE grant_id = ? AND status <> 'void' AND from_day < ? AND to_day > ? AND id <> ? LIMIT 1`,
      [grant.id, to, from, sheetId ?? 0],
    );
    if (other) throw new Rejected('overlaps', `期间与核销单 ${other.id} 重叠，同一天只能核销一次`, 409);
  }

  private async lockOpen(tx: Tx, sheetId: number): Promise<Sheet> {
    const [row] = await tx.query<{ grant_id: number; revision: number; status: Buffer }>(
      'SELECT grant_id, revision, status FROM write_off_sheets WHERE id = ? FOR UPDATE',
      [sheetId],
    );
    if (!row) throw new Rejected('no_such_sheet', '没有这张核销单', 404);
    const [closure] = await tx.query('SELECT sheet_id FROM write_off_closures WHERE sheet_id = ?', [sheetId]);
    const status = textOf(row.status);
    if (closure || status === 'closed' || status === 'void') {
      throw new Rejected('closed', status === 'void' ? '这张核销单已作废' : '这张核销单已双签，不能再改', 409);
    }
    const [made] = await tx.query<{ content: string; content_hash: Buffer; author_id: number }>(
      'SELECT content, content_hash, author_id FROM write_off_revisions WHERE sheet_id = ? AND revision = ?',
      [sheetId, row.revision],
    );
    if (!made || !contentHash(made.content).equals(made.content_hash)) {
      throw new Defect(`revision ${row.revision} of write-off sheet ${sheetId} is broken`);
    }
    return {
      ...{ grantId: row.grant_id, revision: row.revision, status, authorId: made.author_id, hash: made.content_hash },
      content: JSON.parse(made.content) as WriteOffContent,
    };
  }

  private async addRevision(
    tx: Tx,
    sheetId: number,
    revision: number,
    content: WriteOffContent,
    by: number,
  ): Promise<void> {
    const text = JSON.stringify(content);
    await tx.execute(
      `INSERT INTO write_off_revisions (sheet_id, revision, content, content_hash, author_id, created_at)
       VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [sheetId, revision, text, contentHash(text), by],
    );
  }

  private async addSignature(
    tx: Tx,
    sheetId: number,
    { revision, hash }: Sheet,
    role: 'author' | 'approver',
    by: number,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO write_off_signatures (sheet_id, revision, role, operator_id, content_hash, at)
       VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [sheetId, revision, role, by, hash],
    );
  }
}

/** Who signs must have read what stands there now. */
function assertRead(sheet: Sheet, read: string): void {
  if (sheet.hash.toString('hex') !== read) {
    throw new Rejected('changed', '核销单已有新的版本，请重新打开核对后再签字', 409);
  }
}
