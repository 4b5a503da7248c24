import type { Schemas } from '../api';
import { yuan } from '../words';
import { ROLE_WORDS, type Role } from './roles';

type Approval = Schemas['ApprovalDto'];
export type Kind = Approval['kind'];

export const KIND_WORDS = {
  campaign: '活动发布',
  grant: '费用申请',
  'money-decision': '人工结果',
  correction: '账目更正',
  'write-off': '核销单',
  'code-pack': '码包',
  roles: '人员角色',
} as const satisfies Record<Kind, string>;

const DECISIONS: Readonly<Record<string, string>> = { settle: '认定已到账', fail: '认定未付出', close: '结案' };

/** The page on which all of it can be read; a campaign's and a payout's own, else the list it stands in. */
export function placeOf({ kind, subject, id }: Approval): string {
  const places = {
    campaign: `/campaigns/${subject}`,
    grant: '/budgets',
    'money-decision': `/money-decisions?decision=${id}`,
    correction: '/corrections',
    'write-off': '/write-offs',
    'code-pack': '/packs',
    roles: '/people',
  } as const satisfies Record<Kind, string>;
  return places[kind];
}

export function titleOf({ kind, title, subject }: Approval): string {
  if (kind === 'money-decision') return `${DECISIONS[title] ?? title} · ${subject}`;
  if (kind !== 'roles') return title;
  const [name, roles = ''] = title.split(' · ');
  const named = roles.split(',').map((role) => (role in ROLE_WORDS ? ROLE_WORDS[role as Role][0] : role));
  return `${name}：${named.join('、')}`;
}

export function amountOf({ amountFen }: Approval): string {
  return amountFen === null ? '—' : yuan(amountFen);
}
