import { computed, onMounted, onUnmounted, ref, shallowRef } from 'vue';
import { api, NoAnswer, pause } from '../shell/api';
import { configureWechat, confirmInWechat } from '../shell/wechat';
import type { AwardState, AwardView, Reward, TransferConfirm } from '../shell/wire';

/** What a scan answer tells of an award, and what the award itself tells. */
export type AwardLike = Reward | AwardView;

/** What the person's tap is waiting for. */
export type Waiting = 'none' | 'preparing' | 'in_wechat' | 'checking';
export type Note = 'slow' | 'cancelled' | 'no_wechat_page' | 'offline' | 'refused';

/** The tap waits for WeChat's package: usually there within a second. */
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
/** About two minutes of asking; after that the person looks again when they like. */
const MOST_ASKS = 30;
const SLOW_AFTER_ASKS = 6;
const GLANCE_AFTER_MS = 2500;

/** Money of one win, or of small ones that are paid together. */
export interface MoneyLike {
  state: AwardState;
  stateText: string;
  hint: string | null;
  confirm?: TransferConfirm | null;
}

/** How that money is asked for and looked at. */
export interface MoneyPorts<T> {
  claim: () => Promise<T>;
  look: () => Promise<T>;
  refresh: () => Promise<T>;
}

export function useAward(initial: AwardLike) {
  const { awardId } = initial;
  const money = useMoney<AwardLike>(initial, {
    claim: () => api.claim(awardId),
    look: () => api.award(awardId),
    refresh: () => api.refresh(awardId),
  });
  return { ...money, award: money.money };
}

/**
 * The way of money to the person's WeChat balance: 收款 → prepared → confirmed in WeChat → the server says 已到账.
 * What WeChat's page returns is never taken for payment.
 */
export function useMoney<T extends MoneyLike>(initial: T, ports: MoneyPorts<T>) {
  const award = shallowRef<T>(initial);
  const waiting = ref<Waiting>('none');
  const note = ref<Note | null>(null);
  let gone = false;
  let stopWaiting: () => void = () => undefined;

  const confirm = computed(() => award.value.confirm ?? null);

  async function guarded(work: () => Promise<void>): Promise<void> {
    if (waiting.value !== 'none') return;
    note.value = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await explain(error);
    } finally {
      waiting.value = 'none';
    }
  }

  /** The tap on 收款, on 去确认 and on 再领一次. */
  const receive = () =>
    guarded(async () => {
      waiting.value = 'preparing';
      if (award.value.state === 'ready' || award.value.state === 'expired' || confirm.value === null) {
        award.value = await ports.claim();
        await follow((state) => state === 'preparing');
      }
      if (confirm.value !== null) await handOver();
    });

  async function explain(error: NoAnswer): Promise<void> {
    if (error.kind === 'leaving') return;
    note.value = error.kind === 'offline' || error.kind === 'slow' ? 'offline' : 'refused';
    if (error.kind !== 'refused') return;
    // Perhaps it moved on in another window: show what is true now.
    award.value = await ports.look().catch(() => award.value);
  }

  async function handOver(): Promise<void> {
    if (confirm.value === null) return;
    waiting.value = 'in_wechat';
    // WeChat's page may never call back; the person can say so, and the server is asked either way.
    const end = await Promise.race([
      confirmInWechat(confirm.value),
      new Promise<'closed'>((resolve) => (stopWaiting = () => resolve('closed'))),
    ]);
    if (end === 'unavailable') note.value = 'no_wechat_page';
    waiting.value = 'checking';
    award.value = await ports.refresh();
    if (end === 'closed') await follow((state) => state === 'confirm' || state === 'processing', 4);
    else await follow((state) => state === 'processing');
    if (award.value.state === 'confirm' && note.value === null) note.value = 'cancelled';
  }

  /** Looks where the money is now: after coming back to the page, or on the person's tap. */
  const look = () =>
    guarded(async () => {
      waiting.value = 'checking';
      award.value = await ports.refresh();
      await follow((state) => state === 'preparing' || state === 'processing');
    });

  async function follow(onTheWay: (state: AwardState) => boolean, most = MOST_ASKS): Promise<void> {
    let wait = FIRST_WAIT_MS;
    for (let asks = 1; onTheWay(award.value.state) && !gone; asks += 1) {
      if (asks === SLOW_AFTER_ASKS) note.value = 'slow';
      if (asks > most) return;
      await pause(wait);
      wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
      award.value = await ports.look();
    }
    if (note.value === 'slow') note.value = null;
  }

  /** What a scan told is as old as the scan, and whoever agreed once is paid without a tap: one look whether that has begun. */
  async function glance(): Promise<void> {
    await pause(GLANCE_AFTER_MS);
    if (gone || waiting.value !== 'none') return;
    const now = await ports.look().catch(() => null);
    if (now === null || waiting.value !== 'none' || now.state === award.value.state) return;
    award.value = now;
    if (onTheWay()) void look();
  }

  const onTheWay = () => ['preparing', 'confirm', 'processing'].includes(award.value.state);
  const comeBack = () => {
    if (document.visibilityState === 'visible' && onTheWay()) void look();
  };
  onMounted(() => {
    document.addEventListener('visibilitychange', comeBack);
    // Ready before the tap, so that the tap itself waits for nothing but money. A failure is met again at the tap.
    if (award.value.state !== 'settled') configureWechat().catch(() => undefined);
    if (onTheWay()) void look();
    else if (award.value.state === 'ready' && award.value.confirm === undefined) void glance();
  });
  onUnmounted(() => {
    gone = true;
    document.removeEventListener('visibilitychange', comeBack);
  });

  return { money: award, waiting, note, receive, look, stopWaiting: () => stopWaiting() };
}
