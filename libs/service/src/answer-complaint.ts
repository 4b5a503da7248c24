import { Injectable } from '@nestjs/common';
import { databaseNow, UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { afterAct, checkedText } from './complaint-state';
import { ComplaintsRepository, type ComplaintRow } from './complaints.repository';

/** The desk's side: a reply, which the member reads on the phone, and the end of the matter. */
@Injectable()
export class AnswerComplaint {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly complaints: ComplaintsRepository,
    private readonly audit: AuditLog,
  ) {}

  /** `at` only for writing history. Throws Rejected: 404, 409 closed, 422 a text that does not fit. */
  async reply(by: number, id: number, words: string, at?: Date): Promise<void> {
    const text = checkedText(words, 2);
    await this.change(id, async (tx, row) => {
      const state = afterAct(row.state, 'reply');
      await this.complaints.write(tx, row, { operatorId: by, text, state, at: at ?? (await databaseNow(tx)) });
      await this.audit.append(tx, { actorId: by, act: 'service.reply', object: `complaint:${id}` });
    });
  }

  async close(by: number, id: number): Promise<void> {
    await this.change(id, async (tx, row) => {
      afterAct(row.state, 'close');
      await this.complaints.close(tx, id, by);
      await this.audit.append(tx, { actorId: by, act: 'service.close', object: `complaint:${id}` });
    });
  }

  private async change(id: number, work: (tx: Tx, row: ComplaintRow) => Promise<void>): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const row = await this.complaints.lock(tx, id);
      if (!row) throw new Rejected('no_such_complaint', '没有这条投诉', 404);
      await work(tx, row);
    });
  }
}
