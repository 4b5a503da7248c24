import type { Refusal, ScanAnswer } from './wire';
import { minuteWords } from './words';

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
        title: '这瓶还没登记上市',
        detail: '我们已收到提醒；奖励不会丢，稍后再扫。',
      };
    case 'frozen':
      return {
        seal: '核查中',
        tone: 'amber',
        title: '这个码暂时停用',
        detail: '这一批正在核查，查清之前不发奖。请先留好瓶子，过几天再扫。',
      };
    case 'void':
      return {
        seal: '已作废',
        tone: 'ink',
        title: '这个码已经作废',
        detail: '它印出来后被收回，没有随产品上市。如果是在店里买到的，请留好瓶子和小票，向购买的店反映。',
      };
    case 'expired':
      return {
        seal: '已截止',
        tone: 'ink',
        title: '兑奖时间已过',
        detail: '这个码是真的，只是活动的兑奖截止时间已过，不能再领奖。',
      };
    case 'unknown':
      return {
        seal: '查无',
        tone: 'amber',
        title: '没有查到这个码',
        detail: '我们发出的码里没有它，不能证明是正品。先核对一下码有没有看全、输对。',
      };
  }
}

function repeatWords({ repeat }: ScanAnswer): VerdictWords {
  if (repeat === null) return { seal: '正品', tone: 'celadon', title: '官方正品码', detail: '这个码以前查询过。' };
  const at = minuteWords(repeat.firstAt);
  if (repeat.mine) {
    return { seal: '正品', tone: 'celadon', title: '官方正品码', detail: `您已于 ${at} 扫过，奖励在这里。` };
  }
  return {
    seal: '已查过',
    tone: 'amber',
    title: '这个码被别人查过',
    detail: `首次查询：${at}${repeat.city === null ? '' : `，${repeat.city}`}。算上这次，共 ${repeat.times} 次。`,
  };
}

export interface RefusalWords {
  picture: 'place' | 'wait' | 'none';
  title: string;
  /** When to come back, if the server knows. */
  when: string | null;
}

export function refusalWords(refusal: Refusal): RefusalWords {
  const at = refusal.cure?.at === undefined ? null : minuteWords(refusal.cure.at);
  switch (refusal.reason) {
    case 'place_needed':
      return { picture: 'place', title: '领奖前，想知道您在哪里', when: null };
    case 'cap_reached':
      return {
        picture: 'wait',
        title: '今天的奖励领满了',
        when: at === null ? '明天再扫这一瓶' : `${at} 起再扫这一瓶`,
      };
    case 'not_started':
      return { picture: 'wait', title: '活动还没开始', when: at === null ? null : `${at} 起再扫这一瓶` };
    case 'paused':
      return {
        picture: 'wait',
        title: '活动暂停一会儿',
        when: at === null ? '过些时候再扫这一瓶' : `${at} 起再扫这一瓶`,
      };
    case 'budget_short':
      return {
        picture: 'wait',
        title: '活动奖金正在补充',
        when: at === null ? '过些时候再扫这一瓶' : `${at} 起再扫这一瓶`,
      };
    case 'held':
      return { picture: 'wait', title: '有人正在领这一瓶', when: at === null ? '半小时后再扫' : `${at} 后再扫` };
    case 'not_active':
      return { picture: 'wait', title: '等它登记上市', when: at === null ? '过一两天再扫' : `${at} 起再扫这一瓶` };
    case 'gate_open':
      return { picture: 'wait', title: '领奖还差一步', when: null };
    case 'no_rule':
      return { picture: 'none', title: '这一瓶现在没有活动', when: null };
  }
}
