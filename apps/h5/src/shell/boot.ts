import { ref } from 'vue';
import { api } from './api';
import type { Boot } from './wire';

let asked: Promise<Boot> | null = null;

/** The brand's name once known; shown in the header and on the seal. */
export const brandName = ref('');

/** What the page needs to know first; asked once, asked again only after a failure. */
export function boot(): Promise<Boot> {
  asked ??= api.boot().then(
    (answer) => {
      brandName.value = answer.brand.name;
      return answer;
    },
    (error: unknown) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}
