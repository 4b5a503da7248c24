import type { Reader } from '@app/database';
import { Rejected } from '@app/kernel';

interface Account {
  readonly id: number;
  /** Who made it, and who last gave out a new password for it. */
  readonly makers: readonly number[];
  /** Codes from a phone count for it. */
  readonly phone: boolean;
}

const UNPROVEN = '其中一个账号是另一个人开通或重置的，本人还没有用自己的密码和动态码接手';

/**
 * Two numbers are not yet two people: whoever makes an account, or gives it a new password, can be both of them. So an account and its
 * maker do not approve each other's wishes until its own person has taken it over: with a password of their own, and, to approve, with
 * codes from their own phone. Throws Rejected `same_person` (403) for one and the same account, `same_hand` (403) for such a pair.
 */
export async function assertTwoPeople(reader: Reader, asker: number, approver: number): Promise<void> {
  if (asker === approver) throw new Rejected('same_person', '申请人不能审批自己的申请', 403);
  const [asking, approving] = [await accountOf(reader, asker), await accountOf(reader, approver)];
  if (approving?.makers.includes(asker) && !(approving.phone && (await hasOwnPassword(reader, approver)))) {
    throw new Rejected('same_hand', `${UNPROVEN}，暂时不能审批对方的申请`, 403);
  }
  if (asking?.makers.includes(approver) && !(await hasOwnPassword(reader, asker))) {
    throw new Rejected('same_hand', `${UNPROVEN}，对方暂时不能审批它的申请`, 403);
  }
}

/** Null for a number that is no account: the system's own, and that of histories. */
async function accountOf(reader: Reader, id: number): Promise<Account | null> {
  const [row] = await reader.query<{ made_by: number | null; reset_by: number | null; totp_sealed: Buffer | null }>(
    'SELECT made_by, reset_by, totp_sealed FROM operators WHERE id = ?',
    [id],
  );
  if (!row) return null;
  // Accounts of earlier releases do not say who made them; the audit log does.
  const made = await reader.query<{ actor_id: number | null }>(
    "SELECT actor_id FROM audit_log WHERE object = ? AND act = 'staff.create'",
    [objectOf(id)],
  );
  const makers = [row.made_by, row.reset_by, ...made.map(({ actor_id }) => actor_id)].filter((by) => by !== null);
  return { id, makers, phone: row.totp_sealed !== null };
}

/** The last password was set by the account's own person: by themselves, or behind the last link that was given out. */
async function hasOwnPassword(reader: Reader, id: number): Promise<boolean> {
  const [given] = await reader.query<{ made_at: Date; used_at: Date | null }>(
    'SELECT made_at, used_at FROM operator_links WHERE operator_id = ? AND revoked_at IS NULL ORDER BY made_at DESC LIMIT 1',
    [id],
  );
  if (given?.used_at) return true;
  const changed = await reader.query<{ id: string }>(
    "SELECT id FROM audit_log WHERE object = ? AND act = 'staff.password' AND actor_id = ? AND at >= ? LIMIT 1",
    [objectOf(id), id, given?.made_at ?? new Date(0)],
  );
  return changed.length > 0;
}

function objectOf(id: number): string {
  return `operator:${id}`;
}
