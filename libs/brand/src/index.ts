/** The look of both web apps: importing it brings the tokens. */
import './tokens.css';

export { default as BrandMark } from './brand-mark.vue';
