import type { MoneyLike, Note, Waiting } from './use-award';

export interface AwardWords {
  title: string;
  detail: string;
  tone: 'plain' | 'busy' | 'good' | 'attention';
  /** What the button says; null when there is nothing to tap. */
  button: string | null;
  does: 'receive' | 'look';
}

/** Where the money is and what to tap next. */
export function awardWords(award: MoneyLike, waiting: Waiting, note: Note | null): AwardWords {
  const waitingWords = wordsWhileWaiting(waiting, note);
  if (waitingWords !== null) return waitingWords;
  const words = wordsOfState(award);
  return note === null ? words : { ...words, ...NOTES[note], tone: 'attention' };
}

const SLOW = '微信那边有点慢。奖励已记在您名下，可以先离开，过会儿在钱包里接着领。';
const NOTES: Record<Note, { title?: string; detail: string }> = {
  slow: { detail: SLOW },
  cancelled: { title: '还没有确认收款', detail: '钱还没到账。点「收款」，在微信页面里再点「确认收款」。' },
  no_wechat_page: {
    title: '没能打开微信收款页',
    detail: '奖励还在您名下。请用手机微信打开，或把微信更新到新版本后再点一次。',
  },
  offline: { title: '网络没有连上', detail: '奖励还在您名下。网络好了再点一次，不会重复领。' },
  refused: { title: '这一步没有办成', detail: '奖励还在您名下，过一会儿再点一次。' },
};
function wordsWhileWaiting(waiting: Waiting, note: Note | null): AwardWords | null {
  const busy = { tone: 'busy', button: null, does: 'look' } as const;
  if (waiting === 'preparing') {
    return {
      ...busy,
      title: '正在准备',
      detail: note === 'slow' ? SLOW : '正在请微信备好这笔钱，一般只要几秒。',
    };
  }
  if (waiting === 'in_wechat') return { ...busy, title: '请在微信里确认', detail: '在弹出的微信页面点「确认收款」。' };
  if (waiting === 'checking') {
    return {
      ...busy,
      title: '正在查到账',
      detail: note === 'slow' ? SLOW : '正在问微信这笔钱到了没有。',
    };
  }
  return null;
}

/** The server's own sentence comes first; these stand in when it has none. */
function wordsOfState({ state, stateText, hint }: MoneyLike): AwardWords {
  const receive = { button: '收款', does: 'receive' } as const;
  switch (state) {
    case 'ready':
      return { ...receive, title: '待领取', detail: hint ?? '点一下「收款」，收到微信零钱', tone: 'plain' };
    case 'preparing':
      return {
        ...receive,
        title: '正在准备',
        detail: hint ?? '正在请微信备好这笔钱',
        tone: 'busy',
        button: '看看好了没有',
      };
    case 'confirm':
      return { ...receive, title: '待确认收款', detail: hint ?? '点「收款」，在微信里确认', tone: 'plain' };
    case 'expired':
      return { ...receive, title: '奖励还在', detail: hint ?? '上次没有收下，点「收款」再来一次', tone: 'attention' };
    case 'failed':
      return {
        ...receive,
        title: '这笔没有转成',
        detail: hint ?? '钱还为您留着，可以再点一次「收款」',
        tone: 'attention',
      };
    case 'processing':
      return {
        title: stateText,
        detail: hint ?? '正在等微信的消息，钱不会少',
        tone: 'busy',
        button: '看看到账没有',
        does: 'look',
      };
    case 'gathering':
      return { title: '先累计着', detail: hint ?? '', tone: 'plain', button: null, does: 'look' };
    case 'held':
      return { title: stateText, detail: hint ?? '钱还为您留着', tone: 'attention', button: null, does: 'look' };
    case 'settled':
      return { title: '已到账', detail: hint ?? '已存入微信零钱', tone: 'good', button: null, does: 'look' };
    default:
      return { title: stateText, detail: hint ?? '', tone: 'plain', button: null, does: 'look' };
  }
}
