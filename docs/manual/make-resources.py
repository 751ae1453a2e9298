#!/usr/bin/env python3
"""Lists the manual's pages and pictures for glib-compile-resources, so that a page
that is written is a page that is shown. Usage: make-resources.py FOLDER OUTPUT DEPFILE"""
import sys
from pathlib import Path
from xml.sax.saxutils import escape

folder, output, depfile = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
files = sorted(folder.glob("*.md")) + sorted(folder.glob("pictures/*.png"))
lines = ['    <file>%s</file>' % escape(str(path.relative_to(folder))) for path in files]
output.write_text(
    '<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n  <gresource prefix="/io/github/dinoscope/Dinoscope/manual">\n'
    + "\n".join(lines)
    + "\n  </gresource>\n</gresources>\n"
)
# A folder changes when a file is added or taken away.
watched = [folder] + [path for path in [folder / "pictures"] if path.is_dir()]
depfile.write_text("%s: %s\n" % (output.name, " ".join(str(path).replace(" ", "\\ ") for path in watched)))
