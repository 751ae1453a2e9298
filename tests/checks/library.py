"""library.py SOURCE-ROOT BUILD-ROOT: what libdinoscope.so exports to everybody is
what its list says, and what the headers that are installed declare; nothing of
the last release's is gone or another thing. TAP."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

PUBLIC = "DINOSCOPE_1"
# What modules have compiled in, and no exported function names.
FIXED = {
    "(offsetof (DinoscopeOverlayProviderInterface, %s) - sizeof (GTypeInterface)) / sizeof (gpointer)": ["get_id", "get_title", "list_parameters", "get_needs", "compute"],
    "DINOSCOPE_ERROR_%s": ["FAILED", "PICTURE", "MODEL", "MEMORY", "PARAMETER", "OVERLAY", "WRITE"],
    "DINOSCOPE_PARAMETER_%s": ["BOOL", "INT", "DOUBLE", "ENUM", "PATCH", "PATCHES", "FILE"],
    "DINOSCOPE_PLUGIN_%s": ["IN_USE", "REFUSED", "OFF", "LEFT_BEHIND"],
    "DINOSCOPE_PLUGIN_API_VERSION - %s": ["1"],
    "DINOSCOPE_PRECISION_%s": ["FP32", "BF16", "INT8"],
    "DINOSCOPE_KEEP_%s": ["OUTPUT", "HIDDEN_STATES", "CLS_ATTENTION"],
    "DINOSCOPE_FIT_%s": ["CROP", "PAD", "WHOLE"],
    "DINOSCOPE_MODEL_GREYS_%s": ["MINMAX", "WINDOW", "PERCENTILE", "BSPLINE"],
    "DINOSCOPE_INVERT_%s": ["AUTO", "YES", "NO"],
    "DINOSCOPE_SMOOTH_%s": ["CELLS", "BILINEAR", "GUIDED"],
    "DINOSCOPE_FACET_%s": ["QUERY", "KEY", "VALUE"],
    "DINOSCOPE_DIRECTION_%s": ["QUERY", "KEY"],
}


class Skip(Exception):
    """The check cannot be made here; says why."""


def library(build):
    return os.path.join(build, "src", "engine", "libdinoscope.so")


def exported(build):
    """The symbols of the library by the name of their version."""
    listing = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library(build)], capture_output=True, text=True, check=True).stdout
    symbols = {}
    for line in listing.splitlines():
        kind, name = line.split()[-2:]
        name, _, version = name.partition("@@")
        if kind != "A":
            symbols.setdefault(version, set()).add(name)
    return symbols


def listed(root):
    with open(os.path.join(root, "src", "engine", "libdinoscope.symbols"), encoding="utf-8") as file:
        return file.read().splitlines()


def installed_headers(build):
    """As they lie before they are installed."""
    with open(os.path.join(build, "meson-info", "intro-installed.json"), encoding="utf-8") as file:
        places = json.load(file)
    return sorted(source for source, target in places.items() if "/include/dinoscope-1/" in target)


def compiler(headers, *options):
    """A call that compiles standard input, which is to include the headers as who has GLib alone does."""
    flags = subprocess.run(["pkg-config", "--cflags", "gio-2.0"], capture_output=True, text=True, check=True).stdout.split()
    folders = ["-I" + folder for folder in sorted(set(map(os.path.dirname, headers)))]
    return ["cc", *options, "-xc", *flags, *folders, "-"], "".join(f'#include "{header}"\n' for header in headers)


def declared(headers):
    """The functions that the headers declare."""
    command, text = compiler(headers, "-E", "-P")
    text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\b(dinoscope_\w+) \(", text))


def check_list(root, build):
    names, symbols = listed(root), exported(build)
    if names != sorted(set(names)):
        yield "libdinoscope.symbols is not sorted"
    for name in sorted(set(names) - symbols.get(PUBLIC, set())):
        yield f"{name} is listed and not exported"
    for name in sorted(symbols.get(PUBLIC, set()) - set(names)):
        yield f"{name} is exported and not listed"


def check_versions(root, build):
    """All else is marked as private to this very version."""
    for version, names in exported(build).items():
        if version != PUBLIC and not version.startswith("DINOSCOPE_PRIVATE_"):
            yield f"{', '.join(sorted(names))} with the version {version!r}"


def check_headers(root, build):
    headers = installed_headers(build)
    if len(headers) < 10:
        yield f"only {len(headers)} headers are installed"
    names, functions = set(listed(root)), declared(headers)
    for name in sorted(functions - names):
        yield f"{name} is declared in an installed header and not listed"
    for name in sorted(names - functions):
        yield f"{name} is listed and in no installed header"


def check_fixed(root, build):
    command, text = compiler(installed_headers(build), "-fsyntax-only")
    for pattern, names in FIXED.items():
        for number, name in enumerate(names):
            what = pattern % name
            text += f'_Static_assert ({what} == {number}, "{what} is not {number}");\n'
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    yield from (line for line in result.stderr.splitlines() if "error:" in line)


def gir(build):
    """What other languages see; fails the check where it was not built."""
    path = os.path.join(build, "src", "engine", "Dinoscope-1.gir")
    if not os.path.exists(path):
        raise Skip("Dinoscope-1.gir was not built (-Dintrospection=)")
    return ElementTree.parse(path).getroot().find(CORE + "namespace")


CORE, C = "{http://www.gtk.org/introspection/core/1.0}", "{http://www.gtk.org/introspection/c/1.0}"
CALLABLE = {CORE + kind for kind in ("function", "method", "constructor", "callback", "function-macro")}
DESCRIBED = CALLABLE | {CORE + kind for kind in ("class", "interface", "enumeration", "bitfield", "member", "field", "property", "constant")}
# What every asynchronous function has, and what needs no words.
PLAIN = {"cancellable", "user_data", "result", "error", "parent_class"}


def undocumented(element, path=""):
    """Names of what has no description, parameters and results included."""
    name = path + "." + element.get("name") if path else element.get("name") or ""
    is_virtual = element.tag == CORE + "field" and element.find(CORE + "callback") is not None
    if element.tag in DESCRIBED and not is_virtual and element.get("name") not in PLAIN and element.find(CORE + "doc") is None:
        yield name
    if element.tag in CALLABLE - {CORE + "function-macro"}:
        result = element.find(CORE + "return-value")
        if result.find(CORE + "doc") is None and result.find(CORE + "type[@name='none']") is None:
            yield name + " (what it returns)"
    for parameter in element.iterfind(f"{CORE}parameters/{CORE}parameter"):
        if parameter.find(CORE + "doc") is None and parameter.get("name") not in PLAIN:
            yield f"{name} ({parameter.get('name')})"
    for child in element if element.tag != CORE + "field" else ():
        if child.tag != CORE + "virtual-method" and not child.get("name", "_").startswith("_"):
            yield from undocumented(child, name)


def check_documented(root, build):
    """Every public symbol has a comment, and other languages see it."""
    names = {name for name in listed(root) if not name.endswith("_get_type")}
    seen = {element.get(C + "identifier") for element in gir(build).iter() if element.tag in CALLABLE}
    yield from (f"{name} is not in Dinoscope-1.gir" for name in sorted(names - seen))
    yield from (f"{name} has no description" for name in undocumented(gir(build)))
    hidden = [element.get(C + "identifier") for element in gir(build).iter() if element.get("introspectable") == "0" and element.tag in CALLABLE - {CORE + "function-macro"}]
    yield from (f"{name} cannot be called from other languages" for name in hidden if name != "dinoscope_tensor_file_read")


def check_release(root, build):
    """What was added since is no matter."""
    if not shutil.which("abidw") or not shutil.which("abidiff"):
        raise Skip("abidw and abidiff are not there (abigail-tools)")
    if platform.machine() != "x86_64":
        raise Skip("the last release was described on x86_64")
    if ".debug_info" not in subprocess.run(["readelf", "-SW", library(build)], capture_output=True, text=True, check=True).stdout:
        raise Skip("the library has no debug information")
    with tempfile.TemporaryDirectory() as folder:
        now = os.path.join(folder, "now.abi")
        subprocess.run([sys.executable, os.path.join(root, "tools", "make_abi_dump.py"), build, now], check=True)
        last = os.path.join(root, "docs", "abi", "libdinoscope-1.abi")
        result = subprocess.run(["abidiff", "--no-added-syms", last, now], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        yield from [f"abidiff ends with {result.returncode}", *(result.stdout + result.stderr).splitlines()]


def main():
    checks = (check_list, check_versions, check_headers, check_fixed, check_documented, check_release)
    print(f"1..{len(checks)}")
    failed = False
    for number, check in enumerate(checks, 1):
        title = check.__name__.replace("check_", "")
        try:
            problems = list(check(*sys.argv[1:3]))
        except Skip as reason:
            print(f"ok {number} - {title} # SKIP {reason}")
            continue
        failed = failed or bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {title}")
        for problem in problems:
            print(f"# {problem}")
    return 1 if failed else 0


sys.exit(main())
