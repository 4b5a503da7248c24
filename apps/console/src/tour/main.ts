import '@app/brand';
import 'element-plus/theme-chalk/base.css';
import '../base.css';
import { createApp } from 'vue';
import TourPage from './tour-page.vue';

createApp(TourPage).mount('#app');
