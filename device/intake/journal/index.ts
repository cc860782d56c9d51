export { type Journal, type JournalOptions, openJournal } from './journal.ts';
export { type JournalFile, type JournalFolder, openJournalFolder } from './journal-folder.ts';
export type { JournalRecord, MessageRecord } from './record.ts';
export type { Recovered } from './recover.ts';
