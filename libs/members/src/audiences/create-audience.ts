import { Injectable } from '@nestjs/common';
import { isDuplicate, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { actsForHeadquarters } from '../rights';
import { checkedWish, MAX_AUDIENCES, type AudienceWish } from './audience';
import { AudiencesRepository } from './audiences.repository';

@Injectable()
export class CreateAudience {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audiences: AudiencesRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * With a condition a rule, without one an empty list to be filled. Returns the new id. `actor` null = the system itself. Throws Rejected
   * 409 for a name that is taken and for too many audiences, 422 for a bad name or a condition with faults (`details` says where).
   */
  async run(actor: Operator | null, wish: AudienceWish): Promise<number> {
    actsForHeadquarters(actor);
    const definition = checkedWish(wish);
    try {
      return await this.unitOfWork.run(async (tx) => {
        const id = await this.audiences.insert(tx, definition, actor?.id ?? null);
        if ((await this.audiences.countOpen(tx)) > MAX_AUDIENCES) {
          throw new Rejected('too_many_audiences', `最多 ${MAX_AUDIENCES} 个人群，请先归档不用的`, 409);
        }
        const entry = { act: 'members.create-audience', object: `audience:${id}`, after: definition };
        await this.audit.append(tx, { actorId: actor?.id ?? null, ...entry });
        return id;
      });
    } catch (error) {
      throw isDuplicate(error, 'uq_audiences_name') ? nameTaken() : error;
    }
  }
}

export function nameTaken(): Rejected {
  return new Rejected('name_taken', '已有同名的人群，请换一个名称', 409);
}
