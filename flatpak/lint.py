#!/usr/bin/env python3
"""lint.py MANIFEST BUILD-FOLDER: what was built keeps what the manifest promises.

Says what is wrong, a line each, and ends with 1 when something is. The rules
are those of Flathub that can be checked without it: permissions, the
application's id in all its places, desktop file, metainfo and icons.
"""

import configparser
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

SOCKETS = {"wayland", "fallback-x11"}
SHARED = {"ipc"}
DEVICES = {"dri"}
TAGS = ("id", "name", "summary", "description", "project_license", "metadata_license", "content_rating", "releases")


def words(section, key):
    return {word for word in section.get(key, "").split(";") if word}


def read_keys(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def check_permissions(metadata):
    """The sandbox is open where it was meant to be, and nowhere else."""
    context = metadata["Context"] if "Context" in metadata else {}
    for key, allowed in (("sockets", SOCKETS | {"x11"}), ("shared", SHARED), ("devices", DEVICES)):
        more = words(context, key) - allowed
        if more:
            yield f"metadata: {key}={';'.join(sorted(more))} was not meant to be open"
    for key in set(context) - {"sockets", "shared", "devices"}:
        yield f"metadata: {key}={context[key]} was not meant to be there"
    for section in ("Session Bus Policy", "System Bus Policy", "Environment"):
        if section in metadata:
            yield f"metadata: a section [{section}] was not meant to be there"


def check_desktop(files, app):
    path = os.path.join(files, "share/applications", app + ".desktop")
    if not os.path.exists(path):
        yield f"no {app}.desktop"
        return
    entry = read_keys(path)["Desktop Entry"]
    if entry.get("Icon") != app:
        yield f"desktop file: the icon is {entry.get('Icon')}, not {app}"
    if not entry.get("Categories"):
        yield "desktop file: no categories"
    program = entry.get("Exec", "").split(" ")[0]
    if not os.access(os.path.join(files, "bin", program), os.X_OK):
        yield f"desktop file: there is no program {program}"


def check_metainfo(files, app):
    # flatpak-builder 1.2 gives it the name of old.
    paths = (os.path.join(files, name) for name in (f"share/metainfo/{app}.metainfo.xml", f"share/appdata/{app}.appdata.xml"))
    path = next((path for path in paths if os.path.exists(path)), None)
    if path is None:
        yield f"no {app}.metainfo.xml"
        return
    root = ElementTree.parse(path).getroot()
    for tag in TAGS:
        if root.find(tag) is None:
            yield f"metainfo: no <{tag}>"
    if root.findtext("id") != app:
        yield f"metainfo: the id is {root.findtext('id')}, not {app}"
    if app + ".desktop" not in [element.text for element in root.findall("launchable[@type='desktop-id']")]:
        yield f"metainfo: <launchable> does not name {app}.desktop"


def check_icons(files, app):
    sizes = []
    for folder, _, names in os.walk(os.path.join(files, "share/icons/hicolor")):
        for name in names:
            size = os.path.relpath(folder, os.path.join(files, "share/icons/hicolor")).split(os.sep)[0]
            if name == app + ".svg":
                sizes.append(10000)
            elif name == app + ".png" and "x" in size:
                sizes.append(int(size.split("x")[0]))
    if max(sizes, default=0) < 128:
        yield "no icon of 128 pixels or more, or scalable"


def check_files(files):
    """What only a build needs, and what would not start."""
    for folder, folders, names in os.walk(files):
        if os.path.relpath(folder, files) == "lib":
            # Becomes an extension of its own.
            folders[:] = [name for name in folders if name != "debug"]
        for name in names:
            if name.endswith((".a", ".la", ".h", ".pc")):
                yield f"left over: {os.path.relpath(os.path.join(folder, name), files)}"
    for program in ("bin/dinoscope", "bin/dinoscope-cli", "libexec/dinoscope-dicom", "lib/dinoscope/helpers-0/dinoscope-picture"):
        if not os.access(os.path.join(files, program), os.X_OK):
            yield f"no {program}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        app = json.load(file)["app-id"]
    build = sys.argv[2]
    files = os.path.join(build, "files")
    metadata = read_keys(os.path.join(build, "metadata"))
    problems = list(check_permissions(metadata))
    if metadata["Application"]["name"] != app:
        problems.append(f"metadata: the name is {metadata['Application']['name']}, not {app}")
    for check in (check_desktop, check_metainfo, check_icons):
        problems += check(files, app)
    problems += check_files(files)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


sys.exit(main())
