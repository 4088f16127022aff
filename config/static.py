"""Static files with a hash in their name, also inside imports of our JavaScript modules."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from servestatic.storage import CompressedManifestStaticFilesStorage

from host import files

# `import { a, b } from "./other.js";` or `import "./other.js";`. Only ours: packages ship modules with imports that are
# missing.
IMPORTS = (
    r"""(?P<matched>(?P<names>import (?:\{[^}]*\} from )?)"(?P<url>\.\.?/[\w./-]+)";)""",
    '%(names)s"%(url)s";',
)

# `await import("./other.js")`: loaded on demand.
LATER = (r"""(?P<matched>import\("(?P<url>\.\.?/[\w./-]+)"\))""", 'import("%(url)s")')


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports too, because files without a hash are not stored and could not be cached."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORTS, LATER)))

    def post_process(self, *args: Any, **options: Any) -> Iterator[Any]:
        yield from super().post_process(*args, **options)
        if settings.IS_BUILD_PUBLIC:
            files.open_to_all(settings.BUILD_DIR)
