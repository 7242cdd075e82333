import { storeContract } from '../contract/store.ts';
import { MEMORY, openFile, openUrl } from './open.ts';

storeContract('SQLite in memory', () => openUrl(MEMORY));
storeContract('SQLite in a file', () => openFile());
