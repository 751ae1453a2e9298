"""The example built as others build it: from a copy, with installed headers and
pkg-config alone, then loaded. test-plugin-outside.py CLI SOURCES BUILD [WINDOW-TEST]"""
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

import support
from support import TINY, WATCHDOG

SOURCES, BUILD = Path(sys.argv[2]), sys.argv[3]
OVERVIEW = SOURCES.parent.parent / "docs" / "reference" / "overview.md"
WINDOW_TEST = sys.argv[4] if len(sys.argv) > 4 else None


def command(*words, **options):
    result = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=WATCHDOG, **options)
    assert result.returncode == 0, "%s\n%s%s" % (words, result.stdout, result.stderr)
    return result.stdout

VERSION_C = r'''
#include <dinoscope.h>

#if !DINOSCOPE_CHECK_VERSION (DINOSCOPE_MAJOR_VERSION, DINOSCOPE_MINOR_VERSION, DINOSCOPE_MICRO_VERSION) \
  || DINOSCOPE_CHECK_VERSION (DINOSCOPE_MAJOR_VERSION, DINOSCOPE_MINOR_VERSION, DINOSCOPE_MICRO_VERSION + 1) \
  || DINOSCOPE_CHECK_VERSION (DINOSCOPE_MAJOR_VERSION, DINOSCOPE_MINOR_VERSION + 1, 0) \
  || DINOSCOPE_CHECK_VERSION (DINOSCOPE_MAJOR_VERSION + 1, 0, 0) \
  || (DINOSCOPE_MINOR_VERSION > 0 && !DINOSCOPE_CHECK_VERSION (DINOSCOPE_MAJOR_VERSION, DINOSCOPE_MINOR_VERSION - 1, 99))
#error "versions are compared wrongly"
#endif

int
main (void)
{
  g_print ("%d.%d.%d %u.%u.%u\n", DINOSCOPE_MAJOR_VERSION, DINOSCOPE_MINOR_VERSION, DINOSCOPE_MICRO_VERSION,
           dinoscope_get_major_version (), dinoscope_get_minor_version (), dinoscope_get_micro_version ());
  return 0;
}
'''


class Outside(support.TestCase):
    def install(self):
        """Installs into an empty folder; the .pc file is moved with it. Returns that file's path."""
        command("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", self.path("root"), env={**os.environ, "DESTDIR": ""})
        (pc,) = Path(self.path("root")).rglob("dinoscope-1.pc")
        text = pc.read_text()
        (prefix,) = re.findall(r"(?m)^prefix=(.*)$", text)
        pc.write_text(text.replace("prefix=" + prefix, "prefix=%s%s" % (self.path("root"), prefix), 1))
        return pc

    def build(self, name, sources, pc):
        """One compiler call in a folder that has nothing else."""
        folder = Path(self.path("outside"))
        folder.mkdir(exist_ok=True)
        for source in sources:
            shutil.copy(source, folder)
        environment = {**os.environ, "PKG_CONFIG_PATH": str(pc.parent)}
        flags = command("pkg-config", "--cflags", "--libs", "dinoscope-1", env=environment).split()
        files = [source.name for source in sources if source.suffix == ".c"]
        command("cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden",
                "-o", name + ".so", *files, *flags, "-lm", cwd=folder)
        return folder, environment

    def test_build_and_load(self):
        pc = self.install()
        headers = sorted(Path(self.path("root")).rglob("dinoscope-1/*.h"))
        self.assertGreater(len(headers), 8)
        for header in headers:
            for included in re.findall(r'#include "(.*)"', re.sub(r"(?s)#ifdef DINOSCOPE_INTERNAL.*?#endif", "", header.read_text())):
                self.assertIn(header.parent / included, headers)
        folder, environment = self.build("example", [SOURCES / "example/example-overlay.c"], pc)
        self.build("linear-probe", sorted((SOURCES / "linear-probe").glob("*.[ch]")), pc)
        self.assertTrue(command("pkg-config", "--variable=pluginsdir", "dinoscope-1", env=environment).strip().endswith("dinoscope/plugins-1"))

        # The installed command line with the installed library.
        (cli,) = Path(self.path("root")).rglob("bin/dinoscope-cli")
        loads = {"DINOSCOPE_PLUGINS": "", "DINOSCOPE_PLUGIN_PATH": str(folder), "LD_LIBRARY_PATH": str(pc.parent.parent)}
        film = self.film()
        for reach in (1, 3):
            command(cli, "map", film, "--model", TINY, "--overlay", "example", "--set", "reach=%d" % reach, "--npy", self.path("%d.npy" % reach), env={**os.environ, **loads})
        self.assertFalse(np.array_equal(np.load(self.path("1.npy")), np.load(self.path("3.npy"))))
        self.assertIn("linear-probe", command(cli, "map", "--list", "--model", TINY, env={**os.environ, **loads}))

        if WINDOW_TEST is not None:
            del loads["LD_LIBRARY_PATH"]
            said = command(WINDOW_TEST, "-p", "/window-plugins/example", env={**os.environ, **loads})
            if "# SKIP" in said:
                raise unittest.SkipTest("no display")
            self.assertIn("ok 1 /window-plugins/example", said)

    def test_version(self):
        pc = self.install()
        source = Path(self.path("version.c"))
        source.write_text(VERSION_C)
        environment = {**os.environ, "PKG_CONFIG_PATH": str(pc.parent)}
        flags = command("pkg-config", "--cflags", "--libs", "dinoscope-1", env=environment).split()
        command("cc", "-Wall", "-Werror", "-o", self.path("version"), source, *flags)
        version = command("pkg-config", "--modversion", "dinoscope-1", env=environment).strip()
        # A library with AddressSanitizer may come into a program without.
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        said = command(self.path("version"), env={**os.environ, "LD_LIBRARY_PATH": str(pc.parent.parent), "ASAN_OPTIONS": sanitizer})
        self.assertEqual(said.split(), [version, version])
        self.assertEqual(command(sys.argv[1], "--version").split()[2], version)

        # What the reference begins with can be built, too.
        (snippet,) = re.findall(r"```c\n(.*?)```", OVERVIEW.read_text(), re.S)
        source.write_text("#include <dinoscope.h>\n\nint\nmain (void)\n{\n  g_autoptr (GError) error = NULL;\n" + snippet + "  return tokens == NULL;\n}\n")
        command("cc", "-Wall", "-Wextra", "-Werror", "-o", self.path("overview"), source, *flags)

        # soname and file are of the same version.
        (library,) = [path for path in pc.parent.parent.glob("libdinoscope.so.*") if not path.is_symlink()]
        self.assertEqual(library.name, "libdinoscope.so." + version)
        self.assertIn("[libdinoscope.so.%s]" % version.split(".")[0], command("readelf", "-d", library))


if __name__ == "__main__":
    support.main()
