import type { AwardLike, Note, Waiting } from './use-award';
import { minuteWords } from './words';

export interface AwardWords {
  title: string;
  detail: string;
  tone: 'plain' | 'busy' | 'good' | 'attention';
  /** What the button says; null when there is nothing to tap. */
  button: string | null;
  does: 'receive' | 'look';
}

/** Where the money is and what to tap next. */
export function awardWords(award: AwardLike, waiting: Waiting, note: Note | null): AwardWords {
  const waitingWords = wordsWhileWaiting(waiting, note);
  if (waitingWords !== null) return waitingWords;
  const words = wordsOfState(award);
  return note === null ? words : { ...words, ...NOTES[note], tone: 'attention' };
}

const SLOW = '微信那边有点慢。奖励已记在您名下，可以先离开，过会儿在钱包里接着领。';
const NOTES: Record<Note, { title?: string; detail: string }> = {
  slow: { detail: SLOW },
  cancelled: { title: '还没有确认收款', detail: '钱还没到账。点下面的按钮，在微信里点「确认收款」就行。' },
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

function wordsOfState(award: AwardLike): AwardWords {
  const view = 'wonAt' in award ? award : null;
  const hint = view?.hint ?? null;
  switch (award.state) {
    case 'ready':
      return {
        title: '待领取',
        detail: hint ?? '奖励已记在您名下，现在领或以后领都一样。',
        tone: 'plain',
        button: '点一下，收到微信零钱',
        does: 'receive',
      };
    case 'preparing':
      return {
        title: '正在准备',
        detail: hint ?? '正在请微信备好这笔钱。',
        tone: 'busy',
        button: '看看好了没有',
        does: 'receive',
      };
    case 'confirm':
      return {
        title: '待确认收款',
        detail: view?.expiresAt
          ? `请在 ${minuteWords(view.expiresAt)} 前到微信确认；过了也不要紧，可以再领。`
          : (hint ?? '微信已备好这笔钱，点「确认收款」就到零钱。'),
        tone: 'plain',
        button: '去微信确认收款',
        does: 'receive',
      };
    case 'processing':
      return {
        title: '到账中',
        detail: hint ?? '您已确认，微信正在入账，一般几分钟内到。',
        tone: 'busy',
        button: '看看到账没有',
        does: 'look',
      };
    case 'settled':
      return {
        title: '已到账',
        detail: hint ?? '钱在微信零钱里，可到「我 › 服务 › 钱包」查看。',
        tone: 'good',
        button: null,
        does: 'look',
      };
    case 'expired':
      return {
        title: '上次没有确认，奖励还在',
        detail: hint ?? '上次那笔超过 24 小时没有确认，已经退回。再领一次就行。',
        tone: 'attention',
        button: '再领一次',
        does: 'receive',
      };
    case 'failed':
      return {
        title: '这笔没有转成',
        detail: hint ?? '奖励仍记在您名下，我们会查清原因，过些时候再来看。',
        tone: 'attention',
        button: '看看最新进展',
        does: 'look',
      };
    case 'none':
      return { title: '谢谢参与', detail: hint ?? '', tone: 'plain', button: null, does: 'look' };
  }
}
