import { channelWords } from './finance-words';

/** Accounts of the ledger that people may move money between. What was settled follows from payouts alone. */
export const ACCOUNT_KINDS = [
  { value: 'available', label: '预算 · 可用' },
  { value: 'reserved', label: '预算 · 已冻结' },
  { value: 'granted', label: '预算 · 获批（退回）' },
  { value: 'merchant', label: '商户账户' },
  { value: 'channel', label: '通道在途' },
  { value: 'member', label: '会员' },
  { value: 'outside', label: '账外' },
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number]['value'];

/** One line of a correction as it is being written. */
export interface Line {
  kind: AccountKind;
  budgetId: number | null;
  mchId: string | null;
  channel: string | null;
  memberId: string;
  /** Into the account, or out of it. */
  into: boolean;
  fen: number | null;
}

export function emptyLine(into: boolean): Line {
  return { kind: 'available', budgetId: null, mchId: null, channel: null, memberId: '', into, fen: null };
}

export const ofBudget = (kind: AccountKind): kind is 'available' | 'reserved' | 'granted' =>
  kind === 'available' || kind === 'reserved' || kind === 'granted';

/** The account as the ledger names it; null while something is missing. */
export function accountOf({ kind, budgetId, mchId, channel, memberId }: Line): string | null {
  if (kind === 'outside') return 'outside';
  if (kind === 'member') return /^[1-9]\d{0,15}$/.test(memberId.trim()) ? `member:${memberId.trim()}` : null;
  if (kind === 'merchant') return mchId && `merchant:${mchId}`;
  if (kind === 'channel') return mchId && channel && `channel:${mchId}:${channel}`;
  return budgetId === null ? null : `budget:${budgetId}:${kind}`;
}

/** What the lines are short of zero, in fen: positive when more goes in than comes out. */
export function imbalance(lines: readonly Line[]): number {
  return lines.reduce((sum, { into, fen }) => sum + (into ? 1 : -1) * (fen ?? 0), 0);
}

const PARTS: Readonly<Record<string, string>> = {
  available: '可用',
  reserved: '已冻结',
  granted: '获批（退回）',
  settled: '已发放',
};

/** An account of the ledger in words. `names`: of budgets and merchant accounts, by `budget:7` and `merchant:19…`. */
export function accountWords(account: string, names: ReadonlyMap<string, string>): string {
  const [kind, id = '', part = ''] = account.split(':');
  if (kind === 'budget') return `${names.get(`budget:${id}`) ?? `预算 ${id}`} · ${PARTS[part] ?? part}`;
  if (kind === 'merchant') return `商户 ${names.get(account) ?? id}`;
  if (kind === 'channel') return `${channelWords(part)}在途 · ${names.get(`merchant:${id}`) ?? id}`;
  if (kind === 'member') return `会员 ${id}`;
  return kind === 'outside' ? '账外' : account;
}
