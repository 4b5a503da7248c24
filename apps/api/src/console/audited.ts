import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { AuditLog, type AuditEntry, type Operator } from '@app/staff';

type Entry = Omit<AuditEntry, 'actorId'>;

/** Writes down who did what, for use cases that do not do it themselves. */
@Injectable()
export class Audited {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /** The act and its record in one transaction. */
  inOne<T>(operator: Operator, work: (tx: Tx) => Promise<T>, entryOf: (result: T) => Entry): Promise<T> {
    return this.unitOfWork.run(async (tx) => {
      const result = await work(tx);
      await this.audit.append(tx, { actorId: operator.id, ...entryOf(result) });
      return result;
    });
  }

  /** The record of an act that committed its own transaction a moment ago. */
  async after(operator: Operator, entry: Entry): Promise<void> {
    await this.unitOfWork.run((tx) => this.audit.append(tx, { actorId: operator.id, ...entry }));
  }
}
