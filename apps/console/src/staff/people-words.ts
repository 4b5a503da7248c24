import type { Schemas } from '../api';

type Tone = 'good' | 'wait' | 'bad' | 'none';

/** How an account stands: the most urgent thing first. */
export function stateOf({ status, locked, asked, roles }: Schemas['AccountDto']): readonly [Tone, string] {
  if (status === 'disabled') return ['none', '已停用'];
  if (locked) return ['bad', '已锁定'];
  if (status === 'invited') return ['wait', '等待本人设置密码'];
  if (roles.length === 0) return ['wait', asked ? '等待审批角色' : '没有角色'];
  return asked ? ['wait', '有角色待审批'] : ['good', '使用中'];
}
