import type { Refusal, ScanAnswer } from '../shell/wire';
import { minuteWords } from '../kit/words';

/** The verdict as a person reads it: one line that says what it is, one that says what that means. */
export interface VerdictWords {
  seal: string;
  tone: 'celadon' | 'amber' | 'sky' | 'ink';
  title: string;
  detail: string;
}

export function verdictWords(answer: ScanAnswer): VerdictWords {
  switch (answer.verdict) {
    case 'first':
      return {
        seal: '正品',
        tone: 'celadon',
        title: '官方正品码',
        detail: `首次查询 · ${minuteWords(answer.scannedAt)}`,
      };
    case 'repeat':
      return repeatWords(answer);
    case 'not_active':
      return {
        seal: '待上市',
        tone: 'sky',
        title: '还没登记上市',
        detail: '我们已收到提醒。',
      };
    case 'frozen':
      return {
        seal: '核查中',
        tone: 'amber',
        title: '暂时停用',
        detail: '这一批的码正在核查。',
      };
    case 'void':
      return {
        seal: '已作废',
        tone: 'ink',
        title: '这个码已作废',
        detail: '它印出来后被收回了。',
      };
    case 'expired':
      return {
        seal: '已截止',
        tone: 'ink',
        title: '兑奖已截止',
        detail: '码是真的，只是过了兑奖时间。',
      };
    case 'recalled':
      return {
        seal: '召回中',
        tone: 'amber',
        title: '正在召回，请先别喝',
        detail: '码是真的，但这一批产品正在召回。',
      };
    case 'unknown':
      return {
        seal: '查无',
        tone: 'amber',
        title: '没有查到这个码',
        detail: '我们发出的码里没有它，不能证明是正品。先对一对码有没有看全。',
      };
  }
}

function repeatWords({ repeat, reward }: ScanAnswer): VerdictWords {
  if (repeat === null) return { seal: '正品', tone: 'celadon', title: '官方正品码', detail: '这个码以前查询过。' };
  const at = minuteWords(repeat.firstAt);
  if (repeat.mine) {
    return {
      seal: '正品',
      tone: 'celadon',
      title: '官方正品码',
      detail: `您已于 ${at} 扫过，${reward === null || reward.kind === 'nothing' ? '这一瓶没有中奖' : '奖励在这里'}。`,
    };
  }
  return {
    seal: '已查过',
    tone: 'amber',
    title: '这个码被查过',
    detail: `首次查询：${at}${repeat.city === null ? '' : `，${repeat.city}`}。算上这次，共 ${repeat.times} 次。`,
  };
}

export interface NoRewardWords {
  picture: 'place' | 'wait' | 'step' | 'none';
  title: string;
  message: string;
  /** When to come back, if the server knows. */
  when: string | null;
}

/** Why there is no reward on this page and what cures it; null when the verdict says everything. */
export function noRewardWords(answer: ScanAnswer): NoRewardWords | null {
  switch (answer.verdict) {
    case 'not_active':
      return {
        picture: 'wait',
        title: '奖励不会丢',
        message: '新货登记有时会慢一两天。留好瓶盖，稍后再扫就能领。',
        when: null,
      };
    case 'frozen':
      return { picture: 'wait', title: '查清之前先不发奖', message: '留好瓶子和瓶盖，过几天再扫。', when: null };
    case 'void':
      return {
        picture: 'none',
        title: '它没有随产品上市',
        message: '如果是在店里买到的，请留好瓶子和小票，向购买的店问清楚。',
        when: null,
      };
    case 'expired':
      return {
        picture: 'none',
        title: '这一瓶不能再领奖',
        message: '活动的兑奖截止时间已过。以前中的奖都在钱包里，照样可以领。',
        when: null,
      };
    case 'recalled': // What to do stands on a card of its own.
    case 'unknown':
      return null;
    default:
      return refusedOrUnpaid(answer);
  }
}

function refusedOrUnpaid({ refusal, repeat, reward }: ScanAnswer): NoRewardWords | null {
  if (refusal !== null) return { ...refusalWords(refusal), message: refusal.message };
  if (reward !== null || repeat?.mine === false) return null;
  // A layer that only verifies answers, and never pays.
  return { picture: 'none', title: '这个码只验真伪', message: '要领奖，请扫瓶盖里的码。', when: null };
}

function refusalWords(refusal: Refusal): Omit<NoRewardWords, 'message'> {
  const at = refusal.cure?.at;
  const wait = { picture: 'wait' as const, when: at === undefined ? null : `${minuteWords(at)} 起再扫这一瓶` };
  switch (refusal.reason) {
    case 'place_needed':
      return { picture: 'place', title: '领奖前，想知道您在哪里', when: null };
    case 'cap_reached':
      return { ...wait, title: '领奖次数用完了' };
    case 'not_started':
      return { ...wait, title: '活动还没开始' };
    case 'paused':
      return { ...wait, title: '活动暂停一会儿' };
    case 'budget_short':
      return { ...wait, title: '活动奖金正在补充' };
    case 'held':
      return { ...wait, title: '有人正在领这一瓶' };
    case 'not_active':
      return { ...wait, title: '奖励不会丢' };
    case 'gate_open':
      return { picture: 'step', title: GATE_TITLES[refusal.cure?.action ?? 'none'] ?? '领奖还差一步', when: null };
    case 'no_rule':
      return { picture: 'none', title: '活动没有在进行', when: null };
  }
}

const GATE_TITLES: Partial<Record<NonNullable<Refusal['cure']>['action'], string>> = {
  phone: '先绑定手机号',
  follow: '先关注公众号',
  share: '先分享一下',
};
