import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { blindIndex, placeholders, type Reader, sealedAt, Sealer, textOf, type Tx } from '@app/database';
import { Defect, memberId, systemRandom, type MemberId } from '@app/kernel';

export type IdentityKind = 'openid' | 'unionid' | 'phone';

/** A name of a person: WeChat's, or the number of a phone that he holds. */
export interface Claim {
  readonly kind: IdentityKind;
  readonly value: string;
  readonly blind: Buffer;
}

/** The key that one person's data is sealed with; it lies sealed itself, and shredding it makes the data unreadable. */
export interface PersonKey {
  readonly owner: MemberId;
  readonly sealer: Sealer;
}

const KEY_BYTES = 32;

interface ValueRow {
  member: string;
  blind: Buffer;
  value: Buffer | null;
  owner: string;
  key: Buffer | null;
}

/** The table `member_identities`, and the person keys that seal its values. No value is ever compared or stored in clear. */
@Injectable()
export class MemberIdentitiesRepository {
  private readonly master: Sealer;
  private readonly blindKey: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.master = Sealer.fromConfig(config);
    this.blindKey = config.keys.blindIndex;
  }

  claim(kind: IdentityKind, value: string): Claim {
    return { kind, value, blind: blindIndex(this.blindKey, `${kind}:${value}`) };
  }

  /** Whom the claims belong to; a claim that nobody has is missing. */
  async owners(reader: Reader, claims: readonly Claim[]): Promise<Map<IdentityKind, MemberId>> {
    const rows = await reader.query<{ kind: Buffer; member_id: string }>(
      `SELECT kind, member_id FROM member_identities WHERE (kind, blind) IN (${claims.map(() => '(?,?)').join(',')})`,
      claims.flatMap(({ kind, blind }) => [kind, blind]),
    );
    return new Map(rows.map((row) => [textOf(row.kind) as IdentityKind, memberId(row.member_id)]));
  }

  /** Throws a duplicate key error when somebody else was first. */
  async insert(tx: Tx, claim: Claim, key: PersonKey, at: Date): Promise<void> {
    await tx.execute(
      'INSERT INTO member_identities (kind, blind, member_id, recorded_for, value_sealed, created_at) VALUES (?,?,?,?,?,?)',
      [claim.kind, claim.blind, key.owner, key.owner, key.sealer.seal(claim.value, placeOf(claim)), at],
    );
  }

  async repoint(tx: Tx, from: MemberId, to: MemberId): Promise<void> {
    await tx.execute('UPDATE member_identities SET member_id = ? WHERE member_id = ?', [to, from]);
  }

  /** Whom a name belongs to and since when; the row is locked. Null for a name that nobody has. */
  async lockOwner(tx: Tx, { kind, blind }: Claim): Promise<{ member: MemberId; since: Date } | null> {
    const [row] = await tx.query<{ member_id: string; created_at: Date }>(
      'SELECT member_id, created_at FROM member_identities WHERE kind = ? AND blind = ? FOR UPDATE',
      [kind, blind],
    );
    return row ? { member: memberId(row.member_id), since: row.created_at } : null;
  }

  /** Forgets one name. */
  async remove(tx: Tx, { kind, blind }: Pick<Claim, 'kind' | 'blind'>): Promise<void> {
    await tx.execute('DELETE FROM member_identities WHERE kind = ? AND blind = ?', [kind, blind]);
  }

  /** Forgets all names of a kind that a member has. Returns how many. */
  async removeAll(tx: Tx, member: MemberId, kind: IdentityKind): Promise<number> {
    const sql = 'DELETE FROM member_identities WHERE member_id = ? AND kind = ?';
    return (await tx.execute(sql, [member, kind])).affectedRows;
  }

  /** Forgets every name of a member. */
  async forget(tx: Tx, member: MemberId): Promise<void> {
    await tx.execute('DELETE FROM member_identities WHERE member_id = ?', [member]);
  }

  /** What stands for a WeChat account where limits are kept: one way, with our key, and no name of anybody. */
  limitMark(blind: Buffer): Buffer {
    return blindIndex(this.blindKey, `limits:${blind.toString('hex')}`);
  }

  async limitMarksOf(tx: Tx, member: MemberId): Promise<Buffer[]> {
    const rows = await tx.query<{ blind: Buffer }>(
      "SELECT blind FROM member_identities WHERE member_id = ? AND kind = 'openid' ORDER BY blind",
      [member],
    );
    return rows.map(({ blind }) => this.limitMark(blind));
  }

  /** A new key for a new person, and the form in which its member row keeps it. */
  newKey(owner: MemberId): { key: PersonKey; sealed: Buffer } {
    const secret = Buffer.from(systemRandom.bytes(KEY_BYTES));
    return {
      key: { owner, sealer: new Sealer(new Map([[1, secret]]), 1) },
      sealed: this.master.seal(secret.toString('hex'), keyPlace(owner)),
    };
  }

  async keyOf(tx: Reader, owner: MemberId): Promise<PersonKey> {
    const [row] = await tx.query<{ sealed: Buffer | null }>(
      'SELECT person_key_sealed AS sealed FROM members WHERE id = ?',
      [owner],
    );
    if (!row?.sealed) throw new Defect('an identity points to a member without a key');
    return { owner, sealer: this.openKey(row.sealed, owner) };
  }

  /**
   * The openid to pay or write to: of a member that was merged its own one if it had one, else the oldest of the member that is
   * left. Null when there is none, or when the person was erased. Bearer of personal data: never log it, never put it in a job.
   */
  openidOf(reader: Reader, member: MemberId): Promise<string | null> {
    return this.valueOf(reader, member, 'openid');
  }

  /** The same for any kind of name. */
  async valueOf(reader: Reader, member: MemberId, kind: IdentityKind): Promise<string | null> {
    return (await this.valuesOf(reader, [member], kind)).get(member) ?? null;
  }

  /** The same for several members in one question; those without one are missing. */
  async valuesOf(
    reader: Reader,
    members: readonly MemberId[],
    kind: IdentityKind,
  ): Promise<ReadonlyMap<MemberId, string>> {
    if (members.length === 0) return new Map();
    const rows = await reader.query<ValueRow>(
      `SELECT m.id AS member, i.blind, i.value_sealed AS value, i.recorded_for AS owner, p.person_key_sealed AS \`key\`
         FROM members m
         JOIN member_identities i ON i.member_id = COALESCE(m.merged_into, m.id) AND i.kind = ?
         JOIN members p ON p.id = i.recorded_for
        WHERE m.id IN (${placeholders(members)})
        ORDER BY m.id, (i.recorded_for = m.id) DESC, i.created_at, i.blind`,
      [kind, ...members],
    );
    const first = new Map<MemberId, ValueRow>();
    for (const row of rows) if (!first.has(memberId(row.member))) first.set(memberId(row.member), row);
    const values = new Map<MemberId, string>();
    for (const [member, { blind, value, owner, key }] of first) {
      if (!value || !key) continue;
      values.set(member, this.openKey(key, memberId(owner)).open(value, placeOf({ kind, blind })));
    }
    return values;
  }

  /** Every name of a member with the day since when we have it, oldest first. Bearer of personal data, as above. */
  async namesOf(reader: Reader, member: MemberId): Promise<{ kind: IdentityKind; value: string; since: Date }[]> {
    const rows = await reader.query<Omit<ValueRow, 'member'> & { kind: Buffer; since: Date }>(
      `SELECT i.kind, i.blind, i.value_sealed AS value, i.recorded_for AS owner, i.created_at AS since, p.person_key_sealed AS \`key\`
         FROM members m
         JOIN member_identities i ON i.member_id = COALESCE(m.merged_into, m.id)
         JOIN members p ON p.id = i.recorded_for
        WHERE m.id = ? ORDER BY i.created_at, i.kind, i.blind`,
      [member],
    );
    return rows.flatMap(({ kind: raw, blind, value, owner, key, since }) => {
      if (!value || !key) return [];
      const kind = textOf(raw) as IdentityKind;
      return [{ kind, value: this.openKey(key, memberId(owner)).open(value, placeOf({ kind, blind })), since }];
    });
  }

  /** What `members.person_key_sealed` of this member holds. */
  openKey(sealed: Buffer, owner: MemberId): Sealer {
    return new Sealer(new Map([[1, Buffer.from(this.master.open(sealed, keyPlace(owner)), 'hex')]]), 1);
  }
}

function placeOf({ kind, blind }: Pick<Claim, 'kind' | 'blind'>): string {
  return sealedAt('member_identities', 'value_sealed', `${kind}:${blind.toString('hex')}`);
}

function keyPlace(owner: MemberId): string {
  return sealedAt('members', 'person_key_sealed', owner);
}
