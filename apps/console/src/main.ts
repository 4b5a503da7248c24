import '@app/brand';
import 'element-plus/theme-chalk/base.css';
import './base.css';
import { createApp } from 'vue';
import App from './app.vue';
import { router } from './router';

createApp(App).use(router).mount('#app');
