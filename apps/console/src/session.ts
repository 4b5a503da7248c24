import { computed, ref } from 'vue';
import { answer, client, type Schemas } from './api';

export type Operator = Schemas['OperatorDto'];

const operator = ref<Operator | null>(null);
let asked: Promise<void> | null = null;

/** Who sits here. `load` asks once; afterwards signing in and out keep it true. */
export const session = {
  operator,
  isHeadquarters: computed(() => operator.value !== null && operator.value.role !== 'distributor'),
  load(): Promise<void> {
    asked ??= answer(client.GET('/v1/console/me')).then(
      ({ operator: me }) => void (operator.value = me),
      () => void (operator.value = null),
    );
    return asked;
  },
  async signIn(login: string, password: string): Promise<void> {
    const { operator: me } = await answer(client.POST('/v1/console/login', { body: { login, password } }));
    operator.value = me;
  },
  async signOut(): Promise<void> {
    await answer(client.POST('/v1/console/logout')).catch(() => undefined);
    operator.value = null;
  },
  forget(): void {
    operator.value = null;
  },
};
