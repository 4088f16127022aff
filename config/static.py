"""Static files under names that carry their hash, inside our JavaScript modules too."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from servestatic.storage import CompressedManifestStaticFilesStorage

from host import files

# `import { a, b } from "./other.js";` Only ours: packages bring modules that import what they do not bring.
IMPORTS = (
    r"""(?P<matched>(?P<names>import \{[^}]*\} from )"(?P<url>\.\.?/[\w./-]+)";)""",
    '%(names)s"%(url)s";',
)

# `await import("./other.js")`: what is loaded only when it is needed.
LATER = (r"""(?P<matched>import\("(?P<url>\.\.?/[\w./-]+)"\))""", 'import("%(url)s")')


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports as well: the plain names are not kept, nor could they be cached for good."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORTS, LATER)))

    def post_process(self, *args: Any, **options: Any) -> Iterator[Any]:
        yield from super().post_process(*args, **options)
        if settings.IS_BUILD_PUBLIC:
            files.open_to_all(settings.BUILD_DIR)
