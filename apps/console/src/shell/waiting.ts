import { ref } from 'vue';
import { answer, client } from '../api';
import { session } from '../session';

const LOOK_AGAIN_MS = 60_000;
const forMe = ref(0);
let timer: ReturnType<typeof setInterval> | null = null;

/** How much waits for the decision of whoever sits here: the number beside 待审批. Looked at again every minute, and after each decision. */
export const waiting = {
  forMe,
  async look(): Promise<void> {
    if (!session.may('GET /v1/console/approvals') || session.confined.value) return;
    const told = await answer(client.GET('/v1/console/approvals')).catch(() => null);
    if (told) forMe.value = told.forMe;
  },
  start(): void {
    waiting.stop();
    void waiting.look();
    timer = setInterval(() => void waiting.look(), LOOK_AGAIN_MS);
  },
  stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
    forMe.value = 0;
  },
};
