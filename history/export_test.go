package history

// NewJournalForTest lets tests choose a file that fails.
var NewJournalForTest = newJournal
