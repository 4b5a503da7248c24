import { Injectable } from '@nestjs/common';
import { isDuplicate, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { ownerWhenInUse } from '../in-use';
import { actsForHeadquarters } from '../rights';
import { checkedWish, type Audience, type AudienceWish } from './audience';
import { AudiencesRepository, type AudienceDefinition } from './audiences.repository';
import { nameTaken } from './create-audience';

/** A change names the version it was made from, so that two people do not overwrite each other. */
interface Versioned {
  readonly version: number;
}

/** Changes what an audience is. Scans that ask about it follow within two seconds. */
@Injectable()
export class ChangeAudience {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audiences: AudiencesRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns the new version. A rule stays a rule and a list stays a list. Throws Rejected 404, 409 for a version that is not the current
   * one, a name that is taken, or another condition while a campaign in force or armed asks about the audience (`audience_in_use`, unless
   * the actor is the owner), 422 for a bad name or condition.
   */
  redefine(actor: Operator | null, id: number, wish: AudienceWish & Versioned): Promise<number> {
    const definition = checkedWish(wish);
    return this.change(actor, id, wish.version, 'members.change-audience', (now) => {
      if ((definition.condition === null) !== (now.kind === 'list')) {
        const words = now.kind === 'list' ? '名单人群没有条件' : '条件人群须有条件';
        throw new Rejected('kind_fixed', `${words}，人群的种类不能改变`, 422);
      }
      return { ...definition, archived: now.archived };
    });
  }

  /** Takes an audience out of lists and choices, or brings it back. Published campaigns go on asking an archived one. */
  archive(
    actor: Operator | null,
    id: number,
    { version, archived }: Versioned & { archived: boolean },
  ): Promise<number> {
    return this.change(actor, id, version, 'members.archive-audience', (now) => ({ ...now, archived }));
  }

  private async change(
    actor: Operator | null,
    id: number,
    version: number,
    act: string,
    next: (now: Audience) => AudienceDefinition & { readonly archived: boolean },
  ): Promise<number> {
    actsForHeadquarters(actor);
    try {
      return await this.unitOfWork.run(async (tx) => {
        const now = await this.audiences.lock(tx, id);
        if (!now) throw new Rejected('no_audience', '没有这个人群', 404);
        const wanted = next(now);
        const others = JSON.stringify(wanted.condition) !== JSON.stringify(now.condition);
        if (others) await ownerWhenInUse(tx, actor, { audience: id });
        if (!(await this.audiences.change(tx, id, version, wanted))) {
          throw new Rejected('stale_version', '这个人群刚被别人改过，请重新打开后再改', 409, { version: now.version });
        }
        const entry = { act, object: `audience:${id}`, before: recorded(now), after: recorded(wanted) };
        await this.audit.append(tx, { actorId: actor?.id ?? null, ...entry });
        return now.version + 1;
      });
    } catch (error) {
      throw isDuplicate(error, 'uq_audiences_name') ? nameTaken() : error;
    }
  }
}

function recorded({ name, note, condition, archived }: AudienceDefinition & { readonly archived: boolean }) {
  return { name, note, condition, archived };
}
