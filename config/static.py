"""Static files with a hash in their name, also inside imports of our JavaScript modules. Comments and
indentation are not served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

from host import files
from host.scripts import as_served

# `import { a, b } from "./other.js";` or `import "./other.js";`. Only ours: packages ship modules with imports that are
# missing.
IMPORTS = (
    r"""(?P<matched>(?P<names>import (?:\{[^}]*\} from )?)"(?P<url>\.\.?/[\w./-]+)";)""",
    '%(names)s"%(url)s";',
)

# `await import("./other.js")`: loaded on demand.
LATER = (r"""(?P<matched>import\("(?P<url>\.\.?/[\w./-]+)"\))""", 'import("%(url)s")')


class _AsServed:
    """The files of a storage, read without comments and indentation."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def open(self, name: str) -> ContentFile[bytes]:
        with self.storage.open(name) as file:
            return ContentFile(as_served(file.read().decode()).encode(), name=name)


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports too, because files without a hash are not stored and could not be cached."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORTS, LATER)))

    def post_process(self, paths: dict[str, tuple[Any, str]], *args: Any, **options: Any) -> Iterator[Any]:
        ours = {name for name in paths if re.fullmatch(r"js/.*\.js|css/.*\.css", name)}
        read = {name: (_AsServed(storage), path) for name, (storage, path) in paths.items() if name in ours}
        yield from super().post_process(paths | read, *args, **options)
        if settings.IS_BUILD_PUBLIC:
            files.open_to_all(settings.BUILD_DIR)
