from tests.pages.since import SINCE, since

SINCE.write_text(since(), "utf-8")
