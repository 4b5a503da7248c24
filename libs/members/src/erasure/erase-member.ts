import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, databaseNow, placeholders, UnitOfWork, type Tx } from '@app/database';
import { fen, Rejected, type MemberId } from '@app/kernel';
import { counter } from '@app/observability';
import { AuditLog } from '@app/staff';
import { AudiencesRepository } from '../audiences/audiences.repository';
import { MemberEventsRepository } from '../member-events.repository';
import { MemberIdentitiesRepository } from '../member-identities.repository';
import { MembersRepository } from '../members.repository';
import { PhoneChallengesRepository } from '../phone/phone-challenges.repository';
import { PHONE_CONSENT } from '../phone/phone-consent';
import { MemberTagsRepository } from '../tags/member-tags.repository';
import { ErasedMembers } from './erased-members';
import { ErasureHolders, type ErasureBlock, type ErasureLoss } from './erasure-holders';

const erased = counter('members_erased_total', 'People who were forgotten');

/** What a person reads before deciding. */
export interface ErasureOutlook {
  readonly losses: readonly ErasureLoss[];
  /** Not empty: it cannot be done now. */
  readonly blocks: readonly ErasureBlock[];
  /** Names exactly these losses; whoever confirms sends it back. */
  readonly seen: string;
}

/**
 * Forgets a person: shreds the key that their data is sealed with and takes away every name and everything personal, in every library,
 * in one transaction. Scans, awards, payouts and the ledger stay under a number that nobody can be told from (INVARIANTS I24).
 */
@Injectable()
export class EraseMember {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly challenges: PhoneChallengesRepository,
    private readonly tags: MemberTagsRepository,
    private readonly audiences: AudiencesRepository,
    private readonly events: MemberEventsRepository,
    private readonly holders: ErasureHolders,
    private readonly gone: ErasedMembers,
    private readonly audit: AuditLog,
  ) {}

  /** Changes nothing. Throws Rejected 401 for somebody who is not there any more. */
  async outlook(member: MemberId): Promise<ErasureOutlook> {
    const numbers = await this.numbersOf(member);
    if (numbers === null) throw noSession();
    const losses: ErasureLoss[] = [];
    const blocks: ErasureBlock[] = [];
    for (const holder of this.holders.all()) {
      losses.push(...(await holder.losses(numbers)));
      blocks.push(...(await holder.blocks(this.database, numbers)));
    }
    return { losses, blocks, seen: digest(losses) };
  }

  /**
   * `seen`: of the outlook that the person read. A second time, also at the same moment, changes nothing. Throws Rejected 409
   * `erasure_waits` while something is under way, `erasure_changed` when other things would be lost than those that were read.
   */
  async run(member: MemberId, seen: string): Promise<void> {
    const numbers = await this.numbersOf(member);
    if (numbers === null) return;
    const outlook = await this.outlook(member);
    if (outlook.seen !== seen) throw new Rejected('erasure_changed', '您的奖励刚有变化，请再看一遍再决定', 409);
    const done = await this.unitOfWork.run((tx) => this.erase(tx, numbers));
    this.gone.note(numbers);
    if (done) erased.inc();
  }

  /** False, and nothing changed, when somebody else was first. */
  private async erase(tx: Tx, asked: readonly MemberId[]): Promise<boolean> {
    const [left] = asked as readonly [MemberId, ...MemberId[]];
    // Members first, as everywhere. Whoever asks for money locks them too, so that nothing new begins behind the question below.
    const row = (await this.members.lock(tx, asked)).find(({ id }) => id === left);
    if (!row || row.erasedAt !== null) return false;
    const numbers = await this.members.idsCountingFor(tx, left);
    if (row.mergedInto !== null || numbers.length !== asked.length) {
      throw new Rejected('erasure_changed', '您的会员资料刚合并过，请再看一遍再决定', 409);
    }
    const holders = this.holders.all();
    for (const holder of holders) {
      const [block] = await holder.blocks(tx, numbers);
      if (block) throw new Rejected('erasure_waits', block.words, 409);
    }
    const at = await databaseNow(tx);
    const marks = await this.identities.limitMarksOf(tx, left);
    for (const holder of holders) await holder.forget(tx, { numbers, marks, at });
    await this.forgetHere(tx, numbers, at);
    // A line of the log says that it was done, of which number, and nothing about whom.
    await this.audit.append(tx, { actorId: null, act: 'members.erase', object: `member:${left}` });
    return true;
  }

  private async forgetHere(tx: Tx, numbers: readonly MemberId[], at: Date): Promise<void> {
    const left = numbers[0]!;
    const phoneConsent = await this.challenges.consentOf(tx, left);
    if (phoneConsent !== null) await this.challenges.recordConsent(tx, left, 'ended', PHONE_CONSENT.version, at);
    for (const number of numbers) {
      await this.challenges.dropAll(tx, number);
      await this.audiences.forgetListed(tx, number);
      await this.tags.forget(tx, number);
      await this.identities.forget(tx, number);
    }
    await tx.execute(
      `UPDATE members SET person_key_sealed = NULL, nickname_sealed = NULL, tags = NULL, phone_bound = 0, follows = NULL,
              tier = 'regular', tier_until = NULL, erased_at = ?
        WHERE id IN (${placeholders(numbers)})`,
      [at, ...numbers],
    );
    const nothing = { amountFen: fen(0), spendFen: fen(0), adcode: null, data: null, folded: true };
    await this.events.insert(tx, [{ memberId: left, eventKey: 'erased', kind: 'erased', at, ...nothing }]);
  }

  /** Null for who is not there, or not any more. */
  private async numbersOf(member: MemberId): Promise<readonly MemberId[] | null> {
    const [row] = await this.members.find(this.database, [member]);
    if (!row || row.erasedAt !== null) return null;
    return this.members.idsCountingFor(this.database, row.mergedInto ?? row.id);
  }
}

function digest(losses: readonly ErasureLoss[]): string {
  return createHash('sha256').update(JSON.stringify(losses)).digest('hex').slice(0, 16);
}

function noSession(): Rejected {
  return new Rejected('no_session', '请先在微信里登录', 401);
}
