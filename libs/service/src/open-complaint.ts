import { Injectable } from '@nestjs/common';
import { Database, databaseNow, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Rejected, shanghaiDay, shanghaiDayStart, type MemberId } from '@app/kernel';
import { MemberDirectory, MemberPresence } from '@app/members';
import { afterAct, checkedText, MOST_PHOTOS, type ComplaintKind } from './complaint-state';
import { ComplaintsRepository, type ComplaintRow } from './complaints.repository';
import { readPhoto } from './photo';

export interface NewComplaint {
  /** Chosen by the phone: the same one again is the same complaint. */
  readonly requestId: string;
  readonly kind: ComplaintKind;
  readonly text: string;
  /** A scan of this member that it is about. */
  readonly scanId?: string | null;
  /** For writing history under a pretended clock. */
  readonly at?: Date;
}

const MOST_A_DAY = 5;
const MOST_MESSAGES = 50;

/** A member tells what went wrong, adds photos and more words. */
@Injectable()
export class OpenComplaint {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly complaints: ComplaintsRepository,
    private readonly members: MemberDirectory,
    private readonly presence: MemberPresence,
  ) {}

  /** Throws Rejected: 422 `bad_text`, `no_such_scan`; 429 after five on one Shanghai day. */
  async run(member: MemberId, complaint: NewComplaint): Promise<{ id: number }> {
    const text = checkedText(complaint.text);
    const numbers = await this.members.numbersOf(member);
    const scan = complaint.scanId ? await this.scanOf(numbers, complaint.scanId) : null;
    try {
      return await this.unitOfWork.run(async (tx) => {
        await this.presence.require(tx, member);
        const at = complaint.at ?? (await databaseNow(tx));
        const known = await this.complaints.ofRequest(tx, member, complaint.requestId);
        if (known !== null) return { id: known };
        const today = await this.complaints.openedSince(tx, numbers, shanghaiDayStart(shanghaiDay(at)));
        if (today >= MOST_A_DAY) throw new Rejected('too_many', '今天已经写了好几条，我们会尽快一一回复', 429);
        const { requestId, kind } = complaint;
        const id = await this.complaints.insert(tx, { member, requestId, scan, kind, at });
        await this.complaints.write(tx, { id, messages: 0 }, { operatorId: null, text, state: 'open', at });
        return { id };
      });
    } catch (error) {
      if (!isDuplicate(error, 'uq_complaints_request')) throw error;
      return { id: (await this.complaints.ofRequest(this.database, member, complaint.requestId))! };
    }
  }

  /** Another word of the member; an answered complaint is open again. The same word again adds nothing. Throws Rejected 404, 409, 422. */
  async write(member: MemberId, id: number, words: string): Promise<void> {
    const text = checkedText(words);
    await this.change(member, id, async (tx, row) => {
      const last = (await this.complaints.messages(tx, id)).at(-1);
      // The phone asked again because it heard no answer.
      if (last?.operatorId === null && last.text === text) return;
      if (row.messages >= MOST_MESSAGES) throw new Rejected('too_long', '这件事已经说了很多，请再写一条新的', 409);
      const at = await databaseNow(tx);
      await this.complaints.write(tx, row, { operatorId: null, text, state: afterAct(row.state, 'write'), at });
    });
  }

  /** The same photo again adds nothing. Throws Rejected: 404, 409 closed or three photos already, 413 and 422 as `readPhoto` does. */
  async addPhoto(member: MemberId, id: number, bytes: Buffer): Promise<void> {
    const photo = readPhoto(bytes);
    await this.change(member, id, async (tx, row) => {
      afterAct(row.state, 'write');
      if (await this.complaints.hasPhoto(tx, id, photo)) return;
      if (row.photos >= MOST_PHOTOS) throw new Rejected('enough_photos', `最多 ${MOST_PHOTOS} 张照片`, 409);
      await this.complaints.addPhoto(tx, row, photo, await databaseNow(tx));
    });
  }

  private async change(
    member: MemberId,
    id: number,
    work: (tx: Tx, row: ComplaintRow) => Promise<void>,
  ): Promise<void> {
    const numbers = await this.members.numbersOf(member);
    await this.unitOfWork.run(async (tx) => {
      const row = await this.complaints.lock(tx, id);
      if (!row || !numbers.includes(row.member)) throw new Rejected('no_such_complaint', '没有找到这条反馈', 404);
      await work(tx, row);
    });
  }

  private async scanOf(numbers: readonly MemberId[], scanId: string): Promise<{ member: MemberId; scanId: string }> {
    const rows = await this.database.query<{ member: string }>(
      `SELECT member_id AS member FROM scans WHERE scan_id = ? AND member_id IN (${numbers.map(() => '?').join(',')})`,
      [scanId, ...numbers],
    );
    if (!rows[0]) throw new Rejected('no_such_scan', '没有找到您的这次扫码', 422, { field: 'scanId' });
    return { member: Number(rows[0].member) as MemberId, scanId };
  }
}
