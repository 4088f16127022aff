"""Our scripts and stylesheets as they are served: without comments and indentation."""

import re

# A comment that begins its line: a quarter of what the browser would load. The line itself stays, so that an error
# names the line of the source.
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/[ \t]*$)", re.MULTILINE | re.DOTALL)
# None of our texts in code goes over several lines.
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def as_served(source: str) -> str:
    """Our script or stylesheet as it is served."""
    return INDENTATION.sub("", COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source))
