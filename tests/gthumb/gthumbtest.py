"""A real gThumb with our extension and the driver in it."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "viewer"))
from viewertest import Viewer, environment  # noqa: E402

SETTINGS = """[org/gnome/gthumb/general]
active-extensions=['gthumb_driver', 'dinoscope_overlay']

[org/gnome/gthumb/browser]
viewer-sidebar='properties'
thumbnail-list-visible=false
maximized=false
startup-location='file://%s'
sidebar-sections=['GthFileProperties:collapsed', 'GthImageHistogram:collapsed', 'GthFileComment:collapsed', 'GthFileDetails:collapsed']

[org/gnome/gthumb/image-viewer]
zoom-change='actual-size'
"""
DRIVER = "[Extension]\nName=Driver\n\n[Loader]\nType=module\nAPI=3.12\n"
# What it cannot do without.
SYSTEMS = ("file_viewer", "jpeg_utils", "cairo_io", "image_viewer", "file_tools")


def extensions_dir():
    return Path(subprocess.run(["pkg-config", "--variable=extensionsdir", "gthumb"], capture_output=True, text=True, check=True).stdout.strip())


class Gthumb(Viewer):
    """files: what is opened, of one folder. cli: what the extension starts."""

    def __init__(self, extension, driver, cli, files, scale=1, prefix=()):
        super().__init__("gthumb")
        extensions = self.root / "extensions"
        extensions.mkdir()
        for name in SYSTEMS:
            for file in ("lib%s.so" % name, name + ".extension"):
                os.symlink(extensions_dir() / file, extensions / file)
        shutil.copy(extension, extensions)
        shutil.copy(Path(extension).with_name("dinoscope_overlay.extension"), extensions)
        # Not copied: it is loaded before everything else, too, and once.
        os.symlink(driver, extensions / "libgthumb_driver.so")
        (extensions / "gthumb_driver.extension").write_text(DRIVER)
        pictures = self.root / "pictures"
        pictures.mkdir()
        self.pictures = [pictures / Path(file).name for file in files]
        for file in files:
            shutil.copy(file, pictures)
        settings = self.root / "config/glib-2.0/settings"
        settings.mkdir(parents=True)
        (settings / "keyfile").write_text(SETTINGS % pictures)
        names = environment(self.root, scale)
        names.update(DINOSCOPE_CLI=str(cli), DINOSCOPE_GTHUMB_DRIVER=self.address, DINOSCOPE_GTHUMB_EXTENSIONS=str(extensions), LD_PRELOAD=str(driver))
        self.process = subprocess.Popen([*prefix, "gthumb", "--new-window", str(self.pictures[0])], env=names, stdout=self.log, stderr=subprocess.STDOUT)

    def connect(self):
        super().connect()
        # Under the pointer gThumb shows an overview.
        subprocess.run(["xdotool", "mousemove", "2", "2"], check=True)
        self.do("properties")
        self.wait("the section", lambda: self.state()["page"] == "1")

    def encode(self):
        self.do("click", "dinoscope-encode")
        self.wait("the map's controls", lambda: self.state()["controls"] == "1")
