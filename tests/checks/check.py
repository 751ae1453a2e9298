#!/usr/bin/env python3
"""Checks of the repository itself, as TAP: style, who includes and links whom,
what core may call, sizes, texts. Usage: check.py SOURCE_ROOT BUILD_ROOT"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SOURCE = Path(sys.argv[1])
BUILD = Path(sys.argv[2])

# Which folders of src a folder may include from, besides itself.
MAY_INCLUDE = {
    "core": set(),
    "io": {"core"},
    # The readers' processes.
    "sandbox": {"core"},
    "dicom": {"core", "io", "sandbox"},
    "picture": {"core", "io", "sandbox"},
    "engine": {"core", "io"},
    "render": {"core", "io"},
    "cli": {"core", "io", "engine", "pipe", "render"},
    # Between processes: GLib alone.
    "pipe": set(),
    # Works by a process of its own.
    "viewer": {"pipe"},
    "eog": {"viewer"},
    "gthumb": {"viewer"},
    # Starts the window, and knows no more of it.
    "nautilus": set(),
    "app": {"core", "io", "engine", "render"},
    # Only what everybody's plug-ins have.
    "plugins": {"engine"},
}
# Headers by which a toolkit is recognised, and the folders that may use it.
TOOLKITS = {
    r"(glib|gio|gobject|gmodule|glib-object)[./]": {"engine", "pipe", "cli", "app", "plugins", "viewer", "eog", "gthumb", "nautilus"},
    r"(gtk|gdk)": {"app", "viewer", "eog", "gthumb", "nautilus"},
    r"(gsk|adwaita)": {"app"},
    r"(eog|libpeas)/": {"eog"},
    r"gth-": {"gthumb"},
    r"nautilus": {"nautilus"},
    r"(cairo|pango)": {"render", "app", "viewer", "eog"},
    r"curl/": {"cli"},
    r"archive(_entry)?\.h": {"cli"},
    r"(png|jpeglib)\.h": {"io"},
    r"(dcmtk/|openjpeg)": {"dicom"},
    r"seccomp": {"sandbox"},
    r"stdio\.h": {"core", "io", "dicom", "render", "engine", "cli", "app"},
}
# What a library inside somebody else's process must never call.
FORBIDDEN = re.compile(
    r"^(exit|_exit|quick_exit|abort|__assert_fail|assert|printf|__printf_chk|vprintf|__vprintf_chk|puts|putchar|"
    r"perror|system|fork|vfork|setlocale|setenv|putenv|signal|g_.*|gtk_.*|gdk_.*|adw_.*)$"
)
FORBIDDEN_TEXT = re.compile(r"(^|[^A-Za-z0-9_./])/(work|farm|root|home/[a-z]+)/")
MAX_LINES = 800


def sources(*suffixes):
    return sorted(
        path
        for folder in ("src", "tests", "bench")
        for path in (SOURCE / folder).rglob("*")
        if path.suffix in suffixes
    )


def tracked():
    """Files of the repository; without git, all that is not a build folder."""
    try:
        listing = subprocess.run(
            ["git", "-C", str(SOURCE), "ls-files", "-z"], capture_output=True, check=True
        ).stdout.decode()
        files = [SOURCE / name for name in listing.split("\0") if name]
        if files:
            return [path for path in files if path.is_file()]
    except (OSError, subprocess.CalledProcessError):
        pass
    return [
        path
        for path in SOURCE.rglob("*")
        if path.is_file() and not path.relative_to(SOURCE).parts[0].startswith(("build", "."))
    ]


class Skip(Exception):
    """The check cannot be made here; says why."""


def check_format():
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout if tool else "none"
    if " 14." not in version:
        raise Skip("clang-format 14 decides the style, found: " + version.strip())
    problems = []
    for path in sources(".c", ".h", ".cpp"):
        result = subprocess.run([tool, str(path)], capture_output=True)
        if result.stdout != path.read_bytes():
            problems.append("%s: differs from what clang-format makes of it" % path.relative_to(SOURCE))
    return problems


def check_includes():
    problems = []
    for path in sources(".c", ".h", ".cpp"):
        parts = path.relative_to(SOURCE).parts
        if parts[0] != "src":
            continue
        folder = parts[1]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not match:
                continue
            where = "%s:%d" % (path.relative_to(SOURCE), number)
            quoted, header = match.group(1) == '"', match.group(2)
            if quoted and "/" in header:
                other = header.split("/")[0]
                if other != folder and other in MAY_INCLUDE and other not in MAY_INCLUDE[folder]:
                    problems.append("%s: %s may not include from %s" % (where, folder, other))
            for pattern, allowed in TOOLKITS.items():
                if not quoted and re.match(pattern, header) and folder not in allowed:
                    problems.append("%s: %s may not use <%s>" % (where, folder, header))
    return problems


def undefined_symbols(archive):
    """Undefined symbols of the objects of a (thin) static library."""
    listing = subprocess.run(["nm", "-u", str(archive)], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in listing.splitlines() if line.startswith(" ")}


def check_symbols():
    problems = []
    archives = [BUILD / "src/core/libdino-core.a", BUILD / "src/io/libdino-io.a"]
    archives += sorted((BUILD / "src/core").glob("encoder/*.a"))
    for archive in archives:
        if not archive.exists():
            problems.append("%s is missing" % archive.name)
            continue
        for symbol in sorted(undefined_symbols(archive)):
            if FORBIDDEN.match(symbol):
                problems.append("%s calls %s" % (archive.name, symbol))
    return problems


def needed(binary):
    listing = subprocess.run(["readelf", "-d", str(binary)], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", listing)


def check_plugins():
    """Plug-ins use what is public of libdinoscope, and no private header."""
    problems = []
    for path in sorted((BUILD / "src/plugins").glob("*.so")):
        listing = subprocess.run(["nm", "-D", "-u", str(path)], capture_output=True, text=True, check=True).stdout
        problems += ["%s uses %s" % (path.name, line.split()[-1]) for line in listing.splitlines() if "@DINOSCOPE_PRIVATE" in line]
    for path in sorted((SOURCE / "src/plugins").rglob("*.[ch]")):
        for header in re.findall(r'#include ["<](.*/.*)[">]', path.read_text()):
            problems.append("%s includes %s" % (path.relative_to(SOURCE), header))
    return problems


def check_links():
    problems = []
    library = next((BUILD / "src/engine").glob("libdinoscope.so.*.*"), None)
    if library is None:
        return ["libdinoscope.so is missing"]
    for binary, banned in (
        (library, ("libgtk", "libadwaita", "libcairo", "libpango")),
        (BUILD / "src/cli/dinoscope-cli", ("libgtk", "libadwaita")),
        (BUILD / "src/dicom/dinoscope-dicom", ("libgtk", "libadwaita", "libglib", "libcurl", "libopenblas", "libdcmnet", "libdinoscope")),
        # Started for every picture, so what it links is waited for.
        (BUILD / "src/picture/dinoscope-picture", ("libg", "libadwaita", "libcurl", "libopenblas", "libcrypto", "libjansson", "libstdc++", "libdinoscope")),
    ):
        for name in needed(binary):
            if name.startswith(banned):
                problems.append("%s links %s" % (binary.name, name))
        for name in needed(binary):
            if binary.name != "dinoscope-cli" and name.startswith("libcurl"):
                problems.append("%s links libcurl, which is the command line's alone" % binary.name)
            if binary.name != "dinoscope-dicom" and name.startswith(("libdcm", "libofstd", "libopenjp2")):
                problems.append("%s links %s, which is the DICOM reader's alone" % (binary.name, name))
            if binary.parent.name not in ("dicom", "picture") and name.startswith("libseccomp"):
                problems.append("%s links %s, which is the readers' alone" % (binary.name, name))
    for viewer in (BUILD / "src/eog/libdinoscope-eog.so", BUILD / "src/gthumb/libdinoscope_overlay.so"):
        for name in needed(viewer) if viewer.exists() else ():
            if name.startswith(("libgtk-4", "libadwaita", "libdinoscope.", "libopenblas", "libjansson")):
                problems.append("%s links %s, which has no place in a viewer of GTK 3" % (viewer.relative_to(BUILD), name))
    for binary in (BUILD / "src/cli/dinoscope-cli", BUILD / "src/app/dinoscope"):
        if binary.exists() and binary.name != "dinoscope-cli" and any(name.startswith("libcurl") for name in needed(binary)):
            problems.append("%s links libcurl, which is the command line's alone" % binary.name)
        if binary.exists() and not any(name.startswith("libdinoscope") for name in needed(binary)):
            problems.append("%s does not use libdinoscope.so" % binary.name)
    return problems


def check_sizes():
    problems = []
    for path in sources(".c", ".h", ".cpp", ".py"):
        if "tables" in path.name:
            continue
        lines = len(path.read_text().splitlines())
        if lines > MAX_LINES:
            problems.append("%s has %d lines; split it by topic" % (path.relative_to(SOURCE), lines))
    return problems


def check_texts():
    problems = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(SOURCE)
        for number, line in enumerate(text.splitlines(), 1):
            if FORBIDDEN_TEXT.search(line) and name.name != "check.py":
                problems.append("%s:%d: a path of one machine" % (name, number))
            if path.suffix in (".c", ".h") and re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
                problems.append("%s:%d: unfinished" % (name, number))
            if name.name == "meson.build" and re.search(r"-ffast-math|-march=native|-Ofast", line):
                problems.append("%s:%d: a flag that changes results or breaks on other processors" % (name, number))
    return problems


def check_headers():
    return [
        "%s: no #pragma once" % path.relative_to(SOURCE)
        for path in sources(".h")
        if "#pragma once" not in path.read_text() and "inc" not in path.suffixes
    ]


def check_potfiles():
    listed = [
        line
        for line in (SOURCE / "po/POTFILES.in").read_text().split("\n")
        if line and not line.startswith("#")
    ]
    problems = [] if listed == sorted(listed) else ["po/POTFILES.in is not sorted"]
    with_texts = set()
    for path in sorted((SOURCE / "src").rglob("*.[ch]")):
        body = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        if re.search(r'\b(_|N_|C_|ngettext|dngettext|dgettext)\s*\((\s*DINO_GETTEXT_DOMAIN,)?\s*"', body):
            with_texts.add(str(path.relative_to(SOURCE)))
    for path in sorted((SOURCE / "ui").glob("*.ui")):
        if 'translatable="yes"' in path.read_text():
            with_texts.add(str(path.relative_to(SOURCE)))
    problems += ["po/POTFILES.in lacks " + name for name in sorted(with_texts - set(listed))]
    problems += ["po/POTFILES.in lists a file that is not there: " + n for n in listed if not (SOURCE / n).exists()]
    return problems


def run_tool(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    return [] if result.returncode == 0 else (result.stdout + result.stderr).strip().splitlines()


def check_desktop_files():
    problems = []
    for path in sorted((BUILD / "data").glob("*.desktop")):
        problems += run_tool("desktop-file-validate", str(path))
    for path in sorted((BUILD / "data").glob("*.metainfo.xml")):
        problems += run_tool("appstreamcli", "validate", "--no-net", str(path))
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((SOURCE / "data").glob("*.gschema.xml")) + sorted((BUILD / "data").glob("*.gschema.xml")):
            shutil.copy(path, folder)
        problems += run_tool("glib-compile-schemas", "--strict", "--dry-run", folder)
    return problems


def check_ui():
    problems = []
    for path in sorted((SOURCE / "ui").glob("*.ui")):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            problems.append("%s: %s" % (path.name, error))
    return problems


def check_links_of_documents():
    """Relative links of the Markdown files lead somewhere."""
    problems = []
    for path in tracked():
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            if not (path.parent / target).exists():
                problems.append("%s: %s is not there" % (path.relative_to(SOURCE), target))
    return problems


def check_pictures():
    """Each picture of README and manual has an entry in the script, and a page."""
    script = (SOURCE / "tools" / "make_screenshots.sh").read_text()
    entries = {folder + name for folder, name in re.findall(r'^(?:shoot|map|viewer) "\$(readme|manual)(/[\w-]+)"', script, re.MULTILINE)}
    folders = {"readme": SOURCE / "docs" / "screenshots", "manual": SOURCE / "docs" / "manual" / "pictures"}
    there = {folder + "/" + path.stem for folder, place in folders.items() for path in place.glob("*.png")}
    pages = [(path.parent, path.read_text()) for path in [SOURCE / "README.md", *(SOURCE / "docs" / "manual").glob("*.md")]]
    shown = {(parent / target).resolve() for parent, text in pages for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)}
    problems = ["%s: no entry in tools/make_screenshots.sh makes it" % name for name in sorted(there - entries)]
    problems += ["%s: tools/make_screenshots.sh makes it, but it is not there" % name for name in sorted(entries - there)]
    for name in sorted(there):
        folder, stem = name.split("/")
        if (folders[folder] / (stem + ".png")).resolve() not in shown:
            problems.append("%s: no page shows it" % name)
    return problems


def check_menus():
    """In a menu no two items have the same letter."""
    problems = []
    for path in sorted((SOURCE / "ui").glob("*.ui")):
        for menu in ElementTree.parse(path).iter():
            if menu.tag not in ("menu", "submenu"):
                continue
            items = menu.findall("item") + menu.findall("submenu") + menu.findall("section/item") + menu.findall("section/submenu")
            labels = [label.text for item in items for label in item.findall("attribute[@name='label']") if "_" in label.text]
            letters = [label[label.index("_") + 1].lower() for label in labels]
            twice = sorted({letter for letter in letters if letters.count(letter) > 1})
            problems += ["%s: %s has the letter %s twice" % (path.name, menu.get("id", "a submenu"), letter) for letter in twice]
    return problems


CHECKS = [
    ("every C file is as clang-format wants it", check_format),
    ("includes follow core <- io <- {engine, render} <- {cli, app, plug-ins}", check_includes),
    ("core and io call nothing that ends or speaks for the process", check_symbols),
    ("plug-ins use what is public of the library", check_plugins),
    ("programs and library link only what they may", check_links),
    ("no file has outgrown its topic", check_sizes),
    ("no path of one machine, nothing unfinished, no dangerous flag", check_texts),
    ("headers are included once", check_headers),
    ("po/POTFILES.in is complete", check_potfiles),
    ("desktop file, metainfo and schema are valid", check_desktop_files),
    ("templates are well-formed", check_ui),
    ("items of a menu have letters of their own", check_menus),
    ("documents link to files that are there", check_links_of_documents),
    ("the script makes every picture, and a page shows it", check_pictures),
]


def main():
    print("TAP version 13")
    print("1..%d" % len(CHECKS))
    failed = False
    for number, (title, function) in enumerate(CHECKS, 1):
        try:
            problems = function()
        except Skip as reason:
            print("ok %d - %s # SKIP %s" % (number, title, reason))
            continue
        failed = failed or bool(problems)
        print("%sok %d - %s" % ("not " if problems else "", number, title.replace("#", "")))
        for problem in problems[:40]:
            print("# " + problem)
    return 0 if not failed else 1


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C.UTF-8"
    sys.exit(main())
