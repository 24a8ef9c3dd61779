// What the compiler does not find in the page's JavaScript.
import js from '@eslint/js';

const browser = [
  'addEventListener', 'clearInterval', 'clearTimeout', 'CSS', 'document', 'EventSource', 'fetch', 'history', 'innerHeight',
  'innerWidth', 'localStorage', 'location', 'matchMedia', 'navigator', 'queueMicrotask', 'removeEventListener',
  'ResizeObserver', 'setInterval', 'setTimeout', 'URL', 'URLSearchParams', 'window',
];

export default [
  js.configs.recommended,
  {
    languageOptions: { globals: Object.fromEntries(browser.map((name) => [name, 'readonly'])) },
    rules: {
      'array-callback-return': 'error',
      'consistent-return': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-promise-executor-return': 'error',
      'no-shadow': 'error',
      'no-template-curly-in-string': 'error',
      'no-unused-expressions': 'error',
      'no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-var': 'error',
      'prefer-const': 'error',
      'require-await': 'error',
    },
  },
];
