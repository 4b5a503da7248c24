import { createApp } from 'vue';
import ConfirmDialog from './confirm-dialog.vue';
import type { Question } from './question';

/** Asks, waits, and answers with the reason; null when somebody thought better of it. */
export function ask(question: Question): Promise<{ readonly reason: string } | null> {
  return new Promise((resolve) => {
    const host = document.body.appendChild(document.createElement('div'));
    const app = createApp(ConfirmDialog, {
      question,
      onDone: resolve,
      onGone: () => {
        app.unmount();
        host.remove();
      },
    });
    app.mount(host);
  });
}
