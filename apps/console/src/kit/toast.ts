import { ElMessage } from 'element-plus/es/components/message/index.mjs';
import 'element-plus/theme-chalk/el-message.css';
import { whyNot } from '../api';

const SHOWN_MS = 3_000;

/** A short notice at the top of the page, gone by itself. For what was done; what went wrong in a form belongs beside its field. */
export const toast = {
  done(message: string): void {
    ElMessage({ type: 'success', message, duration: SHOWN_MS, grouping: true });
  },
  note(message: string): void {
    ElMessage({ type: 'info', message, duration: SHOWN_MS, grouping: true });
  },
  /** The server's own words where it gave some. */
  trouble(error: unknown, otherwise = '这一步没有做成，请再试一次'): void {
    const message = whyNot(error, otherwise);
    ElMessage({ type: 'error', message, duration: 2 * SHOWN_MS, grouping: true });
  },
};
