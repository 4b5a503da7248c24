import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { onSignedOut } from './api';
import type { ConsolePage } from './page';
import { ALL_PAGES } from './rooms';
import { session } from './session';

declare module 'vue-router' {
  interface RouteMeta {
    title?: string;
    page?: ConsolePage;
    anybody?: true;
  }
}

const asRoute = (page: ConsolePage): RouteRecordRaw => ({
  path: page.bare ? `/${page.path}` : page.path,
  meta: { title: page.title, page },
  component: page.show as () => Promise<never>,
});
const framed = ALL_PAGES.filter(({ bare }) => !bare).map(asRoute);

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [
    { path: '/sign-in', meta: { title: '登录', anybody: true }, component: () => import('./sign-in/sign-in-page.vue') },
    { path: '/join', meta: { title: '设置密码', anybody: true }, component: () => import('./sign-in/join-page.vue') },
    ...ALL_PAGES.filter(({ bare }) => bare).map(asRoute),
    { path: '/', component: () => import('./shell/console-shell.vue'), children: framed },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

async function preload(component: unknown): Promise<void> {
  // What fails here fails again, and is told, when the page is shown.
  if (typeof component === 'function') await Promise.resolve((component as () => unknown)()).catch(() => undefined);
}

router.beforeEach(async (to) => {
  if (to.meta.anybody) return true;
  // The code of the page is under way while the server says who sits here.
  for (const { components } of to.matched) void preload(components?.default);
  await session.load();
  if (session.operator.value === null) return { path: '/sign-in', query: { back: to.fullPath } };
  if (session.confined.value) return to.path === '/account' ? true : { path: '/account' };
  return session.hasPage(to.meta.page) ? true : { path: '/' };
});

router.afterEach((to) => {
  document.title = `${to.meta.title ?? '控制台'} · 一码`;
});

onSignedOut(() => {
  session.forget();
  const { fullPath, meta } = router.currentRoute.value;
  if (!meta.anybody) void router.push({ path: '/sign-in', query: { back: fullPath } });
});
