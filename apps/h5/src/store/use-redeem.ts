import { ref, shallowRef } from 'vue';
import { NoAnswer } from '../shell/api';
import { scanQr } from '../shell/wechat';
import { randomUuid } from '../scan/scan-attempt';
import { storeApi, type PrizeAtStore, type Redemption } from './store-api';

export type RedeemStep =
  | { kind: 'ready' }
  | { kind: 'looking' }
  /** `tried`: it was handed over, and refused: somebody else was quicker, or it lapsed meanwhile. */
  | { kind: 'prize'; token: string; requestId: string; prize: PrizeAtStore; tried: boolean }
  | { kind: 'done'; redemption: Redemption };

const OFFLINE = '网络没有连上，再点一次，同一份奖品不会兑两次';
const NO_SCANNER = '微信扫一扫没有打开，请让顾客念出二维码下面的兑换码，在下面输入';

/** From a QR to a prize handed over. One prize has one requestId until it is done: a repeated tap is the same tap. */
export function useRedeem(storeId: () => number, done: () => void) {
  const step = shallowRef<RedeemStep>({ kind: 'ready' });
  const fault = ref('');
  const busy = ref(false);

  async function look(text: string): Promise<void> {
    const token = text.trim();
    if (token === '' || busy.value) return;
    await guarded(async () => {
      step.value = { kind: 'looking' };
      const prize = await storeApi.look(storeId(), token);
      step.value = { kind: 'prize', token, requestId: randomUuid(), prize, tried: false };
    });
    if (step.value.kind === 'looking') step.value = { kind: 'ready' };
  }

  async function scan(): Promise<void> {
    fault.value = '';
    const answer = await scanQr();
    if (answer.kind === 'text') await look(answer.text);
    else if (answer.kind === 'unavailable') fault.value = NO_SCANNER;
  }

  async function redeem(): Promise<void> {
    if (step.value.kind !== 'prize') return;
    const asked = step.value;
    await guarded(async () => {
      try {
        step.value = { kind: 'done', redemption: await storeApi.redeem(storeId(), asked.token, asked.requestId) };
      } catch (error) {
        if (!isFinal(error)) throw error;
        const refusal = { code: error.code, message: error.message };
        step.value = { ...asked, prize: { ...asked.prize, refusal }, tried: true };
        return;
      }
      done();
    });
  }

  function again(): void {
    fault.value = '';
    step.value = { kind: 'ready' };
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    fault.value = '';
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.kind === 'leaving') return;
      const told = error.kind === 'refused' || error.kind === 'too_fast' || error.kind === 'missing';
      fault.value = told && error.message !== '' ? error.message : OFFLINE;
    } finally {
      busy.value = false;
    }
  }

  return { step, fault, busy, look, scan, redeem, again };
}

/** What the same tap again would only hear again. */
function isFinal(error: unknown): error is NoAnswer {
  return error instanceof NoAnswer && (error.kind === 'refused' || error.kind === 'missing') && error.message !== '';
}
