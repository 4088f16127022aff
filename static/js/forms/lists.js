// Forms with text that is shown as Markdown.

import { continueLists } from "../lists.js";

continueLists();
