import { Injectable } from '@nestjs/common';
import { Database, databaseNow, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Defect, memberId, randomPositive, systemRandom, Transient, type MemberId } from '@app/kernel';
import { Newcomers } from './erasure/newcomers';
import { MemberIdentitiesRepository, type Claim, type IdentityKind } from './member-identities.repository';
import { MembersRepository } from './members.repository';
import { MergeMembers } from './merge-members';

const ROUNDS = 5;
const MEMBER_ID_BITS = 52;

/** Who somebody is that WeChat sent us, by openid and, where WeChat tells it, unionid. */
export interface WechatIdentity {
  readonly openid: string;
  readonly unionid?: string | null;
  /** Follows the official account; left out or null when WeChat does not tell. */
  readonly follows?: boolean | null;
}

/** Finds the member of a WeChat identity, or makes one. First visits at the same moment end in one member. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly merge: MergeMembers,
    private readonly newcomers: Newcomers,
  ) {}

  /** Returns the member that is left when the identities turn out to belong to two. Throws Transient when it kept losing races. */
  async run({ openid, unionid, follows = null }: WechatIdentity): Promise<MemberId> {
    const member = await this.identify(openid, unionid);
    if (follows !== null) await this.rememberFollowing(member, follows);
    return member;
  }

  private async identify(openid: string, unionid: string | null | undefined): Promise<MemberId> {
    // The unionid first: two phones of one person meet there before either makes a member.
    const claims = [
      ...(unionid ? [this.identities.claim('unionid', unionid)] : []),
      this.identities.claim('openid', openid),
    ];
    const known = oneOwner(claims, await this.identities.owners(this.database, claims));
    if (known !== null) return known;
    for (let round = 1; round <= ROUNDS; round++) {
      try {
        return await this.unitOfWork.run((tx) => this.settle(tx, claims));
      } catch (error) {
        // Somebody else recorded the same identity first. Everything of ours is undone; now it can be found.
        if (!isDuplicate(error)) throw error;
      }
    }
    throw new Transient('the same person kept arriving at the same moment');
  }

  /** The latest word of WeChat; of a merged person the one that is left. A visit that changes nothing writes nothing. */
  private async rememberFollowing(member: MemberId, follows: boolean): Promise<void> {
    const [row] = await this.members.find(this.database, [member]);
    if (row?.follows === follows) return;
    await this.unitOfWork.run((tx) =>
      tx.execute('UPDATE members SET follows = ? WHERE id = ?', [follows, row?.mergedInto ?? member]),
    );
  }

  private async settle(tx: Tx, claims: readonly Claim[]): Promise<MemberId> {
    const owners = await this.identities.owners(tx, claims);
    const [first, second] = [...new Set(owners.values())];
    const existing = first && second ? await this.merge.run(tx, first, second) : first;
    const missing = claims.filter((claim) => !owners.has(claim.kind));
    if (existing === undefined) return this.welcome(tx, missing);
    if (missing.length === 0) return existing;
    // Locked, so that no merge takes the member away before its new identity is there.
    const owner = (await this.members.lockEffective(tx, [existing])).get(existing);
    if (!owner) throw new Defect('an identity points to a member that is not there');
    if (owner.erasedAt !== null) throw new Transient('a member was erased while it signed in');
    const key = await this.identities.keyOf(tx, owner.id);
    const at = await databaseNow(tx);
    for (const claim of missing) await this.identities.insert(tx, claim, key, at);
    return owner.id;
  }

  private async welcome(tx: Tx, claims: readonly Claim[]): Promise<MemberId> {
    const id = memberId(randomPositive(systemRandom, MEMBER_ID_BITS));
    const { key, sealed } = this.identities.newKey(id);
    const at = await databaseNow(tx);
    for (const claim of claims) await this.identities.insert(tx, claim, key, at);
    await tx.execute('INSERT INTO members (id, created_at, person_key_sealed) VALUES (?,?,?)', [id, at, sealed]);
    const openid = claims.find(({ kind }) => kind === 'openid');
    if (openid) await this.newcomers.run(tx, id, this.identities.limitMark(openid.blind));
    return id;
  }
}

/** The one member that all claims already belong to, or null when there is still something to settle. */
function oneOwner(claims: readonly Claim[], owners: ReadonlyMap<IdentityKind, MemberId>): MemberId | null {
  const ids = new Set(owners.values());
  const [only] = ids;
  return owners.size === claims.length && ids.size === 1 ? (only ?? null) : null;
}
