"""flatpak.py SOURCE-ROOT: the Flatpak's manifest asks for no more than it may,
every archive in it is named by its hash, and flatpak/lint.py finds what is
wrong in a build. TAP."""

import json
import os
import re
import subprocess
import sys
import tempfile

APP = "io.github.dinoscope.Dinoscope"
FINISH_ARGS = {"--socket=wayland", "--socket=fallback-x11", "--share=ipc", "--device=dri"}
MODULES = ["openblas", "jansson", "libseccomp", "openjpeg", "dcmtk", "cmark", "dinoscope"]
# From meson.build; those that a module of the manifest does not bring are the runtime's.
BROUGHT = {"openblas": "openblas", "jansson": "jansson", "libseccomp": "libseccomp", "libopenjp2": "openjpeg", "libcmark": "cmark"}
RUNTIME = {
    "cairo", "cairo-pdf", "cairo-svg", "gio-2.0", "gio-unix-2.0", "glib-2.0", "gmodule-2.0", "gobject-2.0", "gtk4", "gtk4-x11",
    "libadwaita-1", "libarchive", "libcrypto", "libcurl", "libjpeg", "libpng", "pangocairo", "threads", "x11",
}
METADATA = """[Application]
name={app}
runtime=org.gnome.Platform/x86_64/48
command=dinoscope

[Context]
shared={shared}
sockets=x11;wayland;fallback-x11;
devices=dri;
{more}"""
DESKTOP = "[Desktop Entry]\nName=x\nExec=dinoscope %U\nIcon={icon}\nCategories=Science;\n"
METAINFO = """<component><id>{app}</id><name>x</name><summary>x</summary><description><p>x</p></description>
<project_license>MIT</project_license><metadata_license>CC0-1.0</metadata_license><content_rating type="oars-1.1"/>
<releases/><launchable type="desktop-id">{launchable}.desktop</launchable></component>"""


def read_manifest(root):
    with open(os.path.join(root, "flatpak", APP + ".json"), encoding="utf-8") as file:
        return json.load(file)


def check_permissions(root):
    manifest = read_manifest(root)
    if manifest["app-id"] != APP or manifest["command"] != "dinoscope":
        yield "another application or program"
    if set(manifest["finish-args"]) != FINISH_ARGS or len(manifest["finish-args"]) != len(FINISH_ARGS):
        yield f"finish-args are {manifest['finish-args']}"
    if manifest["runtime"] != "org.gnome.Platform" or manifest["sdk"] != "org.gnome.Sdk" or not re.fullmatch(r"\d+", manifest["runtime-version"]):
        yield "the runtime is not a release of GNOME's"
    for module in manifest["modules"]:
        arguments = module.get("build-options", {}).get("build-args", [])
        if arguments:
            yield f"{module['name']} is built with {arguments}"


def check_archives(root):
    manifest = read_manifest(root)
    names = [module["name"] for module in manifest["modules"]]
    if names != MODULES:
        yield f"the modules are {names}"
    for module in manifest["modules"]:
        for source in module["sources"]:
            if source["type"] == "dir":
                if module["name"] != "dinoscope" or source["path"] != "..":
                    yield f"{module['name']} is built from the folder {source['path']}"
            elif source["type"] != "archive" or not source["url"].startswith("https://"):
                yield f"{module['name']} is no archive from an https address"
            elif not re.fullmatch("[0-9a-f]{64}", source.get("sha256", "")):
                yield f"{module['name']} has no sha256"
    with open(os.path.join(root, "flatpak", "README.md"), encoding="utf-8") as file:
        text = file.read()
    for module in manifest["modules"]:
        for source in module["sources"]:
            if source["type"] == "archive" and source["sha256"] not in text:
                yield f"README.md does not say where {module['name']}'s hash comes from"


def dependencies(path, disabled):
    """Names of the libraries that a build file looks for, but for those of options that are disabled."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            option = re.search(r"get_option\('([^']+)'\)", line)
            if not option or option[1] not in disabled:
                yield from re.findall(r"\bdependency\('([^']+)'", line)


def check_dependencies(root):
    """Whoever adds a library thinks of the Flatpak."""
    options = [option for module in read_manifest(root)["modules"] for option in module.get("config-opts", []) if module["name"] == "dinoscope"]
    disabled = {match[1] for match in map(re.compile("-D(.+)=disabled").fullmatch, options) if match}
    wanted = set(dependencies(os.path.join(root, "meson.build"), disabled))
    for folder, _, names in os.walk(os.path.join(root, "src")):
        if "meson.build" in names and os.path.basename(folder) not in disabled:
            wanted |= set(dependencies(os.path.join(folder, "meson.build"), disabled))
    for name in sorted(wanted - RUNTIME - set(BROUGHT)):
        yield f"{name} is neither the runtime's nor a module"
    for module in sorted(set(BROUGHT.values()) - set(MODULES)):
        yield f"{module} is no module"


def lint(root, shared="ipc;", more="", icon=APP, launchable=APP, leave_out=()):
    """What lint.py says of a build that is right but for the arguments."""
    files = {
        "metadata": METADATA.format(app=APP, shared=shared, more=more),
        f"files/share/applications/{APP}.desktop": DESKTOP.format(icon=icon),
        f"files/share/metainfo/{APP}.metainfo.xml": METAINFO.format(app=APP, launchable=launchable),
        f"files/share/icons/hicolor/scalable/apps/{APP}.svg": "<svg/>",
        "files/bin/dinoscope": "",
        "files/bin/dinoscope-cli": "",
        "files/libexec/dinoscope-dicom": "",
        "files/lib/dinoscope/helpers-0/dinoscope-picture": "",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            if name in leave_out:
                continue
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o755)
        command = [sys.executable, os.path.join(root, "flatpak", "lint.py"), os.path.join(root, "flatpak", APP + ".json"), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


def check_lint(root):
    icon = f"files/share/icons/hicolor/scalable/apps/{APP}.svg"
    if lint(root) != (0, ""):
        yield f"a right build is refused: {lint(root)}"
    for arguments, word in (
        ({"shared": "ipc;network;"}, "network"),
        ({"more": "filesystems=home;\n"}, "filesystems"),
        ({"more": "\n[Session Bus Policy]\norg.x=talk\n"}, "Session Bus Policy"),
        ({"icon": "dinoscope"}, "icon"),
        ({"launchable": "dinoscope"}, "launchable"),
        ({"leave_out": (icon,)}, "icon"),
        ({"leave_out": ("files/libexec/dinoscope-dicom",)}, "dinoscope-dicom"),
        ({"leave_out": ("files/lib/dinoscope/helpers-0/dinoscope-picture",)}, "dinoscope-picture"),
    ):
        status, text = lint(root, **arguments)
        if status != 1 or word not in text:
            yield f"{arguments} gives {status}, {text!r}"


def main():
    checks = (check_permissions, check_archives, check_dependencies, check_lint)
    print(f"1..{len(checks)}")
    failed = False
    for number, check in enumerate(checks, 1):
        problems = list(check(sys.argv[1]))
        failed = failed or bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {check.__name__.replace('check_', '')}")
        for problem in problems:
            print(f"# {problem}")
    return 1 if failed else 0


sys.exit(main())
