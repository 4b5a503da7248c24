import './shell/phone'; // First: keeps the address the page was entered by.
import 'vant/es/style/base.css';
import 'vant/es/loading/index.css';
import 'vant/es/button/index.css';
import '@app/brand';
import './shell/base.css';
import { createApp } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import App from './shell/app.vue';
import { routes } from './shell/routes';

const router = createRouter({
  history: createWebHistory('/'),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.afterEach((to) => {
  document.title = String(to.meta['title'] ?? '查真伪');
  // Clean address: what messengers and sign-in append says nothing to us and must not travel on.
  if (to.path !== '/h5/sorry' && (location.search !== '' || location.hash !== '')) {
    history.replaceState(history.state, '', to.path);
  }
});

createApp(App).use(router).mount('#app');
