#!/usr/bin/env python3
"""The window as a screen reader has it: everything that can be used has a name,
the picture says what is seen, and what is done through the accessibility bus
and by real keys arrives. Usage: test-atspi.py APP PICTURE"""
import os
import subprocess
import sys
import tempfile
import time
import unittest

# Warnings are fatal in tests; those of the accessibility bus, which is being
# started beside the program, are not ours.
os.environ.pop("G_DEBUG", None)

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
except (ImportError, ValueError):
    print("1..0 # SKIP the accessibility bus cannot be asked: gir1.2-atspi-2.0 is not there")
    sys.exit(0)

APP, PICTURE = (os.path.abspath(argument) for argument in sys.argv[1:3])
# Generous: only a hanging program takes so long.
PATIENCE = 300

# What a person can use, and what therefore needs a name: GTK tells the name of
# the class where there is none. What libadwaita makes inside of its own rows
# (the switch of an expander, the button of a drop-down) is named by the row.
USABLE = {
    Atspi.Role.PUSH_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON, Atspi.Role.COMBO_BOX,
    Atspi.Role.SLIDER, Atspi.Role.SPIN_BUTTON, Atspi.Role.ENTRY, Atspi.Role.MENU_ITEM,
}
INSIDE_ROWS = {"GtkSwitch", "GtkToggleButton", "GtkImage"}


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def walk(node, path=()):
    yield node, path
    for child in children(node):
        yield from walk(child, path + (child.get_role_name(),))


def is_shown(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.SHOWING) or states.contains(Atspi.StateType.VISIBLE)


class Window(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        environment = {**os.environ, "GTK_A11Y": "atspi", "HOME": cls.folder.name, "DINOSCOPE_NON_UNIQUE": "1"}
        cls.output = open(os.path.join(cls.folder.name, "output.txt"), "w+")
        cls.process = subprocess.Popen([APP, PICTURE], env=environment, stdout=cls.output, stderr=subprocess.STDOUT)
        cls.wait("the window", lambda: cls.application() is not None)
        cls.wait("the map", lambda: "Map:" in cls.description())

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait()
        cls.output.close()
        cls.folder.cleanup()

    @classmethod
    def wait(cls, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            if cls.process.poll() is not None or time.monotonic() > end:
                cls.output.seek(0)
                raise AssertionError("no sign of %s; %s; the program (%s) said: %s" % (what, cls.description(), cls.process.poll(), cls.output.read()))
            time.sleep(0.2)

    @classmethod
    def application(cls):
        for application in children(Atspi.get_desktop(0)):
            if application.get_process_id() == cls.process.pid and application.get_child_count() > 0:
                return application
        return None

    @classmethod
    def canvas(cls):
        """The picture: the image that has a description."""
        application = cls.application()
        for node, _ in walk(application) if application is not None else ():
            if node.get_role() == Atspi.Role.IMAGE and "Zoom" in (node.get_description() or ""):
                return node
        return None

    @classmethod
    def description(cls):
        canvas = cls.canvas()
        return canvas.get_description() if canvas is not None else ""

    def named(self, role, name):
        found = [node for node, _ in walk(self.application()) if node.get_role() == role and node.get_name() == name]
        self.assertTrue(found, "there is no %s called “%s”" % (role.value_nick, name))
        return found[0]

    def key(self, *keys):
        window = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)], capture_output=True, text=True).stdout.split()[-1]
        subprocess.run(["xdotool", "windowfocus", "--sync", window], check=True)
        subprocess.run(["xdotool", "key", "--delay", "60", *keys], check=True)

    def test_everything_has_a_name(self):
        nameless = []
        for node, path in walk(self.application()):
            if node.get_role() not in USABLE or not is_shown(node):
                continue
            name = node.get_name() or ""
            if name.startswith(("Gtk", "Adw", "Dinoscope", "dinoscope")) and name not in INSIDE_ROWS and not node.get_description():
                nameless.append("%s in %s" % (name, " > ".join(path[-6:])))
            elif not name:
                nameless.append("%s in %s" % (node.get_role_name(), " > ".join(path[-6:])))
        self.assertEqual(nameless, [])

    def test_picture_says_what_is_seen(self):
        self.assertEqual(self.canvas().get_name(), os.path.basename(PICTURE))
        description = self.description()
        self.assertIn("Zoom", description)
        self.assertIn("PC1", description)

    def test_map_button(self):
        button = self.named(Atspi.Role.PUSH_BUTTON, "Map")
        button.get_action_iface().do_action(0)
        self.wait("a picture without map", lambda: "No map." in self.description())
        button.get_action_iface().do_action(0)
        self.wait("the map", lambda: "Map:" in self.description())

    def test_slider(self):
        """The block, as a screen reader's user sets it."""
        slider = self.named(Atspi.Role.SLIDER, "Block Block")
        value = slider.get_value_iface()
        last = value.get_maximum_value()
        value.set_current_value(1)
        self.wait("block 1", lambda: "block 1" in self.description())
        value.set_current_value(last)
        self.wait("the last block", lambda: "block %d" % last in self.description())

    def test_keys(self):
        self.key("Down", "Right")
        self.wait("the patch cursor", lambda: "Selected patch: row" in self.description())
        before = self.description().split("Selected patch:")[1]
        self.key("Right")
        self.wait("another patch", lambda: self.description().split("Selected patch:")[1] != before)
        self.key("o")
        self.wait("a picture without map", lambda: "No map." in self.description())
        self.key("ctrl+z")
        self.wait("the map", lambda: "Map:" in self.description())


def main():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Window)
    print("1..%d" % suite.countTestCases(), flush=True)
    result = unittest.TestResult()
    cases = list(suite)
    unittest.TestSuite(cases).run(result)
    failed = {case.id(): text for case, text in result.failures + result.errors if hasattr(case, "id")}
    for number, case in enumerate(cases, 1):
        bad = case.id() in failed or (failed and any("setUpClass" in name for name in failed))
        print("%sok %d - %s" % ("not " if bad else "", number, case.id().split(".")[-1]))
    for text in failed.values():
        print("\n".join("# " + line for line in text.splitlines()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
