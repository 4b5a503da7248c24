/** What an incident means for money and for the people who must look at it. */
interface KindOfIncident {
  /** As the screens call it. */
  readonly title: string;
  /** No new offer of its payout begins until people have closed it. */
  readonly freezes: boolean;
  /** How many people it takes to close it: two where closing accepts that fen are elsewhere than our books say. */
  readonly closedBy: 'one' | 'two';
}

/**
 * Every kind of incident. Whoever raises a new one adds its line here and its row in docs/money.md (a test holds the two together).
 * `contradiction`: WeChat said success and failure of one bill. `mismatch`: WeChat knows the bill with another amount or person.
 * `stuck`: open for too long. `unlisted`: an answer our tables do not know. `unpayable`: the member has no openid.
 * `bill_…`: what the channel's daily bill file says differently, see reconciliation/judge.ts; `bill_file`: there is no usable file.
 * `ceiling`: a merchant account has used up its fen of the day. `recovery`: the database was set back; closing it ends the standstill.
 * `certificate`: a merchant's or the platform's certificate ends within 30 days, or has ended.
 * `ledger`: a counter differs from what is booked.
 */
export const INCIDENT_KINDS = {
  contradiction: { title: '微信前后说法矛盾', freezes: true, closedBy: 'two' },
  mismatch: { title: '微信的金额或收款人与我们不符', freezes: true, closedBy: 'two' },
  stuck: { title: '长时间没有结果', freezes: false, closedBy: 'one' },
  unlisted: { title: '微信返回了未登记的结果', freezes: false, closedBy: 'one' },
  unpayable: { title: '会员没有可收款的微信', freezes: false, closedBy: 'one' },
  ledger: { title: '账目与流水不符', freezes: false, closedBy: 'two' },
  ceiling: { title: '商户今日付款额度已用完', freezes: false, closedBy: 'one' },
  recovery: { title: '数据库回退，正在与微信核对', freezes: false, closedBy: 'two' },
  bill_missing: { title: '账单里没有我们已发的一笔', freezes: false, closedBy: 'two' },
  bill_extra: { title: '账单里有我们没发过的一笔', freezes: false, closedBy: 'two' },
  bill_amount: { title: '账单金额与我们不符', freezes: true, closedBy: 'two' },
  bill_state: { title: '账单与我们的结果相反', freezes: true, closedBy: 'two' },
  bill_duplicate: { title: '账单显示重复付款', freezes: true, closedBy: 'two' },
  bill_payee: { title: '收款人不是我们的会员', freezes: true, closedBy: 'two' },
  bill_file: { title: '当日账单拿不到或不能用', freezes: false, closedBy: 'one' },
  channel_blocked: { title: '付款通道暂停', freezes: false, closedBy: 'one' },
  certificate: { title: '证书即将到期', freezes: false, closedBy: 'one' },
} as const satisfies Readonly<Record<string, KindOfIncident>>;

export type IncidentKind = keyof typeof INCIDENT_KINDS;
export const INCIDENT_KIND_NAMES = Object.keys(INCIDENT_KINDS) as readonly IncidentKind[];

/** After one of these no new offer begins until two people have closed it. */
export const FREEZING_KINDS: readonly IncidentKind[] = INCIDENT_KIND_NAMES.filter(
  (kind) => INCIDENT_KINDS[kind].freezes,
);

/** Each says that a result of a payout may be wrong: while one is open, two people may decide the result the other way. */
export const DISPUTING_KINDS: readonly IncidentKind[] = [
  ...(['contradiction', 'mismatch', 'bill_missing', 'bill_extra'] as const),
  ...(['bill_amount', 'bill_state', 'bill_duplicate', 'bill_payee'] as const),
];

/** The facts of a stored kind; null for one that this release does not know. */
export function incidentKind(text: string): (KindOfIncident & { readonly kind: IncidentKind }) | null {
  const kind = INCIDENT_KIND_NAMES.find((known) => known === text);
  return kind ? { kind, ...INCIDENT_KINDS[kind] } : null;
}
