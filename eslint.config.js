import tseslint from 'typescript-eslint';
export default tseslint.config({ ignores: ['**/__generated__/**'] });
