import { onMounted, onUnmounted, ref, type Ref } from 'vue';

/** Whether the page fills the screen, and the way in and out. A browser may refuse; then nothing happens. */
export function useFullScreen(): { readonly full: Ref<boolean>; toggle(): Promise<void> } {
  const full = ref(false);
  const see = (): void => void (full.value = document.fullscreenElement !== null);
  onMounted(() => document.addEventListener('fullscreenchange', see));
  onUnmounted(() => document.removeEventListener('fullscreenchange', see));
  return {
    full,
    async toggle() {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen().catch(() => undefined);
    },
  };
}
