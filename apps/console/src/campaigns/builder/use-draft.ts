import { computed, onUnmounted, reactive, ref, shallowRef, watch } from 'vue';
import { answer, client, NoAnswer, whyNot, type Schemas } from '../../api';
import { session } from '../../session';
import type { Field } from '../conditions/field-values';
import type { CampaignDocument } from '../model/document';
import { inWords, type Finding } from '../model/findings';
import { fromDraft, plain, toDraft, type CampaignForm } from '../model/form';
import { keptDraft } from './kept-draft';

const CHECK_AFTER_MS = 500;
const SAVE_AFTER_MS = 1_500;

/** `faulty`: the server would not keep it, so this browser does; `conflict`: somebody else saved meanwhile. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'faulty' | 'conflict' | 'trouble';

/** One campaign in the builder: its form, what the check says while one types, and its saving. */
export function useDraft(campaignId: number) {
  const detail = shallowRef<Schemas['CampaignDetailDto'] | null>(null);
  const fields = shallowRef<readonly Field[]>([]);
  const form = shallowRef<CampaignForm | null>(null);
  const findings = shallowRef<readonly Finding[]>([]);
  const outlook = shallowRef<Schemas['OutlookDto'] | null>(null);
  /** As the server makes it of what is written. */
  const look = shallowRef<Schemas['CampaignLookDto'] | null>(null);
  const checking = ref(false);
  const state = ref<SaveState>('saved');
  const savedAt = ref<string | null>(null);
  const trouble = ref<string | null>(null);
  /** What this browser kept of an earlier visit that never reached the server. */
  const leftover = shallowRef<{ at: string; document: CampaignDocument } | null>(null);

  let base: string | null = null;
  let kept = '';
  /** The very text of which the check said that it cannot be kept. */
  let refused = '';
  let checkTimer: ReturnType<typeof setTimeout> | undefined;
  let saveTimer: ReturnType<typeof setTimeout> | undefined;
  let checkTurn = 0;
  let stopWatching: () => void = () => undefined;

  const path = { params: { path: { id: campaignId } } };
  const written = (): string => (form.value ? JSON.stringify(toDraft(form.value)) : '');
  const dirty = (): boolean => written() !== kept;

  function open(document: CampaignDocument): void {
    stopWatching();
    form.value = reactive(fromDraft(document));
    stopWatching = watch(form.value, changed, { deep: true });
    void check();
  }

  async function load(): Promise<void> {
    trouble.value = null;
    try {
      const [told, registry] = await Promise.all([
        answer(client.GET('/v1/console/campaigns/{id}', path)),
        answer(client.GET('/v1/console/campaign-fields')),
      ]);
      fields.value = registry.fields;
      take(told);
      const earlier = keptDraft.read(campaignId);
      leftover.value = earlier && JSON.stringify(earlier.document) !== kept ? earlier : null;
    } catch (error) {
      trouble.value = whyNot(error, '活动没有加载出来');
    }
  }

  function take(told: Schemas['CampaignDetailDto']): void {
    detail.value = told;
    look.value = told.look;
    const document = (told.draft ?? told.inForce?.content) as unknown as CampaignDocument;
    base = told.draftHash;
    state.value = 'saved';
    open(document);
    kept = written();
  }

  function changed(): void {
    clearTimeout(checkTimer);
    clearTimeout(saveTimer);
    if (!dirty()) {
      // Taken back to what is kept: there is nothing to save, and what the check said is old.
      if (state.value !== 'saving') state.value = 'saved';
      keptDraft.drop(campaignId);
      checkTimer = setTimeout(() => void check(), CHECK_AFTER_MS);
      return;
    }
    if (state.value !== 'conflict') state.value = 'waiting';
    checkTimer = setTimeout(() => void check(), CHECK_AFTER_MS);
    saveTimer = setTimeout(() => void save(), SAVE_AFTER_MS);
  }

  async function check(): Promise<void> {
    // Whoever only reads hears what the check says when they approve.
    if (!form.value || !session.may('POST /v1/console/campaigns:check')) return;
    const mine = ++checkTurn;
    checking.value = true;
    const content = toDraft(form.value) as unknown as Record<string, unknown>;
    try {
      const told = await answer(client.POST('/v1/console/campaigns:check', { body: { content, campaignId } }));
      if (mine !== checkTurn) return;
      findings.value = inWords(told.findings, content);
      // A document without an outlook is one that the server would not keep.
      refused = told.outlook === null ? JSON.stringify(content) : '';
      outlook.value = told.outlook;
      look.value = told.look;
    } catch {
      // The findings that are there stay; the next change asks again.
    }
    if (mine === checkTurn) checking.value = false;
  }

  /** Keeps what is written now. `over` = in place of what somebody else saved meanwhile. */
  async function save(over = false): Promise<boolean> {
    clearTimeout(saveTimer);
    if (!form.value || !dirty()) return state.value === 'saved';
    if (state.value === 'conflict' && !over) return false;
    const document = plain(toDraft(form.value));
    const text = JSON.stringify(document);
    keptDraft.write(campaignId, document);
    if (text === refused) {
      state.value = 'faulty';
      return false;
    }
    state.value = 'saving';
    try {
      const content = document as unknown as Record<string, unknown>;
      const body = over ? { content } : { content, base };
      const told = await answer(client.PUT('/v1/console/campaigns/{id}/draft', { ...path, body }));
      base = told.contentHash;
      kept = text;
      keptDraft.drop(campaignId);
      savedAt.value = new Date().toISOString();
      state.value = dirty() ? 'waiting' : 'saved';
      if (dirty()) saveTimer = setTimeout(() => void save(), SAVE_AFTER_MS);
      return !dirty();
    } catch (error) {
      state.value = stateAfter(error);
      trouble.value = error instanceof NoAnswer && state.value === 'trouble' ? error.message : null;
      return false;
    }
  }

  function stateAfter(error: unknown): SaveState {
    if (!(error instanceof NoAnswer)) return 'trouble';
    if (error.code === 'draft_changed') return 'conflict';
    if (error.code !== 'campaign_invalid') return 'trouble';
    if (Array.isArray(error.details) && form.value) {
      findings.value = inWords(error.details as Finding[], toDraft(form.value));
    }
    return 'faulty';
  }

  function takeLeftover(): void {
    if (leftover.value) open(leftover.value.document);
    leftover.value = null;
    changed();
  }

  function dropLeftover(): void {
    keptDraft.drop(campaignId);
    leftover.value = null;
  }

  onUnmounted(() => {
    clearTimeout(checkTimer);
    stopWatching();
    // Leaving the page saves at once what was typed in the last second.
    if (state.value === 'waiting') void save();
    else clearTimeout(saveTimer);
  });

  return {
    ...{ detail, fields, form, findings, outlook, look, checking, state, savedAt, trouble, leftover },
    ...{ load, save, check, takeLeftover, dropLeftover },
    errors: computed(() => findings.value.filter(({ severity }) => severity === 'error')),
  };
}

export type Draft = ReturnType<typeof useDraft>;
