// The door of `make bench`: lets Node read the TypeScript beside it, then hands over to main.ts.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
