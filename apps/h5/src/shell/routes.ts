import type { RouteRecordRaw } from 'vue-router';
import { readCodeText } from '../scan/code-text';
import ScanPage from '../scan/scan-page.vue';

const scan = (text: unknown) => ({ code: readCodeText(String(text)) ?? String(text) });

/** A bottle's own address (short or GS1 Digital Link) is the first page; the others come when they are asked for. */
export const routes: RouteRecordRaw[] = [
  { path: '/h5/wallet', component: () => import('../awards/wallet-page.vue'), meta: { title: '我的钱包' } },
  { path: '/h5/me', component: () => import('../member/me-page.vue'), meta: { title: '我的' } },
  {
    path: '/h5/awards/:awardId',
    component: () => import('../awards/award-page.vue'),
    props: true,
    meta: { title: '我的奖励' },
  },
  {
    path: '/h5/awards/:awardId/stores',
    component: () => import('../store/nearby-page.vue'),
    props: true,
    meta: { title: '附近可兑门店' },
  },
  { path: '/h5/stores', component: () => import('../store/nearby-page.vue'), meta: { title: '附近可兑门店' } },
  { path: '/h5/store', component: () => import('../store/desk-page.vue'), meta: { title: '门店兑付' } },
  {
    path: '/h5/store/settlement',
    component: () => import('../store/settlement-page.vue'),
    meta: { title: '兑付对账' },
  },
  {
    path: '/h5/store/bind/:token',
    component: () => import('../store/bind-page.vue'),
    props: true,
    meta: { title: '绑定门店' },
  },
  { path: '/h5/complain', component: () => import('../complaint/complain-page.vue'), meta: { title: '遇到问题' } },
  { path: '/h5/complaints', component: () => import('../complaint/complaints-page.vue'), meta: { title: '我的反馈' } },
  {
    path: '/h5/preview',
    component: () => import('../preview/preview-page.vue'),
    meta: { title: '预览', anywhere: true },
  },
  {
    path: '/h5/campaigns/:id(\\d+)/notice',
    component: () => import('../notice/notice-page.vue'),
    props: (route) => ({ id: Number(route.params['id']) }),
    meta: { title: '规则公示', anywhere: true },
  },
  {
    path: '/h5/campaigns/:id(\\d+)/proof',
    component: () => import('../notice/proof-page.vue'),
    props: (route) => ({ id: Number(route.params['id']) }),
    meta: { title: '公平性验证', anywhere: true },
  },
  { path: '/h5/code', component: () => import('../scan/type-code-page.vue'), meta: { title: '输入码' } },
  { path: '/h5/tier', component: () => import('../member/tier-page.vue'), meta: { title: '会员等级' } },
  { path: '/h5/scans', component: () => import('../member/scans-page.vue'), meta: { title: '扫码记录' } },
  { path: '/h5/phone', component: () => import('../member/phone-page.vue'), meta: { title: '手机号' } },
  { path: '/h5/privacy', component: () => import('../member/privacy-page.vue'), meta: { title: '隐私与数据' } },
  { path: '/h5/privacy/data', component: () => import('../member/data-page.vue'), meta: { title: '我的数据' } },
  { path: '/h5/privacy/erase', component: () => import('../member/erase-page.vue'), meta: { title: '注销会员' } },
  { path: '/h5/help', component: () => import('../help/help-page.vue'), meta: { title: '帮助' } },
  { path: '/h5/sorry', component: () => import('./sorry-page.vue'), meta: { title: '提示' } },
  {
    path: '/01/:gtin(\\d+)/10/:lot/21/:code',
    component: ScanPage,
    props: (route) => scan(route.params['code']),
    meta: { title: '查真伪' },
  },
  {
    path: '/01/:gtin(\\d+)/21/:code',
    component: ScanPage,
    props: (route) => scan(route.params['code']),
    meta: { title: '查真伪' },
  },
  {
    path: '/:code([0-9A-Za-z-]{10,24})',
    component: ScanPage,
    props: (route) => scan(route.params['code']),
    meta: { title: '查真伪' },
  },
  { path: '/:rest(.*)*', component: () => import('./sorry-page.vue'), meta: { title: '提示' } },
];
