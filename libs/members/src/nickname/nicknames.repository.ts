import { Injectable } from '@nestjs/common';
import { sealedAt, type Reader, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import { MemberIdentitiesRepository } from '../member-identities.repository';

/** The nickname in a member's row, sealed with the person's own key: shredding the key is forgetting the name. */
@Injectable()
export class NicknamesRepository {
  constructor(private readonly identities: MemberIdentitiesRepository) {}

  /** Of a member that was merged: of the one that is left. Null when there is none, or nobody any more. */
  async read(reader: Reader, member: MemberId): Promise<string | null> {
    const [row] = await reader.query<{ owner: string; sealed: Buffer | null; key: Buffer | null }>(
      `SELECT p.id AS owner, p.nickname_sealed AS sealed, p.person_key_sealed AS \`key\`
         FROM members m JOIN members p ON p.id = COALESCE(m.merged_into, m.id)
        WHERE m.id = ?`,
      [member],
    );
    if (!row?.sealed || !row.key) return null;
    const owner = memberId(row.owner);
    return this.identities.openKey(row.key, owner).open(row.sealed, placeOf(owner));
  }

  /** Of a row that the transaction holds locked; null takes the name away. */
  async write(tx: Tx, member: MemberId, nickname: string | null): Promise<void> {
    const sealed =
      nickname === null ? null : (await this.identities.keyOf(tx, member)).sealer.seal(nickname, placeOf(member));
    await tx.execute('UPDATE members SET nickname_sealed = ? WHERE id = ?', [sealed, member]);
  }

  /** The name goes along to the member that is left, unless that one has its own. Both rows are locked and not merged yet. */
  async move(tx: Tx, from: MemberId, to: MemberId): Promise<void> {
    const name = await this.read(tx, from);
    if (name === null) return;
    if ((await this.read(tx, to)) === null) await this.write(tx, to, name);
    await this.write(tx, from, null);
  }
}

function placeOf(member: MemberId): string {
  return sealedAt('members', 'nickname_sealed', member);
}
