import { computed, ref } from 'vue';
import { answer, client, type Schemas } from './api';
import type { ConsolePage, ConsoleRoute } from './page';

export type Operator = Schemas['OperatorDto'];

const operator = ref<Operator | null>(null);
const allowed = ref<ReadonlySet<string>>(new Set());
let asked: Promise<void> | null = null;

function take({ operator: me, may }: Schemas['OperatorAnswerDto']): void {
  operator.value = me;
  allowed.value = new Set(may);
}

/** Who sits here and what the server lets them ask. `load` asks once; afterwards signing in and out keep it true. */
export const session = {
  operator,
  isHeadquarters: computed(() => operator.value !== null && operator.value.distributorId === null),
  /** Shows or hides; the server refuses by the same table whatever is shown. */
  may: (route: ConsoleRoute): boolean => allowed.value.has(route),
  hasPage: (page: ConsolePage | undefined): boolean => page?.needs === undefined || allowed.value.has(page.needs),
  load(): Promise<void> {
    asked ??= answer(client.GET('/v1/console/me')).then(take, () => void (operator.value = null));
    return asked;
  },
  async signIn(login: string, password: string): Promise<void> {
    take(await answer(client.POST('/v1/console/login', { body: { login, password } })));
  },
  async signOut(): Promise<void> {
    await answer(client.POST('/v1/console/logout')).catch(() => undefined);
    session.forget();
  },
  forget(): void {
    operator.value = null;
    allowed.value = new Set();
  },
};
