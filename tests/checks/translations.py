#!/usr/bin/env python3
"""Checks of the translations, as TAP: every language has every text.
Usage: translations.py SOURCE_ROOT"""
import gettext
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SOURCE = Path(sys.argv[1])
LANGUAGES = ["de", "es", "fr", "zh_CN"]

# As meson's preset "glib" has them.
XGETTEXT = ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
            "--keyword=g_dcgettext:2", "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3",
            "--flag=g_strdup_printf:1:c-format", "--flag=g_string_printf:2:c-format",
            "--flag=g_string_append_printf:2:c-format", "--flag=g_set_error:4:c-format"]


def run(*command):
    return subprocess.run(command, cwd=SOURCE, capture_output=True, text=True)


def template(folder):
    path = Path(folder) / "template.pot"
    result = run(*XGETTEXT, "--directory=.", "--files-from=po/POTFILES.in", "--output=" + str(path))
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    return path


def languages():
    lines = (SOURCE / "po/LINGUAS").read_text().split("\n")
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def texts(messages):
    """The msgids of what a gettext tool printed, the header's left out."""
    joined = re.sub(r'"\n"', "", messages)
    return [text for text in re.findall(r'^msgid "(.*)"$', joined, re.MULTILINE) if text]


def check_languages(_):
    return [] if languages() == LANGUAGES else ["po/LINGUAS lists %s" % ", ".join(languages())]


def check_macros(_):
    """gettext sees "%" G_GUINT64_FORMAT as a text that ends there; the program looks for another one."""
    problems = []
    for path in sorted((SOURCE / "src").rglob("*.c")):
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if re.search(r'\b(_|ngettext) \("[^"]*" (G_[A-Z0-9_]+|PRI[a-zA-Z0-9]+)', line):
                problems.append("%s:%d" % (path.relative_to(SOURCE), number))
    return problems


def check_complete(pot):
    problems = []
    for language in languages():
        merged = run("msgmerge", "--quiet", "--no-fuzzy-matching", "--output-file=-", "po/%s.po" % language, str(pot))
        if merged.returncode != 0:
            problems.append(merged.stderr)
            continue
        for kind in ("--untranslated", "--only-fuzzy"):
            left = subprocess.run(["msgattrib", "--no-obsolete", kind, "-"], input=merged.stdout, capture_output=True, text=True)
            problems += ["%s, %s: %s" % (language, kind[2:], text) for text in texts(left.stdout)]
    return problems


def check_formats(_):
    problems = []
    for language in languages():
        result = run("msgfmt", "--check-format", "--check-domain", "--output-file=/dev/null", "po/%s.po" % language)
        problems += [line for line in result.stderr.split("\n") if line and "warning" not in line]
    return problems


def check_honest(_):
    """Nobody who speaks the language from childhood has read them."""
    return ["po/%s.po does not say whether it was reviewed" % language for language in languages()
            if "eviewed by" not in (SOURCE / ("po/%s.po" % language)).read_text()[:1500]]


def attribute(element, kind, name):
    return next((child.text for child in element if child.tag == kind and child.get("name") == name), None)


def menus_below(element):
    """Every menu and submenu as a list of (label, action); sections are part of the menu that they are in."""
    menus = []

    def entries(parent):
        found = []
        for child in parent:
            if child.tag == "section":
                found += entries(child)
            elif child.tag in ("item", "submenu"):
                found.append((attribute(child, "attribute", "label"), attribute(child, "attribute", "action")))
                if child.tag == "submenu":
                    menus.append(entries(child))
        return found

    menus.append(entries(element))
    return menus


def labels_of_widgets(root):
    """(label, action) of the widgets of one template that an Alt key reaches."""
    found = []
    for widget in root.iter("object"):
        if attribute(widget, "property", "use-underline"):
            label = attribute(widget, "property", "label") or attribute(widget, "property", "title")
            found.append((label, attribute(widget, "property", "action-name")))
    return found


def labels_of_rows(name):
    """The titles of a table from which the class of a template makes its rows."""
    path = SOURCE / ("src/app/%s.c" % name)
    text = path.read_text() if path.exists() else ""
    return [(title, None) for title in re.findall(r'N_ \("([^"]*_[^"]*)"\)', text)]


def groups_of_letters():
    """What is reached by letters at the same time: (where, [(msgid, action)])."""
    groups = []
    for path in sorted((SOURCE / "ui").glob("*.ui")):
        root = ElementTree.parse(path).getroot()
        groups += [(path.name, entries) for menu in root.iter("menu") for entries in menus_below(menu)]
        groups.append((path.name, labels_of_widgets(root) + labels_of_rows(path.stem)))
    return groups


def letter(label):
    match = re.search(r"_(\w)", label.replace("__", ""))
    return match.group(1).casefold() if match else None


def clashes(entries, translate):
    """Pairs of labels of one letter. Two that do the same may share it."""
    found = []
    seen = {}
    for text, action in entries:
        label = translate(text)
        key = letter(label)
        if key is None:
            continue
        if key in seen and (action is None or action != seen[key][1]):
            found.append((seen[key][0], label))
        seen.setdefault(key, (label, action))
    return found


def check_letters(_):
    groups = groups_of_letters()
    problems = [] if sum(len(entries) for _, entries in groups) > 100 else ["there are too few labels to be true"]
    translations = {"en": str}
    with tempfile.TemporaryDirectory() as folder:
        for language in languages():
            catalogue = Path(folder) / language
            run("msgfmt", "--output-file=" + str(catalogue), "po/%s.po" % language)
            with open(catalogue, "rb") as file:
                translations[language] = gettext.GNUTranslations(file).gettext
    for language, translate in translations.items():
        for name, entries in groups:
            problems += ["%s, %s: “%s” and “%s”" % (language, name, *pair) for pair in clashes(entries, translate)]
    return problems


CHECKS = [
    ("the languages are those that are kept complete", check_languages),
    ("no text to be translated is put together of macros", check_macros),
    ("every text is translated", check_complete),
    ("placeholders fit", check_formats),
    ("no letter of a menu or window leads to two things", check_letters),
    ("it is said whether somebody reviewed them", check_honest),
]


def main():
    failed = False
    print("TAP version 13\n1..%d" % len(CHECKS))
    with tempfile.TemporaryDirectory() as folder:
        pot = template(folder)
        for number, (name, check) in enumerate(CHECKS, 1):
            problems = check(pot)
            failed = failed or bool(problems)
            print("%s %d - %s" % ("not ok" if problems else "ok", number, name))
            for problem in problems[:40]:
                print("# " + problem.replace("\n", "\n# "))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
