"""Reports of results for other programs and for people: JUnit, Markdown, HTML. No I/O here."""
