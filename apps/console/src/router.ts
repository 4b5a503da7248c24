import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { onSignedOut } from './api';
import { session } from './session';

/** `hq`: only headquarters have this page; the server refuses its data to others as well. */
declare module 'vue-router' {
  interface RouteMeta {
    title?: string;
    hq?: true;
    anybody?: true;
  }
}

const pages: RouteRecordRaw[] = [
  { path: '', name: 'overview', meta: { title: '总览' }, component: () => import('./overview/overview-page.vue') },
  { path: 'scans', meta: { title: '扫码记录', hq: true }, component: () => import('./scans/scans-page.vue') },
  { path: 'products', meta: { title: '产品', hq: true }, component: () => import('./products/products-page.vue') },
  { path: 'batches', meta: { title: '码批次', hq: true }, component: () => import('./batches/batches-page.vue') },
  { path: 'campaigns', meta: { title: '活动', hq: true }, component: () => import('./campaigns/campaigns-page.vue') },
  { path: 'members', meta: { title: '会员', hq: true }, component: () => import('./members/members-page.vue') },
  { path: 'budgets', meta: { title: '预算', hq: true }, component: () => import('./finance/budgets-page.vue') },
  { path: 'payouts', meta: { title: '发放', hq: true }, component: () => import('./finance/payouts-page.vue') },
  {
    path: 'distributors',
    meta: { title: '经销商' },
    component: () => import('./channel/distributors-page.vue'),
  },
  { path: 'stores', meta: { title: '终端门店' }, component: () => import('./channel/stores-page.vue') },
];

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [
    { path: '/sign-in', meta: { title: '登录', anybody: true }, component: () => import('./sign-in/sign-in-page.vue') },
    { path: '/', component: () => import('./shell/console-shell.vue'), children: pages },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  if (to.meta.anybody) return true;
  await session.load();
  if (session.operator.value === null) return { path: '/sign-in', query: { back: to.fullPath } };
  return to.meta.hq && !session.isHeadquarters.value ? { path: '/' } : true;
});

router.afterEach((to) => {
  document.title = `${to.meta.title ?? '控制台'} · 一码`;
});

onSignedOut(() => {
  session.forget();
  const { fullPath, meta } = router.currentRoute.value;
  if (!meta.anybody) void router.push({ path: '/sign-in', query: { back: fullPath } });
});
