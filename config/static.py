"""Static files under names that carry their hash, inside our JavaScript modules too."""

from servestatic.storage import CompressedManifestStaticFilesStorage

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
