"""Lists of the projects as they go out: name, heading and rows of each, for ``documents.sheets.answer``. What a reader
may see has been decided by the page that asks."""
