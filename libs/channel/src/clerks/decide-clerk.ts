import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, scopeOf, type Operator } from '@app/staff';
import { maySee } from '../rights';
import { CLERK_ACTS, type ClerkAct } from './clerk';
import { ClerksRepository } from './clerks.repository';

/** Headquarters, or the store's distributor, confirms, refuses or removes a clerk. */
@Injectable()
export class DecideClerk {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clerks: ClerksRepository,
    private readonly audit: AuditLog,
  ) {}

  /** `actor` null = the system (demo data). Throws Rejected 404 for another's clerk, 409 when somebody else was first. */
  async run(actor: Operator | null, clerkId: number, act: ClerkAct, reason?: string): Promise<void> {
    const { words, ...move } = CLERK_ACTS[act];
    await this.unitOfWork.run(async (tx) => {
      const clerk = await this.clerks.lock(tx, clerkId);
      if (!clerk || (actor !== null && !maySee(scopeOf(actor), clerk.distributorId))) {
        throw new Rejected('no_clerk', '没有这位店员', 404);
      }
      const done = await this.clerks.decide(tx, clerkId, move, actor?.id ?? null, reason?.trim() || null);
      if (!done) throw new Rejected('clerk_decided', words, 409);
      await this.audit.append(tx, {
        actorId: actor?.id ?? null,
        act: `channel.${act}-clerk`,
        object: `clerk:${clerkId}`,
        before: { state: clerk.state },
        after: { state: move.to, storeId: clerk.storeId },
        ...(reason ? { reason } : {}),
      });
    });
  }
}
