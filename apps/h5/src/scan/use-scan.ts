import { onMounted, onUnmounted, ref, shallowRef } from 'vue';
import { api, NoAnswer } from '../shell/api';
import { boot } from '../shell/boot';
import { readCodeText } from './code-text';
import { currentAttempt, markAnswered, newAttempt, requestOf } from './scan-attempt';
import { askLocation, loadWechatScript } from '../shell/wechat';
import type { AwardView, ScanAnswer } from '../shell/wire';

export type Trouble = 'offline' | 'slow' | 'busy' | 'too_fast' | 'malformed';

export type ScanState =
  | { kind: 'asking'; slow: boolean }
  | { kind: 'answered'; answer: ScanAnswer; award: AwardView | null }
  | { kind: 'trouble'; trouble: Trouble; retryAfterSeconds: number | null };

const SLOW_AFTER_MS = 4000;

/** The one scan of this page: asked on entry with the attempt this code already has, repeated with the same scanId. */
export function useScan(code: string) {
  const state = shallowRef<ScanState>({ kind: 'asking', slow: false });
  const locating = ref(false);
  const locationNote = ref<'refused' | 'unavailable' | null>(null);
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    state.value = { kind: 'asking', slow: false };
    const timer = setTimeout(() => (state.value = { kind: 'asking', slow: true }), SLOW_AFTER_MS);
    try {
      state.value = await ask(code);
    } catch (error) {
      if (error instanceof NoAnswer && error.kind === 'leaving') return;
      state.value = troubleOf(error);
    } finally {
      clearTimeout(timer);
      running = false;
    }
  }

  async function retryWithLocation(): Promise<void> {
    if (running || locating.value) return;
    locating.value = true;
    locationNote.value = null;
    const place = await askLocation();
    locating.value = false;
    if (place.kind !== 'here') {
      locationNote.value = place.kind;
      return;
    }
    newAttempt(code, { location: place.location });
    await run();
  }

  async function retryWithoutLocation(): Promise<void> {
    if (running) return;
    newAttempt(code, { withoutLocation: true });
    await run();
  }

  /** A deliberate new try after waiting: what was refused for a curable reason may be granted now. */
  async function scanAgain(): Promise<void> {
    if (running) return;
    newAttempt(code, {});
    await run();
  }

  const backOnline = () => {
    if (state.value.kind === 'trouble' && state.value.trouble === 'offline') void run();
  };
  onMounted(() => {
    window.addEventListener('online', backOnline);
    void run();
  });
  onUnmounted(() => window.removeEventListener('online', backOnline));

  return { state, locating, locationNote, retry: run, retryWithLocation, retryWithoutLocation, scanAgain };
}

async function ask(code: string): Promise<ScanState> {
  if (readCodeText(code) === null) return { kind: 'trouble', trouble: 'malformed', retryAfterSeconds: null };
  const { profile } = await boot();
  const script = loadWechatScript();
  // On one machine WeChat's stand-in also plays the mobile network and must be there before the scan goes out.
  if (profile === 'production') script.catch(() => undefined);
  else await script.catch(() => undefined);

  const attempt = currentAttempt(code);
  const answer = await api.scan(requestOf(code, attempt));
  markAnswered(code, attempt);
  // The answer to a repeated scanId is the first one, word for word: ask the award itself where it is now.
  const { reward } = answer;
  const award = attempt.answered && reward !== null && reward.kind !== 'nothing' ? await newest(reward.awardId) : null;
  return { kind: 'answered', answer, award };
}

/** Without it the answer still stands: the award is asked again before money moves. */
function newest(awardId: string): Promise<AwardView | null> {
  return api.award(awardId).catch((error: unknown) => {
    if (error instanceof NoAnswer && error.kind !== 'leaving') return null;
    throw error;
  });
}

function troubleOf(error: unknown): ScanState {
  const trouble = (kind: Trouble, retryAfterSeconds: number | null = null): ScanState => ({
    kind: 'trouble',
    trouble: kind,
    retryAfterSeconds,
  });
  if (!(error instanceof NoAnswer)) throw error;
  if (error.kind === 'offline') return trouble('offline');
  if (error.kind === 'slow') return trouble('slow');
  if (error.kind === 'too_fast') return trouble('too_fast', error.retryAfterSeconds);
  if (error.code === 'malformed_code') return trouble('malformed');
  return trouble('busy');
}
