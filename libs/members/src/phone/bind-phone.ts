import { Inject, Injectable } from '@nestjs/common';
import { Database, databaseNow, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Rejected, Transient, type MemberId } from '@app/kernel';
import { counter, LOGGER, type Logger } from '@app/observability';
import { MemberIdentitiesRepository, type Claim } from '../member-identities.repository';
import { MembersRepository } from '../members.repository';
import { MergeMembers } from '../merge-members';
import { PhoneChallengesRepository } from './phone-challenges.repository';
import { PhoneCodes } from './phone-codes';
import { PHONE_CONSENT } from './phone-consent';
import { maskedPhone, phoneNumber } from './phone-number';

const ROUNDS = 5;
const DAY_MS = 86_400_000;
/**
 * A number given back rests at least 90 days before somebody else gets it (工信部《电信网码号资源管理办法》的冷冻期). Verified by two members
 * within that time it is one person, and they are merged. Later it may have a new owner, who must not inherit: it moves alone.
 */
const SAME_PERSON_MS = 90 * DAY_MS;

const outcomes = counter('phone_bindings_total', 'Attempts to bind a phone, by outcome', ['outcome'] as const);

/** `merged`: the number belonged to another member, who is the same person. `moved`: it belonged to somebody long ago. */
export type PhoneBound = {
  readonly kind: 'bound' | 'merged' | 'moved';
  /** The member that is left. */
  readonly member: MemberId;
  readonly masked: string;
};

/** Binds a number to a member who typed the code that was sent to it. */
@Injectable()
export class BindPhone {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly challenges: PhoneChallengesRepository,
    private readonly codes: PhoneCodes,
    private readonly merge: MergeMembers,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * The same request again, when the number is the member's already, gives the same answer. A new number takes the place of the old one.
   * Throws Rejected 422 `bad_code` alike for a wrong code, one that is over or used up, and one that was never asked for.
   */
  async run(member: MemberId, wish: { phone: string; code: string }): Promise<PhoneBound> {
    const phone = phoneNumber(wish.phone);
    const claim = this.identities.claim('phone', phone);
    const me = await this.effective(member);
    const owners = await this.identities.owners(this.database, [claim]);
    if (owners.get('phone') === me) return { kind: 'bound', member: me, masked: maskedPhone(phone) };
    // A commit of its own: a wrong code stays counted.
    const nonce = await this.unitOfWork.run((tx) => this.challenges.takeTry(tx, me, claim.blind));
    if (nonce === null || !this.codes.isRight(me, nonce, wish.code)) throw this.badCode();
    const { kind, left } = await this.bind(me, nonce, claim);
    outcomes.inc({ outcome: kind });
    if (kind !== 'bound') this.log.info({ memberId: left, outcome: kind }, 'phone.taken_over');
    return { kind, member: left, masked: maskedPhone(phone) };
  }

  private async bind(me: MemberId, nonce: Buffer, claim: Claim): Promise<Settled> {
    for (let round = 1; round <= ROUNDS; round++) {
      try {
        const settled = await this.unitOfWork.run((tx) => this.settle(tx, me, nonce, claim));
        if (settled !== null) return settled;
      } catch (error) {
        // Somebody else bound the same number first. Everything of ours is undone; now its owner can be found.
        if (!isDuplicate(error)) throw error;
      }
    }
    throw new Transient('the same number kept being bound at the same moment');
  }

  /** Null, and nothing written, when the number got another owner since we looked: then both rows must be locked anew, in order. */
  private async settle(tx: Tx, me: MemberId, nonce: Buffer, claim: Claim): Promise<Settled | null> {
    const owner = (await this.identities.owners(tx, [claim])).get('phone');
    // Members before identities, as everywhere.
    const locked = await this.members.lockEffective(tx, owner === undefined ? [me] : [me, owner]);
    const { id: self, erasedAt } = locked.get(me)!;
    if (erasedAt !== null) throw noSession();
    const held = await this.identities.lockOwner(tx, claim);
    if (held !== null && !locked.has(held.member)) return null;
    if (!(await this.challenges.consume(tx, me, nonce))) throw this.badCode();
    if ((await this.challenges.consentOf(tx, me)) !== PHONE_CONSENT.version) {
      throw new Rejected('consent_outdated', '授权说明已更新，请阅读后重新同意', 409, {
        version: PHONE_CONSENT.version,
      });
    }
    const now = await databaseNow(tx);
    if (held !== null && held.member === self) return { kind: 'bound', left: self };
    const same = held !== null && now.getTime() - held.since.getTime() < SAME_PERSON_MS;
    if (held !== null) await this.takeFrom(tx, held.member, claim);
    const left = same ? await this.merge.run(tx, self, held.member) : self;
    await this.give(tx, left, claim, now);
    // The consent stands with the number: a merge may have left the other member.
    if (left !== me) await this.challenges.recordConsent(tx, left, 'given', PHONE_CONSENT.version, now);
    return { kind: held === null ? 'bound' : same ? 'merged' : 'moved', left };
  }

  private async takeFrom(tx: Tx, member: MemberId, claim: Claim): Promise<void> {
    await this.identities.remove(tx, claim);
    await tx.execute('UPDATE members SET phone_bound = 0 WHERE id = ?', [member]);
  }

  private async give(tx: Tx, member: MemberId, claim: Claim, now: Date): Promise<void> {
    await this.identities.removeAll(tx, member, 'phone');
    await this.identities.insert(tx, claim, await this.identities.keyOf(tx, member), now);
    await tx.execute('UPDATE members SET phone_bound = 1 WHERE id = ?', [member]);
  }

  private async effective(member: MemberId): Promise<MemberId> {
    const [row] = await this.members.find(this.database, [member]);
    if (!row || row.erasedAt !== null) throw noSession();
    return row.mergedInto ?? row.id;
  }

  private badCode(): Rejected {
    outcomes.inc({ outcome: 'bad_code' });
    return new Rejected('bad_code', '验证码不对或已过期，请核对后重填，或重新获取', 422);
  }
}

function noSession(): Rejected {
  return new Rejected('no_session', '请先在微信里登录', 401);
}

interface Settled {
  readonly kind: PhoneBound['kind'];
  readonly left: MemberId;
}
