import { ask } from '../shell/api';

export type ComplaintKind = 'prize' | 'money' | 'product' | 'code' | 'other';
export type ComplaintState = 'open' | 'answered' | 'closed';

export interface Complaint {
  id: number;
  kind: ComplaintKind;
  state: ComplaintState;
  /** How many photos came with it. */
  photos: number;
  openedAt: string;
  messages: { mine: boolean; text: string; at: string }[];
}

export const KINDS: readonly { kind: ComplaintKind; words: string }[] = [
  { kind: 'money', words: '红包没到账' },
  { kind: 'prize', words: '奖品' },
  { kind: 'code', words: '扫码、真伪' },
  { kind: 'product', words: '产品本身' },
  { kind: 'other', words: '别的事' },
];

export const STATES: Readonly<Record<ComplaintState, string>> = {
  open: '等我们回复',
  answered: '已回复',
  closed: '已办结',
};

export const MOST_PHOTOS = 3;

/** Every call may be repeated: a complaint by its `requestId`, words and photos because the same ones again add nothing. */
export const complaintApi = {
  open: (body: { requestId: string; kind: ComplaintKind; text: string; scanId?: string }) =>
    ask<{ id: number }>({ method: 'POST', path: '/v1/h5/complaints', body }),
  addPhoto: (id: number, photo: Blob) =>
    ask<Record<string, never>>({ method: 'POST', path: `/v1/h5/complaints/${id}/photos`, photo }),
  write: (id: number, text: string) =>
    ask<Record<string, never>>({ method: 'POST', path: `/v1/h5/complaints/${id}/messages`, body: { text } }),
  list: (cursor: string | null) =>
    ask<{ items: Complaint[]; nextCursor: string | null }>({
      method: 'GET',
      path: `/v1/h5/complaints?limit=10${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    }),
};

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

/** A photo small enough to send on a phone's network: at most 1600 pixels wide or high, JPEG. Null for what is no picture. */
export async function smallPhoto(file: File): Promise<Blob | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return null;
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * shrink));
  canvas.height = Math.max(1, Math.round(picture.height * shrink));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}
