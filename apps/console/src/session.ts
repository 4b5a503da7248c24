import { computed, ref } from 'vue';
import { answer, client, type Schemas } from './api';
import type { ConsolePage, ConsoleRoute } from './page';

export type Operator = Schemas['OperatorDto'];

const operator = ref<Operator | null>(null);
const mustEnrol = ref(false);
const allowed = ref<ReadonlySet<string>>(new Set());
let asked: Promise<void> | null = null;

function take({ operator: me, may, mustEnrol: enrol }: Schemas['OperatorAnswerDto']): void {
  operator.value = me;
  mustEnrol.value = enrol;
  allowed.value = new Set(may);
}

/** Who sits here and what the server lets them ask. `load` asks once; afterwards signing in and out keep it true. */
export const session = {
  operator,
  /** Must bind a phone before the server answers anything else. */
  mustEnrol,
  /** Only the own account is open: a phone is to be bound, or nobody has agreed to a role yet. */
  confined: computed(() => operator.value !== null && (mustEnrol.value || operator.value.roles.length === 0)),
  isHeadquarters: computed(() => operator.value !== null && operator.value.distributorId === null),
  /** Shows or hides; the server refuses by the same table whatever is shown. */
  may: (route: ConsoleRoute): boolean => allowed.value.has(route),
  hasPage: (page: ConsolePage | undefined): boolean => page?.needs === undefined || allowed.value.has(page.needs),
  load(): Promise<void> {
    asked ??= answer(client.GET('/v1/console/me')).then(take, () => void (operator.value = null));
    return asked;
  },
  /** Throws NoAnswer `code_needed` when the account wants a code from the phone as well. */
  async signIn(login: string, password: string, code?: string): Promise<void> {
    take(await answer(client.POST('/v1/console/login', { body: { login, password, ...(code && { code }) } })));
  },
  /** After something changed who sits here: a phone was bound, a role was granted. */
  async refresh(): Promise<void> {
    take(await answer(client.GET('/v1/console/me')));
  },
  async signOut(): Promise<void> {
    await answer(client.POST('/v1/console/logout')).catch(() => undefined);
    session.forget();
  },
  forget(): void {
    operator.value = null;
    mustEnrol.value = false;
    allowed.value = new Set();
  },
};
